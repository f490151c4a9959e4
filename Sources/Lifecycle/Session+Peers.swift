public import Commitments
public import Keys
public import Primitives

// What a session has to do with the other sessions of its plan.

/// A machine that was appraised as a session of the same plan.
public struct AffirmedPeer: Equatable, Sendable {
    /// Which session it is.
    public let session: PeerSession
    /// Its own.
    public let keys: SessionPublicKeys
    /// SHA-256 of the attestation report that it was affirmed by.
    public let reportDigest: SHA256Digest

    /// - Parameters:
    ///   - session: which one it was appraised as.
    ///   - keys: of an affirmed appraisal under `session`'s terms, and of nothing else.
    ///   - reportDigest: of the report that was affirmed.
    package init(_ session: PeerSession, keys: SessionPublicKeys, reportDigest: SHA256Digest) {
        self.session = session
        self.keys = keys
        self.reportDigest = reportDigest
    }

    /// What streams to it are sealed under.
    public var sessionID: SHA256Digest { keys.sessionID(boundTo: session.bound) }
}

/// What filled a slot, where another session did.
public struct PeerPart: Equatable, Sendable {
    /// The sender's id.
    public let session: SHA256Digest
    /// Whether the sender's run released its results. Of a run that did not, the part is empty.
    public let isReleased: Bool

    /// Joins the two.
    public init(session: SHA256Digest, isReleased: Bool) {
        self.session = session
        self.isReleased = isReleased
    }
}

extension Session {
    /// The session that a machine may be appraised as at this moment.
    ///
    /// - Parameters:
    ///   - bound: what its evidence is for.
    ///   - keys: as its evidence claims.
    /// - Returns: `nil` where the machine was affirmed before.
    public func expectPeer(
        boundTo bound: BoundDigest, _ keys: SessionPublicKeys
    ) throws(SessionError) -> PeerSession? {
        try require(stageFor: .introduction)
        guard let course, let peer = course.agreed.peer(boundTo: bound) else { throw .noSuchPeer }
        let affirmed = course.peers.filter { $0.session == peer }
        if affirmed.contains(where: { $0.keys == keys }) { return nil }
        // An affirmed one never loses its place to another.
        guard affirmed.count < peer.attempts, wants(peer, course) else { throw .peerNotWanted }
        return peer
    }

    /// Takes a machine as a session of the plan. Saying it again changes nothing.
    public mutating func affirm(_ peer: AffirmedPeer) throws(SessionError) -> [Action] {
        guard try expectPeer(boundTo: peer.session.bound, peer.keys) == peer.session, var course else { return [] }
        course.affirm(peer)
        replaceCourse(course)
        guard case .finished = stage else { return [] }
        return handOver([peer], course)
    }

    /// Gives each of these what flows to it. Nobody else will need it where all attempts of all receivers are used.
    func handOver(_ peers: [AffirmedPeer], _ course: Course) -> [Action] {
        let receivers = peers.filter { !course.agreed.flows(to: $0.session.name).isEmpty }
        guard !receivers.isEmpty else { return [] }
        let isLast = course.agreed.peers.allSatisfy { peer in
            course.agreed.flows(to: peer.name).isEmpty
                || course.peers.count { $0.session == peer } == peer.attempts
        }
        return receivers.map { .handOver($0) } + (isLast ? [.forgetParts] : [])
    }

    /// A sender is wanted as long as a slot waits for it, a receiver from the lock to the end.
    private func wants(_ peer: PeerSession, _ course: Course) -> Bool {
        if !course.agreed.flows(to: peer.name).isEmpty { return true }
        guard case .admitting(let admission) = stage else { return false }
        return admission.open.contains { $0.provider == .session(peer.name) }
    }
}
