public import Keys
public import Primitives

/// What participants sign together: a manifest, or a plan.
public protocol Agreement: Equatable, Sendable {
    /// Why bytes are not such terms.
    associatedtype Fault: PositionedError & Equatable

    /// What the signatures are for.
    static var payloadType: PayloadType { get }
    /// `manifest`, `plan`: what people call it, and how the codes of its errors begin.
    static var word: String { get }

    /// Decodes the terms in any layout, and holds them against every rule.
    init(decoding bytes: [UInt8]) throws(Fault)

    /// Whose signatures make it complete, in its own order.
    var signatories: [Participant] { get }
    /// RFC 8785 form: the bytes that are signed.
    var canonicalBytes: [UInt8] { get }
    /// SHA-256 over ``canonicalBytes``.
    var digest: SHA256Digest { get }
}

extension Agreement {
    /// The participant who signs with `key`, or `nil`.
    public func participant(signingWith key: SigningPublicKey) -> Participant? {
        signatories.first { $0.signingKey == key }
    }
}

/// Terms that at least one of their participants signed, every signature verified.
///
/// Some participants may be missing: ``complete()`` says whether a session can lock to them.
public struct SignedAgreement<Terms: Agreement>: Equatable, Sendable {
    /// The largest envelope of such terms.
    public static var maximumByteCount: Int { Envelope.maximumByteCount(of: Terms.payloadType) }

    public let terms: Terms
    public private(set) var envelope: Envelope

    /// Decodes an envelope and verifies every signature against the participants that it encloses.
    public init(decoding bytes: [UInt8]) throws(AgreementError<Terms>) {
        let envelope: Envelope
        do {
            envelope = try Envelope(decoding: bytes, as: Terms.payloadType)
        } catch {
            throw .envelope(error)
        }
        // The payload names the keys that verify it: decode it strictly, then believe it.
        let terms: Terms
        do {
            terms = try Terms(decoding: envelope.payload)
        } catch {
            throw .terms(error)
        }
        guard terms.canonicalBytes == envelope.payload else { throw .notCanonical }
        do {
            _ = try envelope.verified(by: terms.signatories.map(\.signingKey))
        } catch {
            throw .envelope(error)
        }
        self.terms = terms
        self.envelope = envelope
    }

    /// The first signature.
    public init(signing terms: Terms, by key: SigningKey) throws(AgreementError<Terms>) {
        guard terms.participant(signingWith: key.publicKey) != nil else { throw .notAParticipant(key.publicKey) }
        self.terms = terms
        envelope = Envelope(signing: terms.canonicalBytes, as: Terms.payloadType, by: key)
    }

    /// One more signature. Signing twice changes nothing.
    public mutating func sign(by key: SigningKey) throws(AgreementError<Terms>) {
        guard terms.participant(signingWith: key.publicKey) != nil else { throw .notAParticipant(key.publicKey) }
        envelope.sign(by: key)
    }

    /// Takes the other's signatures, if they are of the same terms.
    public mutating func join(_ other: SignedAgreement) throws(AgreementError<Terms>) {
        guard other.terms.digest == terms.digest else { throw .termsDiffer(terms.digest, other.terms.digest) }
        do {
            try envelope.join(other.envelope)
        } catch {
            throw .envelope(error)
        }
    }

    /// Who signed, in the terms' order.
    public var signers: [Name] {
        terms.signatories.filter(hasSigned).map(\.name)
    }

    /// Who has not signed yet, in the terms' order.
    public var missingSigners: [Name] {
        terms.signatories.filter { !hasSigned($0) }.map(\.name)
    }

    /// The terms as such that can lock a session.
    ///
    /// - Throws: ``AgreementError/signaturesMissing(_:)``.
    public func complete() throws(AgreementError<Terms>) -> FullySignedAgreement<Terms> {
        let missing = missingSigners
        guard missing.isEmpty else { throw .signaturesMissing(missing) }
        return FullySignedAgreement(terms: terms, envelope: envelope)
    }

    /// The envelope's JSON.
    public var encoded: [UInt8] { envelope.encoded }

    private func hasSigned(_ participant: Participant) -> Bool {
        envelope.signatures.contains { $0.keyID == participant.signingKey }
    }
}

/// Terms that every participant signed. Only ``SignedAgreement/complete()`` makes them; a lock takes nothing less.
public struct FullySignedAgreement<Terms: Agreement>: Equatable, Sendable {
    public let terms: Terms
    public let envelope: Envelope

    fileprivate init(terms: Terms, envelope: Envelope) {
        self.terms = terms
        self.envelope = envelope
    }
}
