import Commitments
import Evidence
import Foundation
import Lifecycle
import Primitives
import TwoCVMEvidence
import Verification

/// Verifies what `2cvm fetch` kept of a session, years later and offline: the evidence bundle and the receipt.
///
///     auditor FOLDER SIGNED-MANIFEST [SIMULATED-ROOT]
@main
struct Auditor {
    static func main() {
        do {
            try audit(Array(CommandLine.arguments.dropFirst()))
        } catch let error as any ExplainedError {
            fail("error[\(error.code)]: \(error.message)", status: 1)
        } catch {
            fail("\(error)", status: 2)
        }
    }

    private static func audit(_ arguments: [String]) throws {
        guard (2...3).contains(arguments.count) else {
            fail("usage: auditor FOLDER SIGNED-MANIFEST [SIMULATED-ROOT]", status: 64)
        }
        let kept = CaseFile(folder: arguments[0])
        let signed = try [UInt8](Data(contentsOf: URL(fileURLWithPath: arguments[1])))
        let manifest = try SignedManifest(decoding: signed).complete().manifest

        // The participant's signed word on when it appraised which bundle. The bundle is appraised again here.
        let (record, signer) = try AppraisalRecord.verified(kept.read("appraisal.json"), under: manifest)
        var verifier = Verifier(at: record.time, policy: .none)
        if arguments.count == 3 { verifier.simulatedRoot = SHA256Digest(hex: arguments[2]) }
        if let list = record.bundle.endorsements.revocationList { verifier.revocationLists = [list] }
        let session = try record.appraised(under: manifest, by: verifier)
        print("bundle affirmed as of \(record.time), kept by \(signer.name)")

        var bundle = try EvidenceBundle(decoding: kept.read("evidence.json"))
        bundle.endorsements = bundle.endorsements.completed(from: record.bundle.endorsements)
        let verified = try VerifiedReceipt(
            kept.read("receipt.json"), beside: bundle, of: session, under: manifest, by: verifier)
        print("receipt holds: the run \(verified.receipt.ending.rawValue)")
        for output in verified.receipt.outputs { print("released \(output.name), \(output.digest.prefixed)") }
    }

    private static func fail(_ message: String, status: Int32) -> Never {
        FileHandle.standardError.write(Data((message + "\n").utf8))
        exit(status)
    }
}
