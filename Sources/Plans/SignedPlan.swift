public import Commitments
public import Keys

extension PayloadType {
    /// A plan's canonical bytes.
    public static let plan = PayloadType(
        name: "application/vnd.2cvm.plan+json", maximumByteCount: Plan.maximumByteCount)
}

extension Plan: Agreement {
    public static var payloadType: PayloadType { .plan }
    public static var word: String { "plan" }
    public var signatories: [Participant] { participants }
}

/// A plan that at least one of its participants signed, every signature verified.
public typealias SignedPlan = SignedAgreement<Plan>

/// A plan that every participant signed.
public typealias FullySignedPlan = FullySignedAgreement<Plan>

/// A plan as it lies in a file: a draft, or an envelope with signatures.
public typealias PlanDocument = AgreementDocument<Plan>

extension SignedAgreement where Terms == Plan {
    /// What was signed.
    public var plan: Plan { terms }
}

extension FullySignedAgreement where Terms == Plan {
    /// What was signed.
    public var plan: Plan { terms }

    /// What the session of that name is bound to; `nil` where the plan has no such session.
    public func bound(_ session: Name) -> BoundDigest? {
        plan.sessions.first { $0.name == session }
            .map { BoundDigest(plan: plan.digest, manifest: $0.manifest, session: $0.name) }
    }
}

extension FullySignedAgreement where Terms == Plan {
    /// What the session of that name locks to.
    ///
    /// - Parameters:
    ///   - session: its name in the plan.
    ///   - bytes: its manifest, in any layout.
    public func agreed(_ session: Name, _ bytes: [UInt8]) throws(PlanError) -> AgreedManifest {
        let manifest = try plan.manifest(decoding: bytes, of: session)
        let flows = plan.flows.filter { $0.from == session || $0.to == session }
        let names = Set(flows.flatMap { [$0.from, $0.to] }).subtracting([session])
        let platforms = plan.terms.platforms
        let peers = plan.sessions.filter { names.contains($0.name) }.compactMap { entry -> PeerSession? in
            guard let platform = platforms[entry.name] else { return nil }
            return PeerSession(
                name: entry.name,
                bound: BoundDigest(plan: plan.digest, manifest: entry.manifest, session: entry.name),
                platform: platform, attempts: entry.attempts)
        }
        return AgreedManifest(manifest, peers: peers, flows: flows)
    }
}

extension AgreementDocument where Terms == Plan {
    /// What the file holds, signed or not.
    public var plan: Plan { terms }
}
