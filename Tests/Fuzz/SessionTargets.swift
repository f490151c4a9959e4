import AgentAPI
import Commitments
import Evidence
import Keys
import Lifecycle
import Primitives
import TestSupport
import Verification

extension Target {
    /// What a session says and signs, read by those who asked for it.
    static let records: [Target] = [
        Target("receipt", .json, seeds: { [receipt(.completed), receipt(.failed)] }) { bytes in
            guard bytes.count <= Receipt.payloadType.maximumByteCount else { return }
            let envelope = Envelope(signing: bytes, as: Receipt.payloadType, by: Scene.session.signing)
            let identity = Scene.session.publicKeys
            guard let receipt = decoded({ try Receipt(verifying: envelope, from: identity) }) else { return }
            claim(receipt.payload == bytes, "a receipt has one spelling")
            claim(
                receipt.identity == identity && receipt.digest == SHA256Digest(sha256: bytes), "a receipt is its bytes")
            claim(receipt.ending == .completed || receipt.outputs.isEmpty, "a failed run has no outputs")
            let chain = made("one receipt is a chain") { try ReceiptChain([receipt]) }
            claim(chain.newestRun == receipt.run.number, "a chain ends with its newest run")
        },
        Target("decision", .json, seeds: { [decision.payload] }) { bytes in
            guard let found = Decision(decoding: bytes) else { return }
            claim(found.payload == bytes, "an answer has one spelling")
            let envelope = found.signed(by: Scene.parties[0].signing)
            claim(
                Decision(verifying: envelope, from: Scene.parties[0].signing.publicKey) == found, "an answer is signed")
            claim(Decision(verifying: envelope, from: Scene.parties[1].signing.publicKey) == nil, "by nobody else")
        },
        Target("outputs-index", .json, seeds: { [outputs.payload] }) { bytes in outputsIndex(bytes) },
        Target("review-index", .json, seeds: { reviews }) { bytes in reviewIndex(bytes) },
        Target("salts", .json, seeds: { [SaltsFile(entries).encoded] }) { bytes in
            guard let salts = decoded({ try SaltsFile(decoding: bytes) }) else { return }
            claim(decoded { try SaltsFile(decoding: salts.encoded) } == salts, "salts give back")
        },
        Target("appraisal-record", .json) { bytes in
            let key = Scene.parties[0].signing
            guard bytes.count <= AppraisalRecord.payloadType.maximumByteCount else { return }
            let envelope = Envelope(signing: bytes, as: AppraisalRecord.payloadType, by: key)
            let found = decoded { try AppraisalRecord.verified(envelope.encoded, under: Scene.manifest) }
            guard let (record, signer) = found else { return }
            claim(signer.signingKey == key.publicKey, "a record is its signer's word")
            claim(record.signed(by: key).payload == bytes, "a record has one spelling")
        },
    ]

    /// What client and agent say to each other in the clear.
    static let sessions: [Target] = [
        Target("status", .json, seeds: { [status] }) { bytes in
            guard let status = AgentStatus(decoding: bytes) else { return }
            claim(AgentStatus(decoding: status.json.canonicalBytes) == status, "a status gives back")
            claim(status.filledSlots <= status.totalSlots, "no more slots are filled than there are")
        },
        Target("events", seeds: { [Array("event: status\ndata: ".utf8) + status + Array("\n\n:\n\n".utf8)] }) { bytes in
            let whole = events(bytes, step: bytes.count + 1)
            for step in [1, 7] { claim(events(bytes, step: step) == whole, "pieces say what the whole says") }
        },
        Target("problem", .json, seeds: { problemSeeds }) { bytes in
            guard let problem = AgentProblem(decoding: bytes, status: 400) else { return }
            claim(AgentProblem(decoding: problem.encoded, status: 400) == problem, "a problem gives back")
            claim(!(problem.title + (problem.hint ?? "")).unicodeScalars.contains("\n"), "a problem is one line")
        },
        Target("target", seeds: { targetSeeds }) { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            guard let destination = decoded({ try Destination(target: text) }) else { return }
            claim(destination.target.hasSameBytes(as: text), "each thing has one spelling")
        },
        Target("upload", .json) { bytes in
            guard let endorsements = decoded({ try Endorsements(upload: bytes) }) else { return }
            claim((try? Endorsements(upload: endorsements.upload)) == endorsements, "endorsements give back")
        },
    ]

    private static func events(_ bytes: [UInt8], step: Int) -> [AgentStatus]? {
        var reader = StatusEvents.Reader()
        var found: [AgentStatus] = []
        for start in stride(from: 0, to: bytes.count, by: step) {
            guard let statuses = try? reader.append(Array(bytes[start..<min(start + step, bytes.count)])) else {
                return nil
            }
            found += statuses
        }
        return found
    }

    private static let entries = ["counts", "words"].compactMap { name in
        Name(name).map { IndexEntry(name: $0, byteCount: 7, salt: FixedBytes(repeating: 5)) }
    }

    private static func json(_ members: [(String, JSONValue)]) -> [UInt8] {
        JSONValue.object(members.map { JSONMember($0.0, $0.1) }).canonicalBytes
    }

    private static let digest = JSONValue.string("sha256:" + String(repeating: "ab", count: 32))
    private static let salt = JSONValue.string(String(repeating: "05", count: 32))

    private static func committed(_ names: [String]) -> JSONValue {
        .array(names.map { ["name": .string($0), "digest": digest] })
    }

    private static func receipt(_ ending: Receipt.Ending) -> [UInt8] {
        let keys = Scene.session.publicKeys
        return json([
            ("version", 1), ("manifest", .string(Scene.manifest.digest.prefixed)),
            ("session", .string(Scene.sessionID.description)), ("sealingKey", .string(keys.sealing.text)),
            ("signingKey", .string(keys.signing.didKey)), ("report", digest), ("engine", "wasmtime 50.0.1"),
            ("last", false), ("outcome", .string(ending.rawValue)),
            ("slots", committed(["model", "tool", "table", "question"])),
            ("outputs", committed(ending == .completed ? ["counts", "words"] : [])), ("run", 2), ("previous", digest),
        ])
    }

    private static let decision = Decision(
        session: Scene.sessionID, run: .first, to: .question, reviewed: SHA256Digest(sha256: [2]), agrees: true)

    private static let outputs = (
        payload: json([
            ("version", 1), ("receiptBytes", 4000), ("evidenceBytes", 5000), ("noticeBytes", 0),
            ("outputs", [["name": "words", "bytes": 7, "salt": salt]]),
        ]), recipient: Scene.manifest.participants[0].name
    )

    private static let reviews: [[UInt8]] = [("question", []), ("result", ["counts", "words"])].map { subject, names in
        let shown: JSONValue = .array(
            (["question"] + (subject == "result" ? ["counts"] : [])).map {
                ["name": .string($0), "bytes": 7, "salt": salt]
            })
        return json([
            ("version", 1), ("subject", .string(subject)), ("empty", false),
            ("slots", committed(["model", "tool", "table", "question"])), ("outputs", committed(names)),
            ("past", [["run": 1, "released": true, "questions": committed(["question"])]]), ("shown", shown),
            ("run", 2), ("previous", digest),
        ])
    }

    private static func framed(_ index: [UInt8], in byteCount: Int) -> [UInt8] {
        let head = (0..<4).map { UInt8(truncatingIfNeeded: index.count >> (24 - 8 * $0)) }
        return head + index + [UInt8](repeating: 0, count: max(0, byteCount - 4 - index.count))
    }

    private static func outputsIndex(_ bytes: [UInt8]) {
        let (manifest, recipient) = (Scene.manifest, outputs.recipient)
        for run in [1, 2] {
            let size = OutputsIndex.contentByteCount(for: recipient, under: manifest, run: run)
            let content = framed(bytes, in: size)
            guard
                let index = decoded({
                    try OutputsIndex(decoding: content[...], for: recipient, under: manifest, run: run)
                })
            else { continue }
            claim(content.starts(with: index.encoded), "an index has one spelling")
            let end = index.outputRanges.last?.upperBound ?? index.notice.upperBound
            claim(end <= size, "everything that an index points at lies in the content")
        }
    }

    private static func reviewIndex(_ bytes: [UInt8]) {
        let (manifest, participant) = (Scene.manifest, Scene.manifest.participants[0].name)
        for subject in Review.Subject.allCases {
            let size = ReviewIndex.contentByteCount(for: participant, on: subject, under: manifest)
            let content = framed(bytes, in: size)
            guard
                let index = decoded({
                    try ReviewIndex(decoding: content[...], for: participant, on: subject, under: manifest)
                })
            else { continue }
            claim(content.starts(with: index.encoded), "an index has one spelling")
            claim(index.ranges.allSatisfy { $0.upperBound <= size }, "what is shown lies in the content")
        }
    }

    private static let status = json([
        ("version", 1), ("stage", "ended"), ("manifestDigest", .string(String(repeating: "ab", count: 32))),
        ("session", salt), ("slots", ["total": 4, "filled": 1, "open": 3]), ("peerNonce", salt),
        ("peers", ["total": 3, "affirmed": 1]), ("simulated", true),
        ("run", ["number": 1, "of": 3, "kept": 0, "answers": ["awaited": 1, "given": 0]]), ("secondsLeft", 5),
        ("end", .string(Session.EndReason.allCases[0].rawValue)),
    ])

    private static let problemSeeds = [
        #"{"type":"urn:2cvm:problem:a.b","title":"No.","status":400,"code":"a.b","hint":"ask"}"#
    ].map { Array($0.utf8) }

    private static let targetSeeds = [
        "/v1/status", "/v1/evidence?nonce=" + String(repeating: "a1", count: 32),
        "/v1/outputs/" + String(repeating: "b2", count: 32), "/v1/reviews/" + String(repeating: "c3", count: 32),
        "/v1/manifest", "/v1/submissions", "/v1/answers",
    ].map { Array($0.utf8) }
}
