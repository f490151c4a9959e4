public import Commitments
public import Keys
internal import Lifecycle
public import Primitives

/// What an untrusted scheduler needs of a plan to move its sessions forward: digests, sizes, times and who feeds whom.
///
/// Nobody's name is in it, and nothing in it is a secret: docs/PLAN.md says what a host learns. A session is known by
/// its place here, and receivers stand before those that feed them: started in this order, each finds its receivers up.
public struct Schedule: Equatable, Sendable {
    /// As RUN/schedule.json has it, at most.
    public static let maximumByteCount = 16 << 20
    static let maximumSessionCount = 1000
    static let maximumEdgeCount = 8192
    static let maximumOutputCount = 64
    /// Of a stream, at most: a content of 1 TiB, sealed.
    static let maximumStreamByteCount = 1 << 41

    /// The digest of the plan that this was made of.
    public let plan: SHA256Digest
    public let sessions: [ScheduledSession]
    public let edges: [ScheduledEdge]
    /// For each session the edges that begin there, and those that end there, by their places.
    public let leaving: [[Int]]
    public let arriving: [[Int]]

    init(plan: SHA256Digest, sessions: [ScheduledSession], edges: [ScheduledEdge]) {
        self.plan = plan
        self.sessions = sessions
        self.edges = edges
        var leaving = [[Int]](repeating: [], count: sessions.count)
        var arriving = leaving
        for (index, edge) in edges.enumerated() {
            leaving[edge.from].append(index)
            arriving[edge.to].append(index)
        }
        self.leaving = leaving
        self.arriving = arriving
    }

    /// The sessions that one feeds, each once.
    public func receivers(of session: Int) -> [Int] { Set(leaving[session].map { edges[$0].to }).sorted() }

    /// The sessions that feed one, each once.
    public func senders(to session: Int) -> [Int] { Set(arriving[session].map { edges[$0].from }).sorted() }
}

/// One session of a plan, as a scheduler knows it.
public struct ScheduledSession: Equatable, Sendable {
    /// What its machine is bound to.
    public let bound: BoundDigest
    /// How many machines may take its part.
    public let attempts: Int
    /// What a machine needs, estimated from the manifest's bounds.
    public let memoryMiB: Int
    /// Whether a machine is launched for this session, or learns of it by its lock.
    public let binding: PlatformRequirements.Binding
    /// How long a machine waits for everything that it needs.
    public let admissionSeconds: Int
    /// Compiling and running, at most.
    public let runSeconds: Int
    /// How long a machine keeps what it made.
    public let retentionSeconds: Int
    /// One sealed stream for each participant.
    public let outputs: [ScheduledOutput]

    /// From start to end, at most.
    public var seconds: Int { admissionSeconds + runSeconds + retentionSeconds }
}

/// A participant's sealed stream: opaque, and of a size that the plan fixes.
public struct ScheduledOutput: Equatable, Sendable {
    /// What names it, as in `GET /v1/outputs/<token>`.
    public let token: SHA256Digest
    public let byteCount: Int
}

/// An output of one session that goes to another, sealed.
public struct ScheduledEdge: Equatable, Sendable {
    public let edge: SHA256Digest
    /// The places of sender and receiver.
    public let from: Int
    public let to: Int
    /// Of the sealed stream.
    public let byteCount: Int

    /// What names the stream for one session of the receiver, as in `GET /v1/outputs/<token>`.
    public func token(for receiver: SHA256Digest) -> SHA256Digest { FlowToken.stream(of: edge, to: receiver) }
}
