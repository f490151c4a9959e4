package import Client
package import Commitments
package import Evidence
internal import Keys
package import Lifecycle
package import Pages
internal import Platform
package import Primitives

/// What is kept of a session with several runs: `sessions/ID` in ``Home``. Receipts, since each later question names
/// the one before it, and reviews, since an answer is to what was shown.
package struct SessionStore {
    private let folder: String
    private let session: AffirmedSession

    package init(_ home: Home, of session: AffirmedSession) {
        folder = Self.folder(of: session.id, home)
        self.session = session
    }

    private static func folder(of session: SHA256Digest, _ home: Home) -> String {
        home.folder + "/sessions/" + session.description
    }

    /// Whether a run's receipt was kept, of a session that an agent names. What it is, nobody has looked at.
    package static func hasReceipt(ofRun run: Int, of session: SHA256Digest, _ home: Home) -> Bool {
        NamedFile.exists("\(folder(of: session, home))/receipt-\(run).json")
    }

    /// Keeps a run's receipt, as it came.
    package func keep(receipt file: [UInt8], ofRun run: Int) throws(CommandFailure) {
        try replace("receipt-\(run).json", file)
    }

    /// The receipt of a run, if it was kept and is the session's.
    package func receipt(ofRun run: Int) throws(CommandFailure) -> Receipt? {
        let path = "\(folder)/receipt-\(run).json"
        guard NamedFile.exists(path) else { return nil }
        let bytes = try readFile(path, maximumByteCount: 2 * Receipt.payloadType.maximumByteCount)
        guard let envelope = try? Envelope(decoding: bytes, as: Receipt.payloadType),
            let receipt = try? Receipt(verifying: envelope, from: session.keys), receipt.run.number == run
        else { return nil }
        return receipt
    }

    /// Keeps what an answer to a review will say yes or no to, and the questions, which later ones are compared with.
    package func keep(_ review: ReviewedContents) throws(CommandFailure) {
        let answer = review.answer(agreeing: true)
        try replace(Self.name(of: answer.reviewed), answer.payload)
        guard review.index.subject == .question else { return }
        for (entry, content) in zip(review.index.shown, review.contents) {
            try replace(Self.name(of: entry.name, in: review.index.run.number), entry.salt.bytes + content)
        }
    }

    /// The questions of earlier runs that were shown here, the newest last. Each is what the session says was asked.
    package func questions(_ name: Name, in past: [PastRun]) throws(CommandFailure) -> [EarlierQuestion] {
        // No `compactMap`: it forgets what its closure throws.
        var questions: [EarlierQuestion] = []
        for run in past {
            let path = "\(folder)/\(Self.name(of: name, in: run.run))"
            guard let expected = run.questions.first(where: { $0.name == name }), NamedFile.exists(path) else {
                continue
            }
            let bytes = try readFile(path, maximumByteCount: DataEntry.maximumQuestionByteCount + 32)
            guard let salt = FixedBytes<32>(Array(bytes.prefix(32))) else { continue }
            let content = Array(bytes.dropFirst(32))
            var hasher = ContentHasher(salt: salt, byteCount: content.count)
            hasher.update(content)
            guard hasher.finalize() == expected.digest else { continue }
            questions.append(EarlierQuestion(run: run.run, isReleased: run.isReleased, content: content))
        }
        return questions
    }

    /// The review of that digest which was shown here.
    package func review(_ digest: SHA256Digest) throws(CommandFailure) -> Decision {
        let path = "\(folder)/\(Self.name(of: digest))"
        guard NamedFile.exists(path) else { throw CommandFailure(ReviewCommandError.notShown) }
        let bytes = try readFile(path, maximumByteCount: Decision.payloadType.maximumByteCount)
        guard let kept = Decision(decoding: bytes), kept.reviewed == digest, kept.session == session.id else {
            throw CommandFailure(ReviewCommandError.notShown)
        }
        return kept
    }

    private static func name(of question: Name, in run: Int) -> String { "question-\(run)-\(question)" }

    private static func name(of digest: SHA256Digest) -> String { "review-\(digest).json" }

    private func replace(_ name: String, _ bytes: [UInt8]) throws(CommandFailure) {
        do {
            try NamedFile.makeFolders(folder)
            try NamedFile.replace("\(folder)/\(name)", bytes, mode: 0o600)
        } catch {
            throw CommandFailure(error)
        }
    }
}
