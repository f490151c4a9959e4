public import Keys

/// A manifest that everyone who takes part has agreed to, and the sessions that it has to do with: what a session
/// locks to.
///
/// It comes from a manifest that every participant signed, or from a plan that every participant signed and a manifest
/// of that plan.
public struct AgreedManifest: Equatable, Sendable {
    public let manifest: Manifest
    /// The sessions that this one sends to or takes from. None where the manifest stands alone.
    public let peers: [PeerSession]
    /// What flows to this session and from it, in the plan's order.
    public let flows: [Flow]

    /// A manifest that stands alone.
    public init(_ signed: FullySignedManifest) {
        manifest = signed.manifest
        peers = []
        flows = []
    }

    /// A manifest of a plan that every participant signed.
    package init(_ manifest: Manifest, peers: [PeerSession], flows: [Flow]) {
        self.manifest = manifest
        self.peers = peers
        self.flows = flows
    }

    /// The peer that is bound so, or `nil`.
    public func peer(boundTo bound: BoundDigest) -> PeerSession? { peers.first { $0.bound == bound } }

    /// What this session sends to the session of that name.
    public func flows(to peer: Name) -> [Flow] { flows.filter { $0.from == manifest.name && $0.to == peer } }

    /// What this session takes from the session of that name.
    public func flows(from peer: Name) -> [Flow] { flows.filter { $0.to == manifest.name && $0.from == peer } }
}

/// Another session of the same plan, as one that sends to it or takes from it knows it.
public struct PeerSession: Equatable, Sendable {
    public let name: Name
    /// What its machines are bound to.
    public let bound: BoundDigest
    /// What its machines must prove.
    public let platform: PlatformRequirements
    /// How many machines may take its part.
    public let attempts: Int

    package init(name: Name, bound: BoundDigest, platform: PlatformRequirements, attempts: Int) {
        self.name = name
        self.bound = bound
        self.platform = platform
        self.attempts = attempts
    }
}
