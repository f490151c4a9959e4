public import Commitments
public import Primitives

/// What waits for yes or no: a question before its run begins, or the results before they leave.
///
/// Nothing that is decided on can be exchanged: it is fixed when the review begins.
public struct Review: Equatable, Sendable {
    /// What is decided on.
    public enum Subject: String, CaseIterable, Equatable, Sendable {
        case question, result

        /// For people.
        public var words: String {
            switch self {
            case .question: "the question"
            case .result: "the result"
            }
        }
    }

    public internal(set) var admitted: AdmittedSet
    public let subject: Subject
    /// Of results: how the run ended. Of a failed one there is nothing to decide, and answers are waited for all the
    /// same, so that nobody sees from outside how it ended.
    public let outcome: SessionOutcome?
    public private(set) var answers: [Name: Bool] = [:]

    init(of admitted: AdmittedSet) {
        self.admitted = admitted
        subject = .question
        outcome = nil
    }

    init(of admitted: AdmittedSet, _ outcome: SessionOutcome) {
        self.admitted = admitted
        subject = .result
        self.outcome = outcome
    }

    public var manifest: Manifest { admitted.manifest }

    /// Who is waited for, in the manifest's order.
    public var approvers: [Name] { manifest.approvers(of: subject) }

    /// Whether nobody is waited for any more.
    var isComplete: Bool { answers.count == approvers.count }

    /// Who did not say yes; `nil` where everybody did.
    var refusal: Failure? {
        let refusing = approvers.filter { answers[$0] == false }
        let silent = approvers.filter { answers[$0] == nil }
        return refusing.isEmpty && silent.isEmpty ? nil : .refused(subject, by: refusing, silent: silent)
    }

    /// Covers everything that is decided on: what went in, and of results what came out.
    public var digest: SHA256Digest {
        var outputs: [CommittedEntry] = []
        if case .completed(let commitments)? = outcome { outputs = commitments.map(\.entry) }
        return Self.digest(of: admitted.slots.map(\.entry), outputs)
    }

    /// The digest over the commitments to what went in and what came out.
    public static func digest(of slots: [CommittedEntry], _ outputs: [CommittedEntry]) -> SHA256Digest {
        let value: JSONValue = ["slots": .array(slots.map(\.json)), "outputs": .array(outputs.map(\.json))]
        return SHA256Digest(sha256: value.canonicalBytes)
    }

    /// Takes what somebody said.
    mutating func take(_ answer: Decision, from sender: Name) throws(SessionError) {
        guard approvers.contains(sender) else { throw .notAnApprover }
        guard answer.run == admitted.course.reference else { throw .otherRun }
        guard answer.subject == subject, answer.reviewed == digest else { throw .otherReview }
        guard answers.updateValue(answer.agrees, forKey: sender) == nil else { throw .answered }
    }
}

extension Manifest {
    /// Who decides, in the manifest's order.
    public func approvers(of subject: Review.Subject) -> [Name] {
        switch subject {
        case .question: questionApprovers
        case .result: resultApprovers
        }
    }

    /// How long answers are waited for.
    func seconds(of subject: Review.Subject) -> Int {
        switch subject {
        case .question: questionSeconds
        case .result: resultSeconds
        }
    }
}

/// One slot or output: its name, and its digest or its commitment, which covers the size.
public struct CommittedEntry: Equatable, Sendable {
    public let name: Name
    public let digest: SHA256Digest
    /// The id of the session that filled the slot, where another session did.
    public let session: SHA256Digest?

    /// Joins the three.
    public init(name: Name, digest: SHA256Digest, session: SHA256Digest? = nil) {
        self.name = name
        self.digest = digest
        self.session = session
    }

    package var json: JSONValue {
        let members = [JSONMember("name", .string(name.description)), JSONMember("digest", .string(digest.prefixed))]
        return .object(members + (session.map { [JSONMember("session", .string($0.description))] } ?? []))
    }

    package init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        name = try object.parsed("name", as: "a name of the manifest") { Name($0) }
        digest = try object.required("digest").digest()
        session = try object.optional("session")?.hex()
        try object.finish()
    }
}

extension OutputCommitment {
    var entry: CommittedEntry { CommittedEntry(name: name, digest: digest) }
}

extension FilledSlot {
    var entry: CommittedEntry { CommittedEntry(name: slot.name, digest: digest, session: part?.session) }
}
