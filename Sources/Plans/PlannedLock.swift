public import Commitments
internal import Keys
public import Primitives

/// What locks a session of a plan: the plan that everyone signed, the session's own manifest, and the policy file that
/// the plan names.
///
///     {"manifest": {…}, "plan": {the signed plan's envelope}, "policy": "base64", "version": 1}
public struct PlannedLock: Sendable {
    public let plan: FullySignedPlan
    public let agreed: AgreedManifest
    /// The bytes of the policy file whose digest the plan has; `nil` where it names none.
    public let policy: [UInt8]?

    /// A plan, a manifest and a policy file together.
    public static let maximumByteCount = 3 << 20
    static let maximumPolicyByteCount = 256 << 10

    /// Joins the three.
    ///
    /// - Parameters:
    ///   - plan: signed by everyone.
    ///   - session: which of the plan's sessions it is.
    ///   - manifest: that session's manifest, in any layout.
    ///   - policy: the policy file, where the plan names one.
    public init(
        _ plan: FullySignedPlan, _ session: Name, manifest: [UInt8], policy: [UInt8]?
    ) throws(PlannedLockError) {
        do {
            agreed = try plan.agreed(session, manifest)
        } catch {
            throw .plan(error)
        }
        let digest = policy.flatMap(Self.digest(ofPolicy:))
        guard digest == plan.plan.evidence.policy, (digest == nil) == (policy == nil) else { throw .policyDiffers }
        self.plan = plan
        self.policy = policy
    }
}

extension PlannedLock {
    /// Over the canonical bytes, in whatever layout the file is.
    private static func digest(ofPolicy bytes: [UInt8]) -> SHA256Digest? {
        (try? JSONValue(parsing: bytes, maximumByteCount: maximumPolicyByteCount)).map {
            SHA256Digest(sha256: $0.canonicalBytes)
        }
    }

    /// Whether a content is meant to be one of these, and not a signed manifest.
    public static func isMeant(by bytes: [UInt8]) -> Bool {
        guard let value = try? JSONValue(parsing: bytes, maximumByteCount: maximumByteCount),
            case .object(let members) = value
        else { return false }
        return members.contains { $0.name.hasSameBytes(as: "plan") }
    }

    /// The object as JSON, around parts that are JSON already.
    public var encoded: [UInt8] {
        var bytes = Array("{\"manifest\":".utf8) + agreed.manifest.canonicalBytes
        bytes += Array(",\"plan\":".utf8) + plan.envelope.encoded
        if let policy { bytes += Array(",\"policy\":".utf8) + JSONValue.base64(policy).canonicalBytes }
        return bytes + Array(",\"version\":1}".utf8)
    }

    /// Decodes what ``encoded`` has, verifies every signature, and holds the manifest against the plan.
    public init(decoding bytes: [UInt8]) throws(PlannedLockError) {
        let parts: (manifest: JSONValue, plan: JSONValue, policy: [UInt8]?)
        do {
            let value = try JSONValue(parsing: bytes, maximumByteCount: Self.maximumByteCount)
            var object = try JSONReader(value).object()
            _ = try object.integer("version", in: 1...1)
            let policy = try object.optional("policy")?.base64(maximumByteCount: Self.maximumPolicyByteCount)
            parts = (try object.required("manifest").value, try object.required("plan").value, policy)
            try object.finish()
        } catch {
            throw .form
        }
        let signed: SignedPlan
        do {
            signed = try SignedPlan(decoding: parts.plan.canonicalBytes)
        } catch {
            throw .signed(error)
        }
        let complete: FullySignedPlan
        do {
            complete = try signed.complete()
        } catch {
            throw .signed(error)
        }
        guard case .object(let members) = parts.manifest,
            case .string(let text)? = members.first(where: { $0.name.hasSameBytes(as: "name") })?.value,
            let session = Name(text)
        else { throw .form }
        try self.init(complete, session, manifest: parts.manifest.canonicalBytes, policy: parts.policy)
    }
}

/// Why something locks no session of a plan.
public enum PlannedLockError: Error, Equatable, Sendable {
    /// Not the object that such a content is.
    case form
    /// No signed plan, or one that not everybody signed.
    case signed(AgreementError<Plan>)
    /// The manifest is none of the plan's.
    case plan(PlanError)
    /// The policy file is missing, is none that the plan names, or has another digest.
    case policyDiffers
}

extension PlannedLockError: ExplainedError {
    public var code: String {
        switch self {
        case .form: "plan.lock.form"
        case .signed(let error): error.code
        case .plan(let error): error.code
        case .policyDiffers: "plan.policy"
        }
    }

    public var message: String {
        switch self {
        case .form: "expected an object with a plan, one of its manifests, and the policy file that the plan names"
        case .signed(let error): error.message
        case .plan(let error): error.message
        case .policyDiffers: "the policy file is not the one that the plan names"
        }
    }

    public var hint: String? {
        switch self {
        case .form: nil
        case .signed(let error): error.hint
        case .plan(let error): error.hint
        case .policyDiffers: "`2cvm plan explain` prints the digest of the policy file; give that file, or none"
        }
    }
}
