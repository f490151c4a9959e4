public import Primitives

/// Why an envelope is refused.
public enum EnvelopeError: Error, Equatable, Sendable {
    case document(DocumentError)
    case repeatedSigner(SigningPublicKey)
    case tooManySignatures
    case unknownSigner(SigningPublicKey)
    case invalidSignature(SigningPublicKey)
    case payloadsDiffer
    case signaturesDiffer(SigningPublicKey)
}

extension EnvelopeError: PositionedError {
    public var position: TextPosition? {
        if case .document(let error) = self { error.position } else { nil }
    }

    public var code: String {
        switch self {
        case .document(let error): "envelope.\(error.code)"
        case .repeatedSigner: "envelope.signer.repeated"
        case .tooManySignatures: "envelope.signatures.count"
        case .unknownSigner: "envelope.signer.unknown"
        case .invalidSignature: "envelope.signature.invalid"
        case .payloadsDiffer: "envelope.payload.differs"
        case .signaturesDiffer: "envelope.signature.differs"
        }
    }

    public var message: String {
        switch self {
        case .document(let error): error.message
        case .repeatedSigner(let key): "two signatures by \(key.didKey)"
        case .tooManySignatures: "more than \(Envelope.maximumSignatureCount) signatures"
        case .unknownSigner(let key): "a signature by \(key.didKey), whose word was not asked for"
        case .invalidSignature(let key): "the signature by \(key.didKey) does not hold"
        case .payloadsDiffer: "the two envelopes hold different payloads"
        case .signaturesDiffer(let key): "the two envelopes hold different signatures by \(key.didKey)"
        }
    }

    public var hint: String? {
        switch self {
        case .document(let error): error.hint
        case .payloadsDiffer: "each participant must sign the same document, byte for byte"
        case .repeatedSigner, .tooManySignatures, .unknownSigner, .invalidSignature, .signaturesDiffer: nil
        }
    }
}
