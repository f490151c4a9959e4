public import Primitives

/// What is to be done next. Each can be done twice without harm.
public enum Action: Hashable, Sendable {
    /// Have the engine start one more machine for a session.
    case start(session: Int)
    /// Ask a machine where its session stands.
    case ask(MachineID)
    /// Bring one session's evidence to another.
    case introduce(Introduction)
    /// Fetch a stream from its sender, and post it to its receiver.
    case hand(Delivery)
    /// Fetch what participants get of a machine, and what it says that it sent.
    case collect(MachineID)
    /// Tell a machine to end.
    case end(MachineID, EndReason)
    /// Have the engine drop a task that nobody needs.
    case cancel(task: String)

    /// `newcomer`'s evidence, on `host`'s nonce.
    public struct Introduction: Hashable, Sendable {
        public let newcomer: MachineID
        public let newcomerSession: SHA256Digest
        public let host: MachineID
        public let hostSession: SHA256Digest
        public let nonce: FixedBytes<32>
    }

    /// What an edge brings, from one machine to another.
    public struct Delivery: Hashable, Sendable {
        public let edge: Int
        public let sender: MachineID
        public let senderSession: SHA256Digest
        public let receiver: MachineID
        public let receiverSession: SHA256Digest

        var handover: Handover { Handover(edge: edge, receiver: receiverSession) }
    }
}

/// How an action went.
public enum ActionOutcome: Sendable {
    case done
    /// Worth another try later.
    case later
    /// Not between these two.
    case refused
}

/// Where a run stands.
public enum RunState: Equatable, Sendable {
    case running
    /// Everything that participants get lies in the folder.
    case finished
    /// These sessions have no machine and may have no other. What they feed waits in vain, and the rest has ended.
    case failed(sessions: [Int])
}
