public import Keys
public import Primitives

/// One machine of a run: which session's part it takes, and as which attempt.
public struct MachineID: Hashable, Comparable, Sendable {
    /// The session's place in the schedule.
    public let session: Int
    /// From 1 on.
    public let attempt: Int

    /// Joins the two.
    public init(session: Int, attempt: Int) {
        self.session = session
        self.attempt = attempt
    }

    public static func < (left: MachineID, right: MachineID) -> Bool {
        (left.session, left.attempt) < (right.session, right.attempt)
    }
}

/// What a machine says of its session. Nothing vouches for it, and nothing that matters rests on it: a lie costs time.
public struct MachineStatus: Equatable, Sendable {
    /// As far as a scheduler has to know.
    public enum Stage: Equatable, Sendable {
        case awaitingLock, admitting, working, finished, ended, withdrawn
    }

    public let stage: Stage
    public let bound: BoundDigest
    public let session: SHA256Digest
    /// What a peer's evidence must be made on.
    public let peerNonce: FixedBytes<32>

    /// Joins the four.
    public init(stage: Stage, bound: BoundDigest, session: SHA256Digest, peerNonce: FixedBytes<32>) {
        self.stage = stage
        self.bound = bound
        self.session = session
        self.peerNonce = peerNonce
    }

    /// Whether the session is locked and not over.
    var isLocked: Bool {
        switch stage {
        case .admitting, .working, .finished: true
        case .awaitingLock, .ended, .withdrawn: false
        }
    }
}

/// Why a machine was told to end.
public enum EndReason: String, CaseIterable, Sendable {
    /// Everything that it made was taken.
    case done
    /// Another attempt's results were taken.
    case superseded
    /// Its session had ended, for another reason than a withdrawal.
    case over
    /// A participant withdrew.
    case withdrawn
    /// It is another session's machine.
    case misplaced
    /// The whole run was stopped.
    case stopped
}

/// What the run's folder has of a machine.
public struct MachineRecord: Equatable, Sendable {
    /// What the engine knows it by.
    public var task: String
    /// Where its agent listens; `nil` until it does.
    public var address: String?
    public var end: EndReason?
    /// Whether everything that participants get of it lies in the folder.
    public var isCollected: Bool

    /// States what was found.
    public init(task: String, address: String? = nil, end: EndReason? = nil, isCollected: Bool = false) {
        self.task = task
        self.address = address
        self.end = end
        self.isCollected = isCollected
    }
}

/// A task as the engine lists it: what starts a machine, and stays with it.
public struct EngineTask: Hashable, Sendable {
    /// The same for a task that the engine starts again.
    public let id: String
    /// The place of the session that it is for.
    public let session: Int
    /// Whether it runs; otherwise it waits for a place, or for others.
    public let isRunning: Bool

    /// Joins the three.
    public init(id: String, session: Int, isRunning: Bool) {
        self.id = id
        self.session = session
        self.isRunning = isRunning
    }
}

/// That a receiver's session has what an edge brings.
public struct Handover: Hashable, Sendable {
    /// The edge's place in the schedule.
    public let edge: Int
    public let receiver: SHA256Digest

    /// Joins the two.
    public init(edge: Int, receiver: SHA256Digest) {
        self.edge = edge
        self.receiver = receiver
    }
}
