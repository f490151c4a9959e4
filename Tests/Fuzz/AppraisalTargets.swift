import Commitments
import Evidence
import Keys
import Primitives
import TestSupport
import Verification

extension Target {
    /// What a verifier makes of evidence, and the files that say what it asks.
    static let appraisals: [Target] = [
        Target("appraisal") { bytes in
            let size = AttestationReport.byteCount
            let room = bytes.prefix(size) + [UInt8](repeating: 0, count: max(0, size - bytes.count))
            guard let report = decoded({ try AttestationReport(decoding: Array(room).span) }) else { return }
            appraise(report, choices: bytes.dropFirst(size).first ?? 0)
        },
        Target("signed-policy", .json, seeds: { [policy] }) { bytes in
            guard bytes.count <= PolicyFile.maximumByteCount else { return }
            let (key, other) = (Scene.parties[0].signing, Scene.parties[1].signing.publicKey)
            let envelope = Envelope(signing: bytes, as: PolicyDocument.payloadType, by: key).encoded
            claim(decoded { try PolicyDocument(decoding: envelope, trusting: [other]) } == nil, "it is its signer's")
            let read = decoded { try PolicyDocument(decoding: envelope, trusting: [key.publicKey]) }
            guard let document = read else { return }
            claim(document.signers == [key.publicKey], "its signer is told")
            claim(document.policy.digest == SHA256Digest(sha256: bytes), "a signed policy has one spelling")
            var history = PolicyHistory()
            let lines = made("a policy can be used") { try history.use([document]) }
            let again = made("what is noted reads back") { try PolicyHistory(decoding: lines) }
            claim(again == history, "a history gives back")
        },
        Target("policy-history", seeds: { [history] }) { bytes in
            guard let history = decoded({ try PolicyHistory(decoding: bytes) }) else { return }
            let once = made("twice is once") { try PolicyHistory(decoding: bytes + [UInt8(ascii: "\n")] + bytes) }
            claim(bytes.count > PolicyHistory.maximumByteCount / 2 || once == history, "lines count once")
        },
    ]

    /// Nobody signed such a report for the scene's agreement, so nothing makes it acceptable.
    private static func appraise(_ report: AttestationReport, choices: UInt8) {
        let nonce = FixedBytes<32>(repeating: 9)
        guard let path = NonceTree([nonce])?.path(at: 0), let time = Timestamp(unixSeconds: 1_800_000_000) else {
            fatalError("does not hold: a nonce has a tree, and a second is a time")
        }
        let bound = choices & 1 == 0 ? Scene.manifest.bound : BoundDigest(FixedBytes(repeating: 0))
        let bundle = EvidenceBundle(
            report: report,
            endorsements: Endorsements(leaf: nil, intermediate: nil, root: nil, revocationList: nil),
            answer: NonceAnswer(nonce: nonce, path: path),
            session: SessionClaim(keys: Scene.session.publicKeys, bound: bound))
        let rules = made("the policy is one") { try PolicyFile(decoding: policy) }
        var verifier = Verifier(at: time, policy: choices & 2 == 0 ? .none : VerifierPolicy([rules]))
        if choices & 4 != 0 { verifier.waivers = Set(Verifier.Waiver.allCases) }
        verifier.listsWhatHolds = choices & 8 != 0
        let terms = SessionTerms(nonce: nonce, manifest: Scene.manifest)
        guard case .contraindicated(let findings) = verifier.appraise(bundle, under: terms) else {
            fatalError("does not hold: what nobody signed is never affirmed")
        }
        for finding in findings { claimShown(finding.message + finding.expected + finding.found, "a finding") }
        claim(findings.contains { $0.severity == .contraindicated }, "a refusal says why")
        let again = verifier.appraise(bundle, under: terms)
        guard case .contraindicated(findings) = again else { fatalError("does not hold: one verdict") }
    }

    private static let history: [UInt8] = {
        let keys = Scene.parties.map {
            "{\"date\":\"2026-11-27T00:00:00Z\",\"key\":\"\($0.signing.publicKey.didKey)\"}\n"
        }
        return Array(keys.joined().utf8)
    }()

    private static let policy: [UInt8] = {
        let rule: JSONValue = [
            "advisory": "AMD-SB-1", "title": "one", "effect": "it is open", "source": "read there",
            "date": "2026-11-27", "confirmed": true, "whenOpen": "refused", "whenUndecidable": "refused",
            "closedBy": [["current": ["snp": 23], "launch": ["snp": 23], "platformInfo": ["aliasCheck": "required"]]],
        ]
        let value: JSONValue = [
            "version": 2, "name": "strict", "date": "2026-11-27", "unlistedProcessors": "refused",
            "revocationNotBefore": "any", "earliestEngine": "50.0.1", "refusedMeasurements": [], "notShown": [],
            "products": [["family": 25, "model": 1, "stepping": 1, "rules": [rule]]],
        ]
        return value.canonicalBytes
    }()
}
