package import AgentAPI
package import Lifecycle
internal import Primitives

/// A session's status at any moment: all of it but the time that is left, and when that is over.
@dynamicMemberLookup
package struct SessionStatus: Equatable, Sendable {
    private let lasting: AgentStatus
    /// When admission, or the keeping of outputs, is over: on the session's clock. Other stages have no such time.
    private let deadline: Session.Seconds?

    init(_ session: Session, peerNonce: FixedBytes<32>, isSimulated: Bool) {
        lasting = AgentStatus(session, peerNonce: peerNonce, isSimulated: isSimulated)
        deadline = session.deadline
    }

    /// What is answered at a moment of the session's clock.
    package func at(_ now: Session.Seconds) -> AgentStatus {
        var status = lasting
        status.secondsLeft = deadline.map { max(0, $0 - now) }
        return status
    }

    /// What lasts.
    package subscript<Value>(dynamicMember member: KeyPath<AgentStatus, Value>) -> Value {
        lasting[keyPath: member]
    }
}
