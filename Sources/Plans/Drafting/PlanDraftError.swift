public import Commitments
public import Primitives

/// Why a plan in the making cannot become what somebody asks for.
public enum PlanDraftError: Error, Equatable, Sendable {
    case sessionRepeated(Name)
    case participantsDiffer(Name)
    case noSession(Name)
    case noOutput(Name, of: Name)
    case noData(Name, of: Name)
    /// Only sessions that no other feeds are split.
    case sessionFed(Name, by: Name)
    case nameTooLong(String)
}

extension PlanDraftError: ExplainedError {
    public var code: String {
        switch self {
        case .sessionRepeated: "plan.draft.session"
        case .participantsDiffer: "plan.draft.participant"
        case .noSession: "plan.draft.session.unknown"
        case .noOutput: "plan.draft.output.unknown"
        case .noData: "plan.draft.data.unknown"
        case .sessionFed: "plan.draft.shards"
        case .nameTooLong: "plan.draft.name"
        }
    }

    public var message: String {
        switch self {
        case .sessionRepeated(let name): "there is a session named \(name) already"
        case .participantsDiffer(let name): "two manifests have different keys for \(name)"
        case .noSession(let name): "there is no session named \(name)"
        case .noOutput(let output, let session): "\(session) has no output named \(output)"
        case .noData(let data, let session): "\(session) has no data named \(data)"
        case .sessionFed(let session, let sender): "\(session) is fed by \(sender), so it cannot become shards"
        case .nameTooLong(let name): "\(name) is longer than the 40 characters that a name may have"
        }
    }

    public var hint: String? {
        switch self {
        case .participantsDiffer: "take the entry of one NAME.pub in all manifests"
        case .sessionFed: "split sessions that get all their data from participants"
        case .nameTooLong: "give the session, and the data that it fills, a shorter name"
        default: nil
        }
    }
}
