internal import Formats

extension Manifest {
    /// Data that is asked for anew for each run.
    public var questions: [DataEntry] { data.filter { $0.period == .run } }

    /// Whether somebody sees what a run would do before it begins.
    public var hasReviews: Bool { data.contains { $0.approval != nil } }

    /// Whether somebody sees results before they leave.
    public var hasHeldResults: Bool { outputs.contains { $0.approval != nil } }

    /// Who decides on questions, in the manifest's order.
    public var questionApprovers: [Name] { approvers(data.compactMap(\.approval)) }

    /// Who decides on results, in the manifest's order.
    public var resultApprovers: [Name] { approvers(outputs.compactMap(\.approval)) }

    /// How long answers on questions are waited for: as long as the most patient approval.
    public var questionSeconds: Int { data.compactMap(\.approval?.seconds).max() ?? 0 }

    /// How long answers on results are waited for: as long as the most patient approval.
    public var resultSeconds: Int { outputs.compactMap(\.approval?.seconds).max() ?? 0 }

    private func approvers(_ approvals: [Approval]) -> [Name] {
        let names = Set(approvals.flatMap(\.approvers))
        return participants.map(\.name).filter(names.contains)
    }
}

extension DataEntry {
    private static let maximumReviewedCharacters = 65_536
    /// The most bytes of a question that somebody reads.
    public static let maximumQuestionByteCount = 4 * maximumReviewedCharacters
    private static let maximumReviewedLineCharacters = 200

    /// How many contents there can be of what people read before it runs.
    var count: Count? {
        if case .text(let text)? = format { text.count } else { nil }
    }

    /// Whether people can read the content before it runs: text of bounded lines, in which each character shows itself.
    var isReviewable: Bool {
        guard case .text(let text) = format, let line = text.maximumLineCharacters else { return false }
        return line <= Self.maximumReviewedLineCharacters && text.maximumCharacters <= Self.maximumReviewedCharacters
    }
}

extension Output {
    /// Who can read it: the participants who receive it, and who is asked before it leaves.
    public var readers: [Name] {
        let receivers = participants
        return receivers + (approval?.approvers ?? []).filter { !receivers.contains($0) }
    }
}

extension Manifest {
    /// What a participant gets to read: outputs, and questions and outputs that they decide on.
    func readings(of participant: Name) -> [Name] {
        outputs.filter { $0.readers.contains(participant) }.map(\.name)
            + data.filter { $0.approval?.approvers.contains(participant) == true }.map(\.name)
    }

    /// Whether a participant receives an output.
    package func receives(_ participant: Name) -> Bool {
        outputs.contains { $0.recipients.contains(.participant(participant)) }
    }
}
