public import Keys
public import Primitives

/// Why an envelope does not hold signed terms, or not complete ones.
public enum AgreementError<Terms: Agreement>: Error, Equatable, Sendable {
    case envelope(EnvelopeError)
    case terms(Terms.Fault)
    case notCanonical
    case notAParticipant(SigningPublicKey)
    case termsDiffer(SHA256Digest, SHA256Digest)
    case signaturesMissing([Name])
}

extension AgreementError: PositionedError {
    public var position: TextPosition? {
        switch self {
        case .envelope(let error): error.position
        case .terms(let error): error.position
        default: nil
        }
    }

    public var code: String {
        switch self {
        case .envelope(let error): error.code
        case .terms(let error): error.code
        case .notCanonical: "\(Terms.word).notCanonical"
        case .notAParticipant: "\(Terms.word).signer.unknown"
        case .termsDiffer: "\(Terms.word).differs"
        case .signaturesMissing: "\(Terms.word).signatures.missing"
        }
    }

    public var message: String {
        switch self {
        case .envelope(let error): error.message
        case .terms(let error): error.message
        case .notCanonical: "the payload is a \(Terms.word), and not in its canonical form"
        case .notAParticipant(let key): "\(key.didKey) is the signing key of no participant"
        case .termsDiffer(let left, let right): "two \(Terms.word)s: \(left.prefixed) and \(right.prefixed)"
        case .signaturesMissing(let names):
            "the signatures of " + names.map(\.description).joined(separator: ", ") + " are missing"
        }
    }

    public var hint: String? {
        switch self {
        case .envelope(let error): error.hint
        case .terms(let error): error.hint
        case .notCanonical: "sign it with `2cvm \(Terms.word) sign`, which writes the canonical form"
        case .notAParticipant: "the \(Terms.word) must have the entry of your NAME.pub"
        case .termsDiffer: "`2cvm \(Terms.word) diff` shows what changed; everyone signs one and the same"
        case .signaturesMissing:
            "each signs with `2cvm \(Terms.word) sign`; `2cvm \(Terms.word) join` merges what they send"
        }
    }
}
