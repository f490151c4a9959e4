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

extension AgreementDocument where Terms == Plan {
    /// What the file holds, signed or not.
    public var plan: Plan { terms }
}
