package import AgentAPI
internal import Client
internal import Keys
internal import Lifecycle
internal import Primitives

extension AgentStatus {
    /// Whether nothing has changed but the time.
    package func isSameMoment(as other: AgentStatus) -> Bool {
        (stage, sessionID, filledSlots) == (other.stage, other.sessionID, other.filledSlots)
            && (end, run) == (other.end, other.run)
    }

    /// One line for people.
    package var summary: String {
        var parts = [stage.title]
        if let end { parts = [end.message] }
        if let run, run.maximum > 1 { parts.append("run \(run.number) of at most \(run.maximum)") }
        if let run, run.awaitedAnswers > 0 {
            parts.append("\(run.givenAnswers) of \(run.awaitedAnswers) answers given")
        }
        if totalSlots > 0 { parts.append("\(filledSlots) of \(totalSlots) slots filled, \(openSlots) open") }
        if let secondsLeft { parts.append("\(duration(secondsLeft)) left") }
        if !bound.isNone { parts.append("session \(SessionWords(sessionID))") }
        if isSimulated { parts.append("SIMULATED") }
        return parts.joined(separator: ", ")
    }
}

/// `95 s`, `12 min`, `30 h` or `9 days`: rounded down, and never to less than two of a kind.
private func duration(_ seconds: Int) -> String {
    switch seconds {
    case ..<120: "\(seconds) s"
    case ..<7200: "\(seconds / 60) min"
    case ..<172_800: "\(seconds / 3600) h"
    default: "\(seconds / 86_400) days"
    }
}

extension AgentStatus.Stage {
    /// Whether nothing will change that a participant waits for.
    package var isOver: Bool { self == .finished || self == .ended }

    /// For people.
    package var title: String {
        switch self {
        case .awaitingManifest: "waits for its manifest"
        case .admitting: "takes submissions"
        case .reviewing: "waits for answers on the question"
        case .executing: "executes"
        case .holding: "waits for answers on the results"
        case .waiting: "waits until earlier results are fetched"
        case .finished: "finished: fetch your outputs"
        case .ended: "ended"
        }
    }
}
