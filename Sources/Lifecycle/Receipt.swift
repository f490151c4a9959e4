public import Commitments
public import Keys
public import Primitives

/// What a session states about itself once it has finished: what went in, what came out, how it ended.
///
/// Outputs and data stand as commitments, so the receipt can be shown to anyone. It has no sizes and no times: code
/// chooses them, and could write into them for everyone what it may write for one recipient alone. A receipt is worth
/// what its session's key is worth: believe it after the evidence that travels with it was affirmed.
public struct Receipt: Equatable, Sendable {
    /// Nobody learns more of how a run ended than this.
    public enum Ending: String, CaseIterable, Equatable, Sendable {
        case completed, failed

        /// What became of the results, for people. All that is known of a failure is that there are none.
        public var words: String {
            switch self {
            case .completed: "released"
            case .failed: "not released"
            }
        }
    }

    public let manifestDigest: SHA256Digest
    /// Which session of which plan it is; `nil` where the manifest stands alone.
    public let plan: PlanMembership?
    public let identity: SessionPublicKeys
    /// SHA-256 of the attestation report in the evidence bundle that was made at the lock.
    public let reportDigest: SHA256Digest
    /// Engine and version, such as `wasmtime 50.0.1`.
    public let engine: String
    public let run: RunReference
    /// Whether the session ended with this run.
    public let isLast: Bool
    public let ending: Ending
    /// In the manifest's order: components, then data. All of them, but where the session ended while it waited.
    public let slots: [CommittedEntry]
    /// In the manifest's order; empty after a failure.
    public let outputs: [CommittedEntry]

    /// What the session is bound to.
    public var bound: BoundDigest { Self.bound(to: manifestDigest, plan) }

    /// The session's id under its manifest.
    public var sessionID: SHA256Digest { identity.sessionID(boundTo: bound) }

    private static func bound(to manifest: SHA256Digest, _ plan: PlanMembership?) -> BoundDigest {
        guard let plan else { return BoundDigest(manifest) }
        return BoundDigest(plan: plan.digest, manifest: manifest, session: plan.session)
    }

    /// States a conclusion.
    public init(_ conclusion: Conclusion, of identity: SessionPublicKeys, engine: String) {
        let manifest = conclusion.admitted.manifest
        manifestDigest = manifest.digest
        plan = manifest.plan.map { PlanMembership(digest: $0, session: manifest.name) }
        self.identity = identity
        reportDigest = conclusion.admitted.evidence.reportDigest
        self.engine = engine
        run = conclusion.admitted.course.reference
        isLast = conclusion.isLast
        slots = conclusion.admitted.slots.map(\.entry)
        switch conclusion.outcome {
        case .completed(let commitments):
            ending = .completed
            outputs = commitments.map(\.entry)
        case .failed:
            ending = .failed
            outputs = []
        }
    }
}

extension Receipt {
    /// 256 components, 1,024 data slots and 256 outputs of at most 220 bytes each, and two keys.
    public static let payloadType = PayloadType(
        name: "application/vnd.2cvm.receipt+json", maximumByteCount: 384 * 1024)

    /// Signs the receipt with the session's key.
    public func signed(by key: SigningKey) -> Envelope {
        Envelope(signing: payload, as: Self.payloadType, by: key)
    }

    /// What the next run and its receipt name: SHA-256 over ``payload``.
    public var digest: SHA256Digest { SHA256Digest(sha256: payload) }

    /// RFC 8785 form.
    public var payload: [UInt8] {
        let members: [JSONMember] = [
            JSONMember("version", 1),
            JSONMember("manifest", .string(manifestDigest.prefixed)),
            JSONMember("session", .string(sessionID.description)),
            JSONMember("sealingKey", .string(identity.sealing.text)),
            JSONMember("signingKey", .string(identity.signing.didKey)),
            JSONMember("report", .string(reportDigest.prefixed)),
            JSONMember("engine", .string(engine)),
            JSONMember("last", .bool(isLast)),
            JSONMember("outcome", .string(ending.rawValue)),
            JSONMember("slots", .array(slots.map(\.json))),
            JSONMember("outputs", .array(outputs.map(\.json))),
        ]
        return JSONValue.object(members + (plan?.members ?? []) + run.members).canonicalBytes
    }

    /// Decodes a receipt that `identity` signed.
    ///
    /// - Throws: ``ReceiptError`` also when the receipt names another session than the one that signed it.
    public init(verifying envelope: Envelope, from identity: SessionPublicKeys) throws(ReceiptError) {
        let payload: VerifiedPayload
        do {
            payload = try envelope.verified(by: [identity.signing])
        } catch {
            throw .signature(error)
        }
        do {
            let value = try JSONValue(parsing: payload.bytes, maximumByteCount: Self.payloadType.maximumByteCount)
            guard value.canonicalBytes == payload.bytes else { throw ReceiptError.notCanonical }
            try self.init(JSONReader(value), from: identity)
        } catch let error as ReceiptError {
            throw error
        } catch let error as JSONShapeError {
            throw .shape(error)
        } catch {
            throw .notCanonical
        }
    }

    private init(_ reader: JSONReader, from identity: SessionPublicKeys) throws {
        var object = try reader.object()
        _ = try object.integer("version", in: 1...1)
        manifestDigest = try object.required("manifest").digest()
        plan = try PlanMembership.optional(&object)
        let session: SHA256Digest = try object.hex("session")
        let sealingKey = try object.required("sealingKey").sealingPublicKey()
        let signingKey = try object.required("signingKey").signingPublicKey()
        self.identity = SessionPublicKeys(sealing: sealingKey, signing: signingKey)
        reportDigest = try object.required("report").digest()
        engine = try object.string("engine", maximumByteCount: 64)
        run = try RunReference(&object)
        isLast = try object.bool("last")
        ending = try object.choice("outcome", of: Ending.self)
        slots = try object.array("slots", maximumCount: 1280).map(CommittedEntry.init)
        outputs = try object.array("outputs", maximumCount: 256).map(CommittedEntry.init)
        try object.finish()
        guard self.identity == identity, session == identity.sessionID(boundTo: Self.bound(to: manifestDigest, plan))
        else {
            throw ReceiptError.otherSession
        }
        guard ending == .completed || outputs.isEmpty else { throw ReceiptError.outputsOfAFailedRun }
    }
}

/// Which session of which plan something is of.
public struct PlanMembership: Equatable, Sendable {
    /// The plan's digest.
    public let digest: SHA256Digest
    /// The session's name in the plan.
    public let session: Name

    /// Joins the two.
    public init(digest: SHA256Digest, session: Name) {
        self.digest = digest
        self.session = session
    }

    var members: [JSONMember] {
        [JSONMember("plan", .string(digest.prefixed)), JSONMember("name", .string(session.description))]
    }

    /// Both members, or neither.
    static func optional(_ object: inout JSONObjectReader) throws(JSONShapeError) -> PlanMembership? {
        guard let plan = object.optional("plan") else { return nil }
        let name = try object.required("name").name()
        return PlanMembership(digest: try plan.digest(), session: name)
    }
}
