package import AgentAPI
internal import Commitments
package import Evidence
package import Keys
internal import Lifecycle
internal import NIOPosix
internal import Primitives

extension SessionHost {
    /// Takes evidence of another session of the plan.
    ///
    /// Nothing is appraised for a session that no flow names or that nothing waits for, nor for a machine that was
    /// affirmed before.
    /// - Parameters:
    ///   - bundle: on this session's ``SessionKeys/peerNonce``, with everything that it takes to appraise it.
    ///   - bound: what it is for.
    package nonisolated func introduce(_ bundle: EvidenceBundle, boundTo bound: BoundDigest) async throws(AgentError) {
        let keys = bundle.session.keys
        guard let peer = try await expectPeer(boundTo: bound, keys) else { return }
        let affirmed = try await introductions.take { () async throws(AgentError) in
            try await appraise(bundle, as: peer)
        }
        guard let affirmed else { throw .peerRefused }
        try await affirm(affirmed)
    }

    /// What this session has signed of what it sent to others, the first first.
    package var deliveries: [Envelope] {
        get throws(AgentError) {
            try require(stageFor: .introduction)
            return signedDeliveries
        }
    }

    private func affirm(_ peer: AffirmedPeer) throws(AgentError) {
        try tell { session throws(SessionError) in try session.affirm(peer) }
    }

    private func expectPeer(
        boundTo bound: BoundDigest, _ keys: SessionPublicKeys
    ) throws(AgentError) -> PeerSession? {
        try onSession { () throws(SessionError) in try session.expectPeer(boundTo: bound, keys) }
    }

    /// Away from the session, which goes on meanwhile. One at a time, so that no list is forgotten.
    private func appraise(_ bundle: EvidenceBundle, as peer: PeerSession) async throws(AgentError) -> AffirmedPeer? {
        // Others may have come first.
        guard try expectPeer(boundTo: peer.bound, bundle.session.keys) != nil, let verifier = peerVerifier else {
            throw .peerNotWanted
        }
        do {
            let (appraised, affirmed) = try await NIOThreadPool.singleton.runIfActive {
                var verifier = verifier
                let affirmed = verifier.appraise(bundle, as: peer)
                return (verifier, affirmed)
            }
            peerVerifier = appraised
            return affirmed
        } catch {
            throw .busy
        }
    }

    /// Seals to another session what flows to it.
    func startHandOver(to peer: AffirmedPeer) {
        guard let parts, let agreed = session.course?.agreed else { return stop() }
        let (id, before) = (session.sessionID, handingOver)
        handingOver = Task {
            await before?.value
            let work = HandOver(
                parts: parts, peer: peer, agreed: agreed, session: id, keys: keys, count: signedDeliveries.count,
                folder: folder)
            let sealed = try? await onOwnThread { try work.seal() }
            guard case .finished = session.stage else { return }
            // What the lock made sure of does not hold any more.
            guard let sealed else { return stop() }
            peerStreams.merge(sealed.streams) { first, _ in first }
            signedDeliveries += sealed.deliveries
        }
    }
}
