public import Primitives

/// An end as it is told to whoever asks for something afterwards.
extension Session.EndReason: ExplainedError {
    public var code: String {
        switch self {
        case .admissionExpired: "session.ended.admission"
        case .withdrawn: "session.ended.withdrawal"
        case .retentionOver: "session.ended.retention"
        case .stopped: "session.ended.stop"
        }
    }

    public var message: String {
        switch self {
        case .admissionExpired: "the session ended because not every slot was filled in time"
        case .withdrawn: "the session ended because a participant withdrew"
        case .retentionOver: "the session ended because its outputs had waited for as long as the manifest says"
        case .stopped: "the session ended because it was stopped"
        }
    }

    public var hint: String? {
        switch self {
        case .admissionExpired, .withdrawn: "nothing was computed; another session needs another machine"
        case .retentionOver, .stopped: nil
        }
    }
}
