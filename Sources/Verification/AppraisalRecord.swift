public import Commitments
public import Evidence
public import Keys
public import Primitives

/// A participant's signed note of what a session's evidence was and what it made of it, and when.
///
/// Evidence answers a nonce and says nothing of time. Whoever asked knows when that was, and says so here, so that an
/// auditor can judge the same bytes as of the same moment, years later and offline.
public struct AppraisalRecord: Sendable {
    /// The bundle, with the newest revocation list that was at hand. Older ones have nothing to add: none of them
    /// revoked anything here, or nothing would have been affirmed.
    public let bundle: EvidenceBundle
    /// The nonce that the participant drew.
    public let nonce: FixedBytes<32>
    public let time: Timestamp
    /// What the session was bound to: the manifest, or a session of a plan.
    public let bound: BoundDigest
    public let session: SHA256Digest

    /// A bundle in base64, findings and a policy's date.
    public static let payloadType = PayloadType(
        name: "application/vnd.2cvm.appraisal+json", maximumByteCount: 256 * 1024)

    /// What the participant's policy was: its date, or `nil` where there was none.
    private let policyDate: Timestamp?
    /// The appraisal as docs/EVIDENCE.md describes it.
    private let result: JSONValue

    /// Notes an affirmed appraisal.
    public init(_ attestation: Attestation, of session: AffirmedSession, by verifier: Verifier) {
        var bundle = attestation.bundle
        bundle.endorsements.revocationList = session.evidence.revocationList
        self.bundle = bundle
        nonce = attestation.nonce
        time = verifier.time
        bound = session.bound
        self.session = session.id
        policyDate = verifier.policy.date
        result = attestation.appraisal.json(at: verifier.time)
    }

    /// Signs the record as the participant who appraised.
    public func signed(by key: SigningKey) -> Envelope {
        Envelope(signing: payload, as: Self.payloadType, by: key)
    }

    /// RFC 8785 form.
    private var payload: [UInt8] {
        var members = [
            JSONMember("version", 1), JSONMember("time", .string(time.description)),
            JSONMember("manifest", .string(bound.hostData.prefixed)),
            JSONMember("session", .string(session.description)), JSONMember("nonce", .string(nonce.description)),
            JSONMember("bundle", .base64(bundle.encoded)),
        ]
        if let policyDate { members.append(JSONMember("policyDate", .string(policyDate.description))) }
        members.append(JSONMember("appraisal", result))
        return JSONValue.object(members).canonicalBytes
    }

    /// Decodes a record that a participant of the manifest signed.
    ///
    /// - Returns: the record, which is that participant's word, and who it is.
    public static func verified(
        _ bytes: [UInt8], under manifest: Manifest
    ) throws(OutputsError) -> (record: AppraisalRecord, signer: Participant) {
        let envelope: Envelope
        do {
            envelope = try Envelope(decoding: bytes, as: payloadType)
        } catch {
            // What cannot be read is not unsigned: say where it breaks.
            throw .record("it cannot be read: \(error.message)")
        }
        guard envelope.signatures.count == 1, let signature = envelope.signatures.first else {
            throw .record("expected one signature, found \(envelope.signatures.count)")
        }
        guard let signer = manifest.sender(signingWith: signature.keyID) else {
            throw .record("no participant of the manifest signed it")
        }
        guard let payload = try? envelope.verified(by: [signer.signingKey]) else {
            throw .record("\(signer.name)'s signature does not hold")
        }
        do {
            let value = try JSONValue(parsing: payload.bytes, maximumByteCount: payloadType.maximumByteCount)
            let record = try AppraisalRecord(JSONReader(value))
            // Of times and of the bundle in it, too.
            guard record.payload == payload.bytes else {
                throw OutputsError.record("its content is not written in the one canonical form")
            }
            return (record, signer)
        } catch let error as OutputsError {
            throw error
        } catch let error as any ExplainedError {
            throw .record("its content cannot be read: \(error.message)")
        } catch {
            throw .record("its form")
        }
    }

    private init(_ reader: JSONReader) throws {
        var object = try reader.object()
        _ = try object.integer("version", in: 1...1)
        time = try object.parsed("time", as: "a time") { Timestamp($0) }
        bound = BoundDigest(try object.required("manifest").digest())
        session = try object.hex("session")
        nonce = try object.hex("nonce")
        let text = try object.string("bundle", maximumByteCount: EvidenceBundle.maximumByteCount / 3 * 4 + 4)
        guard let bytes = Base64.standard.decode(text) else { throw OutputsError.record("its bundle is not base64") }
        bundle = try EvidenceBundle(decoding: bytes)
        policyDate = try object.optional("policyDate")?.parsed(as: "a date") { Timestamp($0) }
        // What they made of it is kept for people; an auditor appraises the bundle again.
        result = try object.required("appraisal").value
        try object.finish()
    }

    /// Appraises the recorded evidence again.
    ///
    /// - Parameters:
    ///   - manifest: what everyone signed.
    ///   - verifier: the auditor's own, at the record's time or at another.
    public func appraised(under manifest: Manifest, by verifier: Verifier) throws(OutputsError) -> AffirmedSession {
        var memory = EndorsementMemory()
        return try appraised(under: manifest, by: verifier, remembering: &memory)
    }

    /// The same among many records whose chains are few.
    ///
    /// - Parameters:
    ///   - manifest: what everyone signed.
    ///   - verifier: the auditor's own, at the record's time or at another.
    ///   - memory: of the chains before.
    public func appraised(
        under manifest: Manifest, by verifier: Verifier, remembering memory: inout EndorsementMemory
    ) throws(OutputsError) -> AffirmedSession {
        guard manifest.bound == bound else { throw .record("another manifest") }
        let chain = memory.verification(of: bundle.endorsements, simulatedRoot: verifier.simulatedRoot)
        let terms = SessionTerms(nonce: nonce, manifest: manifest)
        switch verifier.appraise(bundle, endorsed: chain, under: terms) {
        case .affirmed(.locked(let affirmed)) where affirmed.id == session: return affirmed
        case .affirmed: throw .record("another session")
        case .contraindicated(let findings): throw .contraindicated(findings)
        }
    }
}
