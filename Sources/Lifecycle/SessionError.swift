public import Commitments

/// Why an event was refused. The session is then as it was before.
///
/// A participant's names and sizes are in it: `AgentError` of AgentAPI is what anyone may read.
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
    case digestDiffers(Name)
    case notExecuting
    /// The outputs are not exactly those that the manifest names.
    case outputsDiffer
    case notAParticipant
    case ended(Session.EndReason)
}
