import Commitments
import Evidence
import Foundation
import Keys
import Primitives
import Simulation

/// How many times a second one core verifies and appraises a report, and signs the result for other programs, as one
/// JSON object on standard output.
///
/// The platform is simulated, with keys of AMD's kinds and sizes (RSA-4096 and P-384), so the verifier does what it
/// does for real evidence: three RSASSA-PSS signatures with the list, one ECDSA signature, every row of the report.
@main
struct EvidenceBenchmark {
    static func main() throws {
        let keys = try SimulationKeys()
        let chip = SimulatedChip(.genoa, keys: keys)
        guard let start = Timestamp("2026-01-01"), let now = Timestamp("2026-06-01"), let end = Timestamp("2027-01-01")
        else { preconditionFailure("these are dates") }
        let platform = try SimulatedPlatform(chip, keys: keys, validity: start...end)
        let list = try platform.revocationList(start...end)
        let bytes = try platform.report(
            reportData: FixedBytes(repeating: 1), hostData: FixedBytes(repeating: 2),
            measurement: FixedBytes(repeating: 3))
        var reference = ReferenceValues.unasked
        reference.platform = .simulated
        var verifier = Verifier(at: now, policy: .none)
        verifier.simulatedRoot = keys.rootDigest

        let decodeChain = {
            Endorsements(
                leaf: try EndorsementCertificate(decoding: platform.certificates.leaf),
                intermediate: try Certificate(decoding: platform.certificates.intermediate),
                root: try Certificate(decoding: platform.certificates.root),
                revocationList: try RevocationList(decoding: list))
        }
        let cached = try decodeChain().verified(simulatedRoot: verifier.simulatedRoot)
        let signer = SigningKey(seed: SecretSeed(FixedBytes(repeating: 1)))
        let withChain = try rate {
            let chain = try decodeChain().verified(simulatedRoot: verifier.simulatedRoot)
            return isAffirmed(
                verifier.appraise(try AttestationReport(decoding: bytes.span), endorsed: chain, against: reference))
        }
        let withoutChain = try rate {
            isAffirmed(
                verifier.appraise(try AttestationReport(decoding: bytes.span), endorsed: cached, against: reference))
        }
        // With every finding that the policy files make, if any are named.
        verifier.policy = VerifierPolicy(
            try CommandLine.arguments.dropFirst().map {
                try PolicyFile(decoding: [UInt8](try Data(contentsOf: URL(filePath: $0))))
            })
        let appraisal = verifier.appraise(
            try AttestationReport(decoding: bytes.span), endorsed: cached, against: reference)
        let export = try rate {
            let circumstances = AppraisalToken.Circumstances(build: "benchmark", issued: now)
            let token = AppraisalToken(appraisal, by: verifier, in: circumstances, signing: signer)
            return !token.text.isEmpty
        }
        print("{\"withChain\": \(withChain), \"chainCached\": \(withoutChain), \"export\": \(export)}")
    }

    private static func isAffirmed(_ appraisal: Appraisal<AffirmedReport>) -> Bool {
        if case .affirmed = appraisal { true } else { false }
    }

    /// Runs for about two seconds.
    private static func rate(_ appraise: () throws -> Bool) throws -> Int {
        var count = 0
        let start = ContinuousClock.now
        while start.duration(to: .now) < .seconds(2) {
            guard try appraise() else { preconditionFailure("the simulated evidence is affirmed") }
            count += 1
        }
        return Int(Double(count) / (start.duration(to: .now) / .seconds(1)))
    }
}
