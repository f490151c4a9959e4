package import Commitments
package import Evidence
package import Lifecycle
package import Plans
package import Primitives

/// Appraises machines as sessions of the same plan.
///
/// It has no clock. The time is the latest that AMD's own revocation lists or the plan state, so a host that sets this
/// machine's clock changes nothing. Lists are remembered: a serial number on any of them stays revoked.
package struct PeerVerifier: Sendable {
    private let notBefore: Timestamp
    private let policy: VerifierPolicy
    private let simulatedRoot: SHA256Digest?
    private let nonce: FixedBytes<32>
    private var lists: [RevocationList] = []

    /// A list has 64 KiB at most, and AMD publishes a few each month. Beyond that a bundle's own list counts alone.
    static let maximumListCount = 64

    /// - Parameters:
    ///   - lock: what the session locks to. A plan that names a policy file comes with it.
    ///   - nonce: drawn by this session at its boot.
    ///   - simulatedRoot: the root of this machine's own simulated platform; `nil` on hardware.
    /// - Returns: `nil` where the policy file cannot be understood.
    package init?(_ lock: PlannedLock, nonce: FixedBytes<32>, simulatedRoot: SHA256Digest?) {
        guard let date = Timestamp(lock.plan.plan.evidence.revocationNotBefore.description) else { return nil }
        notBefore = date
        if let bytes = lock.policy {
            guard let file = try? PolicyFile(decoding: bytes) else { return nil }
            policy = VerifierPolicy([file])
        } else {
            policy = .none
        }
        self.nonce = nonce
        self.simulatedRoot = simulatedRoot
    }

    /// Appraises one bundle.
    ///
    /// - Returns: the machine, where its evidence is affirmed under the peer's terms.
    package mutating func appraise(_ bundle: EvidenceBundle, as peer: PeerSession) -> AffirmedPeer? {
        let verification = bundle.endorsements.verified(simulatedRoot: simulatedRoot)
        if case .verified(let endorsements) = verification, let list = endorsements.revocationList { remember(list) }
        var verifier = Verifier(at: time, policy: policy)
        verifier.judgesNextUpdate = false
        verifier.revocationLists = lists
        verifier.revocationNotBefore = notBefore
        verifier.simulatedRoot = simulatedRoot
        let terms = SessionTerms(nonce: nonce, boundTo: peer.bound, platform: peer.platform)
        guard case .affirmed(.locked(let session)) = verifier.appraise(bundle, endorsed: verification, under: terms)
        else { return nil }
        return AffirmedPeer(
            peer, keys: session.keys, reportDigest: SHA256Digest(sha256: bundle.report.encoded))
    }

    /// The latest that anything trusted states.
    private var time: Timestamp { lists.map(\.thisUpdate).reduce(notBefore, max) }

    private mutating func remember(_ list: RevocationList) {
        guard lists.count < Self.maximumListCount, !lists.contains(list) else { return }
        lists.append(list)
    }
}
