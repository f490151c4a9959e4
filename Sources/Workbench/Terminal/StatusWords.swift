package import AgentAPI
internal import Client
package import Commitments
package import Evidence
internal import Keys
internal import Lifecycle
package import Pages
internal import Primitives

extension AgentStatus {
    /// Whether nothing has changed but the time.
    package func isSameMoment(as other: AgentStatus) -> Bool {
        (stage, sessionID, filledSlots) == (other.stage, other.sessionID, other.filledSlots)
            && (end, run) == (other.end, other.run)
    }

    /// The newest run that has ended; `nil` before the first one has.
    package var newestEndedRun: Int? {
        guard let run else { return nil }
        let ended = stage == .finished ? run.number : run.number - 1
        return ended > 0 ? ended : nil
    }

    /// What a page says of it.
    ///
    /// - Parameters:
    ///   - manifest: which stages a session has.
    ///   - time: when it was said.
    package func word(of manifest: Manifest, at time: Timestamp) -> MonitorView.AgentWord {
        let stages = Stage.allCases.filter { stage in
            switch stage {
            case .reviewing: !manifest.approvers(of: .question).isEmpty
            case .holding: !manifest.approvers(of: .result).isEmpty
            case .waiting: manifest.limits.runs > 1
            case .ended: self.stage == .ended
            case .awaitingManifest, .admitting, .executing, .finished: true
            }
        }
        var facts: [(name: String, value: String)] = []
        if let end { facts.append(("Why it ended", end.message)) }
        if let run, run.maximum > 1 { facts.append(("Run", "\(run.number) of at most \(run.maximum)")) }
        if let run, run.awaitedAnswers > 0 {
            facts.append(("Answers", "\(run.givenAnswers) of \(run.awaitedAnswers) given"))
        }
        if totalSlots > 0 { facts.append(("Slots", "\(filledSlots) of \(totalSlots) filled, \(openSlots) open")) }
        if let secondsLeft { facts.append(("Time left", duration(secondsLeft))) }
        return MonitorView.AgentWord(
            stages: stages.map { ($0.title, $0 == stage) }, facts: facts, at: time)
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
