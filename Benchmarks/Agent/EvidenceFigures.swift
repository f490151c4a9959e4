import Commitments
import Evidence
import FoundationEssentials
import Keys
import Primitives

/// What a load of evidence was worth, once every answer was verified.
struct EvidenceFigures {
    let answers: Int
    let distinctReports: Int
    let perSecond: Int

    /// Verifies everything, or throws: a figure over unverified answers says nothing.
    init(_ load: (answers: [EvidenceLoad.Answer], seconds: Double), simulatedRoot: SHA256Digest) throws {
        var seen: Set<SHA256Digest> = []
        for answer in load.answers {
            let bundle = try EvidenceBundle(decoding: try answer.body())
            guard bundle.answer.nonce == answer.nonce, let root = bundle.answer.path.root(of: answer.nonce) else {
                throw LoadError.contraindicated(["nonce"])
            }
            let binding = SessionBinding(
                nonceRoot: root, bound: bundle.session.bound, keys: bundle.session.keys)
            guard binding.reportData == bundle.report.reportData else {
                throw LoadError.contraindicated(["session"])
            }
            if seen.insert(SHA256Digest(sha256: bundle.report.encoded)).inserted {
                try Self.appraise(bundle, simulatedRoot)
            }
        }
        answers = load.answers.count
        distinctReports = seen.count
        perSecond = Int(Double(load.answers.count) / load.seconds)
    }

    private static func appraise(_ bundle: EvidenceBundle, _ root: SHA256Digest) throws {
        guard let now = Timestamp(unixSeconds: Int64(Date.now.timeIntervalSince1970)) else {
            throw LoadError.contraindicated(["clock"])
        }
        var verifier = Verifier(at: now, policy: .none)
        verifier.simulatedRoot = root
        // As a manifest of that platform would have it judged, whatever was measured.
        var reference = ReferenceValues(.simulated(binding: .lock, measurements: []))
        reference.measurements = .any
        let chain = bundle.endorsements.verified(simulatedRoot: root)
        if case .contraindicated(let findings) = verifier.appraise(bundle.report, endorsed: chain, against: reference) {
            throw LoadError.contraindicated(
                findings.filter { $0.severity == .contraindicated }.map(\.rule.rawValue))
        }
    }

    var json: JSONValue {
        [
            "answers": .integer(answers), "distinctReports": .integer(distinctReports),
            "perSecond": .integer(perSecond),
        ]
    }
}
