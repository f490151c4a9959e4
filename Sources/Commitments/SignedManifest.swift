public import Keys
public import Primitives

extension PayloadType {
    /// A manifest's canonical bytes.
    public static let manifest = PayloadType(
        name: "application/vnd.2cvm.manifest+json", maximumByteCount: Manifest.maximumByteCount)
}

/// A manifest that at least one of its participants signed, every signature verified.
///
/// Some participants may be missing: ``complete()`` says whether the manifest can lock a session.
public struct SignedManifest: Equatable, Sendable {
    public static let maximumByteCount = Envelope.maximumByteCount(of: .manifest)

    public let manifest: Manifest
    public private(set) var envelope: Envelope

    /// Decodes an envelope and verifies every signature against the participants that it encloses.
    public init(decoding bytes: [UInt8]) throws(SignedManifestError) {
        let envelope: Envelope
        do {
            envelope = try Envelope(decoding: bytes, as: .manifest)
        } catch {
            throw .envelope(error)
        }
        // The payload names the keys that verify it: decode it strictly, then believe it.
        let manifest: Manifest
        do {
            manifest = try Manifest(decoding: envelope.payload)
        } catch {
            throw .manifest(error)
        }
        guard manifest.canonicalBytes == envelope.payload else { throw .notCanonical }
        do {
            _ = try envelope.verified(by: manifest.participants.map(\.signingKey))
        } catch {
            throw .envelope(error)
        }
        self.manifest = manifest
        self.envelope = envelope
    }

    /// The first signature.
    public init(signing manifest: Manifest, by key: SigningKey) throws(SignedManifestError) {
        guard manifest.participant(signingWith: key.publicKey) != nil else { throw .notAParticipant(key.publicKey) }
        self.manifest = manifest
        envelope = Envelope(signing: manifest.canonicalBytes, as: .manifest, by: key)
    }

    /// One more signature. Signing twice changes nothing.
    public mutating func sign(by key: SigningKey) throws(SignedManifestError) {
        guard manifest.participant(signingWith: key.publicKey) != nil else { throw .notAParticipant(key.publicKey) }
        envelope.sign(by: key)
    }

    /// Takes the other's signatures, if it is the same manifest.
    public mutating func join(_ other: SignedManifest) throws(SignedManifestError) {
        guard other.manifest.digest == manifest.digest else {
            throw .manifestsDiffer(manifest.digest, other.manifest.digest)
        }
        do {
            try envelope.join(other.envelope)
        } catch {
            throw .envelope(error)
        }
    }

    /// Who signed, in the manifest's order.
    public var signers: [Name] {
        manifest.participants.filter(hasSigned).map(\.name)
    }

    /// Who has not signed yet, in the manifest's order.
    public var missingSigners: [Name] {
        manifest.participants.filter { !hasSigned($0) }.map(\.name)
    }

    /// The manifest as one that can lock a session.
    ///
    /// - Throws: ``SignedManifestError/signaturesMissing(_:)``.
    public func complete() throws(SignedManifestError) -> FullySignedManifest {
        let missing = missingSigners
        guard missing.isEmpty else { throw .signaturesMissing(missing) }
        return FullySignedManifest(manifest: manifest, envelope: envelope)
    }

    /// The envelope's JSON.
    public var encoded: [UInt8] { envelope.encoded }

    private func hasSigned(_ participant: Participant) -> Bool {
        envelope.signatures.contains { $0.keyID == participant.signingKey }
    }
}

/// A manifest that every participant signed. Only ``SignedManifest/complete()`` makes one; a lock
/// takes nothing less.
public struct FullySignedManifest: Equatable, Sendable {
    public let manifest: Manifest
    public let envelope: Envelope

    fileprivate init(manifest: Manifest, envelope: Envelope) {
        self.manifest = manifest
        self.envelope = envelope
    }
}

extension Manifest {
    /// The participant who signs with `key`, or `nil`.
    public func participant(signingWith key: SigningPublicKey) -> Participant? {
        participants.first { $0.signingKey == key }
    }
}

/// Why an envelope is not a signed manifest, or not a complete one.
public enum SignedManifestError: Error, Equatable, Sendable {
    case envelope(EnvelopeError)
    case manifest(ManifestError)
    case notCanonical
    case notAParticipant(SigningPublicKey)
    case manifestsDiffer(SHA256Digest, SHA256Digest)
    case signaturesMissing([Name])
}

extension SignedManifestError: PositionedError {
    public var position: TextPosition? {
        switch self {
        case .envelope(let error): error.position
        case .manifest(let error): error.position
        default: nil
        }
    }

    public var code: String {
        switch self {
        case .envelope(let error): error.code
        case .manifest(let error): error.code
        case .notCanonical: "manifest.notCanonical"
        case .notAParticipant: "manifest.signer.unknown"
        case .manifestsDiffer: "manifest.differs"
        case .signaturesMissing: "manifest.signatures.missing"
        }
    }

    public var message: String {
        switch self {
        case .envelope(let error): error.message
        case .manifest(let error): error.message
        case .notCanonical: "the payload is a manifest, and not in its canonical form"
        case .notAParticipant(let key): "\(key.didKey) is the signing key of no participant"
        case .manifestsDiffer(let left, let right): "two manifests: \(left.prefixed) and \(right.prefixed)"
        case .signaturesMissing(let names):
            "the signatures of " + names.map(\.description).joined(separator: ", ") + " are missing"
        }
    }

    public var hint: String? {
        switch self {
        case .envelope(let error): error.hint
        case .manifest(let error): error.hint
        case .notCanonical: "sign it with `2cvm manifest sign`, which writes the canonical form"
        case .notAParticipant: "the manifest must have the entry of your NAME.pub"
        case .manifestsDiffer: "`2cvm manifest diff` shows what changed; everyone signs one and the same"
        case .signaturesMissing: "each signs with `2cvm manifest sign`; `2cvm manifest join` merges what they send"
        }
    }
}
