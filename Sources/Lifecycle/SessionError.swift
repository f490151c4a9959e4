public import Commitments
public import Primitives

/// Why an event was refused. The session is then as it was before.
///
/// The host may see the code; names in the messages go to their participants alone.
public enum SessionError: Error, Equatable, Sendable {
    case alreadyLocked
    case notLocked
    /// The manifest's `binding` and HOST_DATA disagree.
    case bindingDiffers
    /// HOST_DATA names another manifest.
    case otherManifest
    /// The content was sealed to another session.
    case otherSession
    case notAdmitting
    case noSuchSlot(String)
    case slotFilled(Name)
    case notTheProvider(Name)
    case tooLarge(Name, maximum: Int, found: Int)
    case lengthDiffers(Name, expected: Int, found: Int)
    case digestDiffers(Name)
    case notExecuting
    /// The outputs are not exactly those that the manifest names.
    case outputsDiffer
    case notAParticipant
    case ended(Session.EndReason)
}

extension SessionError: ExplainedError {
    public var code: String {
        switch self {
        case .alreadyLocked: "session.locked"
        case .notLocked: "session.unlocked"
        case .bindingDiffers: "session.binding"
        case .otherManifest: "session.manifest"
        case .otherSession: "session.identity"
        case .notAdmitting: "session.stage"
        case .noSuchSlot: "session.slot.unknown"
        case .slotFilled: "session.slot.filled"
        case .notTheProvider: "session.slot.provider"
        case .tooLarge: "content.size"
        case .lengthDiffers: "session.slot.length"
        case .digestDiffers: "content.digest"
        case .notExecuting: "session.stage.execution"
        case .outputsDiffer: "session.outputs"
        case .notAParticipant: "session.participant"
        case .ended(let reason): reason.code
        }
    }

    public var message: String {
        switch self {
        case .alreadyLocked: "the session is locked to a manifest and cannot take another"
        case .notLocked: "the session is not locked to a manifest yet"
        case .bindingDiffers: "the manifest asks for another binding than the machine was launched with"
        case .otherManifest: "the machine was launched for another manifest"
        case .otherSession: "the content was sealed to another session"
        case .notAdmitting: "the session takes no submissions now"
        case .noSuchSlot: "the manifest names no such slot"
        case .slotFilled(let name): "\(name) was submitted before, and a slot is filled once"
        case .notTheProvider(let name): "\(name) is another participant's to submit"
        case .tooLarge(let name, let maximum, let found): "expected at most \(maximum) bytes of \(name), found \(found)"
        case .lengthDiffers(let name, let expected, let found):
            "expected \(expected) bytes of \(name) as announced, found \(found)"
        case .digestDiffers(let name): "\(name) is not what the manifest commits to"
        case .notExecuting: "the session is not executing"
        case .outputsDiffer: "the outputs are not those that the manifest names"
        case .notAParticipant: "the sender is no participant of this manifest"
        case .ended(let reason): reason.message
        }
    }

    public var hint: String? {
        switch self {
        case .alreadyLocked: "compare the digest in its evidence with your manifest's"
        case .bindingDiffers: "launch with the manifest's digest for `launch`, and without one for `lock`"
        case .digestDiffers: "submit the very bytes that the manifest was signed for, with the same salt"
        case .otherSession: "attest again: the machine may have been restarted"
        default: nil
        }
    }
}

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
