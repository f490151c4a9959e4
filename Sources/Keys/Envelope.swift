public import Primitives

/// What a signature is for. Each document in the project has a type of its own, so a signature
/// made for one means nothing for another.
public struct PayloadType: Hashable, Sendable {
    /// A media type, such as `application/vnd.2cvm.manifest+json`.
    public let name: String
    public let maximumByteCount: Int

    /// Names a type and bounds its payload.
    public init(name: String, maximumByteCount: Int) {
        self.name = name
        self.maximumByteCount = maximumByteCount
    }
}

/// A DSSE envelope (github.com/secure-systems-lab/dsse, version 1): a payload and at least one
/// signature. Nothing in it is believed before ``verified(by:)``.
public struct Envelope: Equatable, Sendable {
    public static let maximumSignatureCount = 64

    public let payloadType: PayloadType
    /// Not yet verified.
    public let payload: [UInt8]
    /// By distinct keys; never empty. Not yet verified.
    public internal(set) var signatures: [EnvelopeSignature]

    init(payloadType: PayloadType, payload: [UInt8], signatures: [EnvelopeSignature]) {
        self.payloadType = payloadType
        self.payload = payload
        self.signatures = signatures
    }

    /// Signs `payload`.
    ///
    /// - Precondition: the payload is no larger than its type allows.
    public init(signing payload: [UInt8], as type: PayloadType, by key: SigningKey) {
        precondition(payload.count <= type.maximumByteCount, "\(type.name) is bounded")
        self.init(payloadType: type, payload: payload, signatures: [])
        sign(by: key)
    }

    /// Adds a signature. Signing twice with one key changes nothing.
    ///
    /// - Precondition: fewer than ``maximumSignatureCount`` others have signed.
    public mutating func sign(by key: SigningKey) {
        let signature = EnvelopeSignature(
            keyID: key.publicKey, signature: key.signature(over: preAuthenticationEncoding))
        if let index = signatures.firstIndex(where: { $0.keyID == key.publicKey }) {
            signatures[index] = signature
        } else {
            precondition(signatures.count < Self.maximumSignatureCount, "envelopes hold 64 signatures")
            signatures.append(signature)
        }
    }

    /// Takes the other's signatures as well.
    ///
    /// - Throws: ``EnvelopeError/payloadsDiffer``, ``EnvelopeError/signaturesDiffer(_:)``, or
    ///   ``EnvelopeError/tooManySignatures``.
    public mutating func join(_ other: Envelope) throws(EnvelopeError) {
        guard other.payloadType == payloadType, other.payload == payload else { throw .payloadsDiffer }
        for signature in other.signatures {
            if let known = signatures.first(where: { $0.keyID == signature.keyID }) {
                guard known == signature else { throw .signaturesDiffer(signature.keyID) }
            } else {
                guard signatures.count < Self.maximumSignatureCount else { throw .tooManySignatures }
                signatures.append(signature)
            }
        }
    }

    /// The payload, once every signature in the envelope is by one of `keys` and holds.
    ///
    /// A single bad or foreign signature refuses the whole: an envelope is what somebody sent, and
    /// nobody sends half of it by mistake.
    /// - Throws: ``EnvelopeError/unknownSigner(_:)`` or ``EnvelopeError/invalidSignature(_:)``.
    public func verified(by keys: [SigningPublicKey]) throws(EnvelopeError) -> VerifiedPayload {
        let message = preAuthenticationEncoding
        for signature in signatures {
            guard keys.contains(signature.keyID) else { throw .unknownSigner(signature.keyID) }
            guard signature.keyID.isValid(signature.signature, over: message) else {
                throw .invalidSignature(signature.keyID)
            }
        }
        return VerifiedPayload(type: payloadType, bytes: payload, signers: Set(signatures.map(\.keyID)))
    }

    /// DSSE's PAE: "DSSEv1", then type and payload, each after its length in decimal.
    package var preAuthenticationEncoding: [UInt8] {
        Array("DSSEv1 \(payloadType.name.utf8.count) \(payloadType.name) \(payload.count) ".utf8) + payload
    }
}

/// One signature and the key that it claims to be by.
public struct EnvelopeSignature: Equatable, Sendable {
    public let keyID: SigningPublicKey
    public let signature: FixedBytes<64>
}

/// A payload whose every signature held. Only ``Envelope/verified(by:)`` makes one.
public struct VerifiedPayload: Sendable {
    public let type: PayloadType
    public let bytes: [UInt8]
    /// Never empty, and each one of the keys that were asked for.
    public let signers: Set<SigningPublicKey>

    fileprivate init(type: PayloadType, bytes: [UInt8], signers: Set<SigningPublicKey>) {
        self.type = type
        self.bytes = bytes
        self.signers = signers
    }
}
