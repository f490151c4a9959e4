public import Commitments

/// Why an event was refused. The session is then as it was before.
///
/// A participant's names and sizes are in it: `AgentError` of AgentAPI is what anyone may read.
public enum SessionError: Error, Equatable, Sendable {
    case alreadyLocked
    case notLocked
    /// Another manifest was found good, and its evidence is being made.
    case locking
    /// The event belongs to a lock that nobody waits for any more.
    case notLocking
    /// The manifest's `binding` and HOST_DATA disagree.
    case bindingDiffers
    /// HOST_DATA names another manifest.
    case otherManifest
    /// The machine cannot hold what the manifest may come to need.
    case tooLargeForMachine
    /// The content was sealed to another session.
    case otherSession
    case notAdmitting
    /// Outputs of earlier runs take all the room there is.
    case noRoom
    /// It is for another run, or follows another receipt.
    case otherRun
    case notReviewing
    case notAnApprover
    case answered
    /// The answer is to something else than what is decided on.
    case otherReview
    /// Nothing waits for a confirmation.
    case notNeeded
    /// The run's end is being sealed, which takes a moment.
    case concluding
    case tooLateToWithdraw
    /// No flow of the plan names such a session beside this one.
    case noSuchPeer
    /// As many machines as may take the peer's part were affirmed, or nothing waits for it.
    case peerNotWanted
    case noSuchSlot(String)
    case slotFilled(Name)
    case notTheProvider(Name)
    case tooLarge(Name, maximum: Int, found: Int)
    case digestDiffers(Name)
    case notExecuting
    case notConcluding
    /// The outputs are not exactly those that the manifest names.
    case outputsDiffer
    case notAParticipant
    case ended(Session.EndReason)
}
