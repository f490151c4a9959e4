public import Keys
public import Primitives

/// An appraisal for other people's programs: an EAT Attestation Result (EAR) in a signed JWT.
///
/// Sources: draft-ietf-rats-ear-04; RFC 7515 and 7519; RFC 8037 for
/// EdDSA. docs/EVIDENCE.md says claim by claim what it holds.
public struct AppraisalToken: Sendable {
    public static let profile = "tag:ietf.org,2026:rats/ear#04"
    public static let maximumByteCount = 262_144
    /// The label of the one machine that was appraised.
    public static let submodule = "sev-snp"

    /// Who appraised what, for whom, and for how long the result may be used.
    public struct Circumstances: Sendable {
        /// The program and its version.
        public var build: String
        public var issued: Timestamp
        public var expires: Timestamp?
        /// Whom it is for. Whoever else gets it must refuse it.
        public var audience: String?
        /// The nonce that the evidence answered, where it did.
        public var nonce: FixedBytes<32>?

        /// Names them.
        public init(build: String, issued: Timestamp) {
            self.build = build
            self.issued = issued
        }
    }

    /// Three parts of base64url, joined by dots.
    public let text: String

    /// Signs an appraisal, affirmed or not.
    ///
    /// - Parameters:
    ///   - appraisal: affirmed, or not.
    ///   - verifier: as it appraised.
    ///   - circumstances: whom the token is for, and for how long.
    ///   - key: whose word the token is.
    public init<Affirmed>(
        _ appraisal: Appraisal<Affirmed>, by verifier: Verifier, in circumstances: Circumstances,
        signing key: SigningKey
    ) {
        var isAffirmed = false
        if case .affirmed = appraisal { isAffirmed = true }
        let trust = Trustworthiness(appraisal.findings, isAffirmed: isAffirmed)
        let claims = TrustClaim.allCases.compactMap { claim in
            trust.vector[claim].flatMap { $0 == .none ? nil : JSONMember(claim.rawValue, .integer($0.rawValue)) }
        }
        var result = [
            JSONMember("ear_status", .string(trust.status.name)),
            JSONMember("ear_trustworthiness_vector", .object(claims)),
        ]
        let policies = verifier.policy.files.map {
            "\($0.name)/\($0.date.description.prefix(10))/\($0.digest.prefixed)"
        }
        if !policies.isEmpty {
            result.append(JSONMember("ear_appraisal_policy_ids", .array(policies.map { .string($0) })))
        }
        if let nonce = circumstances.nonce {
            result.append(JSONMember("eat_nonce", .string(Base64.urlUnpadded.encode(nonce.bytes))))
        }
        result.append(JSONMember("ear_verifier_claims", ["vnd_2cvm_appraisal": appraisal.json(at: verifier.time)]))
        let issuer = JSONValue.string(key.publicKey.didKey)
        var payload = [
            JSONMember("eat_profile", .string(Self.profile)), JSONMember("iss", issuer),
            JSONMember("iat", .integer(Int(circumstances.issued.unixSeconds))),
            JSONMember("ear_verifier_id", ["developer": "2cVM", "build": .string(circumstances.build)]),
            JSONMember("ear_status", .string(trust.status.name)),
            JSONMember("submods", .object([JSONMember(Self.submodule, .object(result))])),
        ]
        if let expires = circumstances.expires { payload.append(JSONMember("exp", .integer(Int(expires.unixSeconds)))) }
        if let audience = circumstances.audience { payload.append(JSONMember("aud", .string(audience))) }
        let header: JSONValue = ["alg": .string(Self.algorithm), "typ": .string(Self.type), "kid": issuer]
        let parts = [header, .object(payload)].map { Base64.urlUnpadded.encode($0.canonicalBytes) }
        let content = parts.joined(separator: ".")
        // A signed text of DSSE begins with "DSSEv1 ", and base64url has no space: neither passes for the other.
        let signature = key.signature(over: Array(content.utf8))
        text = content + "." + Base64.urlUnpadded.encode(signature.bytes)
    }

    static let algorithm = "EdDSA"
    static let type = "eat+jwt"
}

/// A token whose signature and terms held. Only ``init(_:by:audience:at:)`` makes one.
public struct VerifiedAppraisalToken: Sendable {
    /// The status of the machine: `affirming`, `warning`, `contraindicated` or `none`.
    public let status: String
    public let issued: Timestamp
    /// All claims.
    public let claims: JSONValue

    /// Verifies a token.
    ///
    /// - Parameters:
    ///   - text: hostile, at most ``AppraisalToken/maximumByteCount`` bytes.
    ///   - key: whose word is asked for. What the token itself names as its key decides nothing.
    ///   - audience: who asks. A token for somebody else is refused, also where nobody is named here.
    ///   - time: now, or when it was used.
    /// - Throws: ``TokenError``.
    public init(
        _ text: String, by key: SigningPublicKey, audience: String?, at time: Timestamp
    ) throws(TokenError) {
        guard text.utf8.count <= AppraisalToken.maximumByteCount else { throw .form }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Base64.urlUnpadded.decode(String(parts[0])),
            let payload = Base64.urlUnpadded.decode(String(parts[1])),
            let signature = Base64.urlUnpadded.decode(String(parts[2]))
        else { throw .form }
        try Self.requireHeader(header, of: key)
        guard let signature = FixedBytes<64>(signature),
            key.isValid(signature, over: Array("\(parts[0]).\(parts[1])".utf8))
        else { throw .signature }
        do {
            claims = try JSONValue(parsing: payload, maximumByteCount: AppraisalToken.maximumByteCount)
        } catch {
            throw .json(error)
        }
        let terms: (issued: Timestamp, expires: Timestamp?, audience: String?, status: String)
        do throws(JSONShapeError) {
            terms = try Self.terms(of: JSONReader(claims))
        } catch {
            throw .shape(error)
        }
        guard terms.audience == audience else { throw .audience }
        let latest = time.unixSeconds + Verifier.clockToleranceSeconds
        guard terms.issued.unixSeconds <= latest, terms.expires.map({ time < $0 }) ?? true else { throw .time }
        (status, issued) = (terms.status, terms.issued)
    }

    private static func terms(
        of reader: JSONReader
    ) throws(JSONShapeError) -> (issued: Timestamp, expires: Timestamp?, audience: String?, status: String) {
        var object = try reader.object()
        let profile = try object.required("eat_profile")
        guard profile.isWord(AppraisalToken.profile) else {
            throw .unknownWord(profile.path, expected: [AppraisalToken.profile])
        }
        let issued = try object.time("iat")
        let expires: Timestamp? = object.contains("exp") ? try object.time("exp") : nil
        let audience: String? = object.contains("aud") ? try object.required("aud").text() : nil
        var submodules = try object.object("submods")
        var machine = try submodules.object(AppraisalToken.submodule)
        return (issued, expires, audience, try machine.required("ear_status").text())
    }

    /// The header says how it was signed. Whoever lets it choose lets the sender choose.
    private static func requireHeader(_ bytes: [UInt8], of key: SigningPublicKey) throws(TokenError) {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes, maximumByteCount: 4096, maximumDepth: 1)
        } catch {
            throw .json(error)
        }
        do throws(JSONShapeError) {
            var object = try JSONReader(value).object()
            let algorithm = try object.required("alg").isWord(AppraisalToken.algorithm)
            let type = try object.required("typ").isWord(AppraisalToken.type)
            let names = try object.required("kid").isWord(key.didKey)
            // Other members name keys, or what a reader must understand.
            try object.finish()
            guard algorithm, type else { throw .unknownWord(object.path, expected: [AppraisalToken.algorithm]) }
            guard names else { throw .wrongForm(object.path.appending("kid"), expected: key.didKey) }
        } catch {
            switch error {
            case .unknownWord: throw .algorithm
            case .wrongForm: throw .key
            default: throw .shape(error)
            }
        }
    }
}

extension JSONObjectReader {
    fileprivate mutating func time(_ name: String) throws(JSONShapeError) -> Timestamp {
        let reader = try required(name)
        let seconds = try reader.integer(in: 0...JSONValue.maximumInteger)
        guard let time = Timestamp(unixSeconds: Int64(seconds)) else {
            throw .outOfRange(reader.path, expected: 0...253_402_300_799)
        }
        return time
    }
}

extension JSONReader {
    fileprivate func text() throws(JSONShapeError) -> String {
        try parsed(as: "a text of printable characters", maximumByteCount: 500) { text in
            text.unicodeScalars.allSatisfy(\.showsItself) ? text : nil
        }
    }
}
