import Commitments
import Evidence
import Foundation
import Keys
import Primitives
import Simulation
import TestSupport
import Testing

/// Makes what `Evidence/` holds. `Evidence/record` calls this; a usual run skips it by name.
@Suite("The recorded evidence")
struct EvidenceRecord {
    private static let folder = ProcessInfo.processInfo.environment["TWOCVM_RECORD_EVIDENCE"]

    @Test(
        "is written anew for the manifest beside it",
        .enabled(if: folder != nil, "TWOCVM_RECORD_EVIDENCE names no folder to write to"))
    func written() throws {
        let folder = URL(filePath: try #require(Self.folder))
        let keys = try SimulationKeys()
        let start = try #require(Timestamp("2025-01-01")), end = try #require(Timestamp("2035-01-01"))
        let platform = try SimulatedPlatform(SimulatedChip(.genoa, keys: keys), keys: keys, validity: start...end)
        let list = try platform.revocationList(start...end)
        let manifestFile = Repository.root.appending(path: "Tests/CommandTests/Evidence/manifest.json")
        let manifest = try Manifest(decoding: [UInt8](try Data(contentsOf: manifestFile)))
        let session = SessionPublicKeys(
            sealing: SealingKey(seed: SecretSeed(FixedBytes(repeating: 1))).publicKey,
            signing: SigningKey(seed: SecretSeed(FixedBytes(repeating: 2))).publicKey)
        // The second of three nonces: an answer with a path in it.
        let nonces = [1, 2, 3].map { FixedBytes<32>(repeating: $0) }
        let tree = try #require(NonceTree(nonces))
        let binding = SessionBinding(nonceRoot: tree.root, bound: manifest.bound, keys: session)
        let report = try platform.report(
            reportData: binding.reportData, hostData: manifest.digest, measurement: FixedBytes(repeating: 0xA5))
        let bundle = EvidenceBundle(
            report: try AttestationReport(decoding: report.span),
            endorsements: Endorsements(
                leaf: try EndorsementCertificate(decoding: platform.certificates.leaf),
                intermediate: try Certificate(decoding: platform.certificates.intermediate),
                root: try Certificate(decoding: platform.certificates.root),
                revocationList: try RevocationList(decoding: list)),
            answer: NonceAnswer(nonce: nonces[1], path: tree.path(at: 1)),
            session: SessionClaim(keys: session, bound: manifest.bound))
        let files: [(String, [UInt8])] = [
            ("bundle.json", bundle.encoded), ("report.bin", report), ("crl.der", list),
            ("vcek.der", platform.certificates.leaf), ("ask.der", platform.certificates.intermediate),
            ("ark.der", platform.certificates.root), ("root.txt", Array("\(keys.rootDigest)".utf8)),
        ]
        for (name, bytes) in files { try Data(bytes).write(to: folder.appending(path: name)) }
    }
}
