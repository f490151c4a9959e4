internal import Commitments
public import Keys
public import Primitives

/// Everything that a verifier needs to appraise a session offline, decoded and not yet trusted.
///
/// The form is JSON, `application/vnd.2cvm.evidence+json`, described in docs/EVIDENCE.md.
public struct EvidenceBundle: Sendable, Equatable {
    public static let mediaType = "application/vnd.2cvm.evidence+json"
    /// A report, three certificates, a revocation list, two keys and a path, as base64 and
    /// hexadecimal: 115 KiB at most.
    public static let maximumByteCount = 131_072

    public var report: AttestationReport
    public var endorsements: Endorsements
    public var answer: NonceAnswer
    public var session: SessionClaim

    /// Joins a report with what it was made for.
    public init(
        report: AttestationReport, endorsements: Endorsements, answer: NonceAnswer, session: SessionClaim
    ) {
        self.report = report
        self.endorsements = endorsements
        self.answer = answer
        self.session = session
    }
}

/// The question that a bundle answers.
public struct NonceAnswer: Hashable, Sendable {
    /// As the verifier drew it.
    public let nonce: FixedBytes<32>
    /// To the root that the report is bound to.
    public let path: InclusionPath

    /// Joins the two.
    public init(nonce: FixedBytes<32>, path: InclusionPath) {
        self.nonce = nonce
        self.path = path
    }
}

/// What a session says of itself. Trusted only through an affirmed appraisal.
public struct SessionClaim: Hashable, Sendable {
    public let keys: SessionPublicKeys
    public let bound: BoundDigest

    /// Joins the two.
    public init(keys: SessionPublicKeys, bound: BoundDigest) {
        self.keys = keys
        self.bound = bound
    }
}

extension EvidenceBundle {
    /// Decodes a bundle and everything in it.
    ///
    /// - Parameter bytes: JSON, at most ``maximumByteCount`` bytes.
    /// - Throws: ``EvidenceFileError``, with the path of the value at fault.
    public init(decoding bytes: [UInt8]) throws(EvidenceFileError) {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes, maximumByteCount: Self.maximumByteCount)
        } catch {
            throw .json(error)
        }
        let fields: BundleFields
        do {
            fields = try BundleFields(JSONReader(value))
        } catch {
            throw .shape(error)
        }
        self.init(
            report: try fields.decodeReport(), endorsements: try fields.endorsements.decoded(), answer: fields.answer,
            session: fields.session)
    }

    /// The bundle as JSON, in the order in which docs/EVIDENCE.md lists the keys.
    public var encoded: [UInt8] {
        let encoder = BundleEncoder(endorsements: endorsements, session: session)
        return encoder.head(for: report) + BundleEncoder.answer(answer) + encoder.tail
    }
}
