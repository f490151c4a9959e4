public import Primitives

/// Why a stream was not sealed or not opened. Says positions and sizes, never content.
public enum SealingError: Error, Equatable, Sendable {
    /// The recipient's key is not an X-Wing public key.
    case unusableKey
    /// The library refused to encrypt: a bound was passed.
    case cannotSeal
    /// The first bytes are not those of a sealed stream of this version.
    case notASealedStream
    /// Authentication failed: other key, session or purpose, or changed, moved or cut bytes. 0 is the header.
    case cannotOpen(chunk: Int)
    /// A chunk of another size than its place demands.
    case wrongChunkSize(chunk: Int, expected: Int, found: Int)
    /// More chunks than the header's length allows.
    case tooManyChunks(expected: Int)
    /// The header is not of the form.
    case malformedHeader(JSONShapeError?)
    /// The header was made for another session, or says so.
    case otherSession
    /// The header's signature is not by this key, or not over this stream.
    case signatureRefused
    /// The content is longer than a stream may announce.
    case contentTooLarge(found: Int)
    /// The content is longer than whoever opens it takes.
    case contentOverBound(maximum: Int, found: Int)
}

extension SealingError: ExplainedError {
    public var code: String {
        switch self {
        case .unusableKey: "sealing.key"
        case .cannotSeal: "sealing.seal"
        case .notASealedStream: "sealing.prefix"
        case .cannotOpen: "sealing.open"
        case .wrongChunkSize: "sealing.chunk.size"
        case .tooManyChunks: "sealing.chunk.count"
        case .malformedHeader: "sealing.header.form"
        case .otherSession: "sealing.session"
        case .signatureRefused: "sealing.signature"
        case .contentTooLarge: "sealing.content.size"
        case .contentOverBound: "sealing.content.bound"
        }
    }

    public var message: String {
        switch self {
        case .unusableKey: "the recipient's sealing key is not an X-Wing public key"
        case .cannotSeal: "the content could not be encrypted"
        case .notASealedStream: "expected a sealed stream of version 1"
        case .cannotOpen(chunk: 0): "the header does not open with this key, for this session and purpose"
        case .cannotOpen(let chunk): "chunk \(chunk) does not open: it was changed, moved or cut"
        case .wrongChunkSize(let chunk, let expected, let found):
            "expected \(expected) bytes in chunk \(chunk), found \(found)"
        case .tooManyChunks(let expected): "expected \(expected) chunks, found more"
        case .malformedHeader(let shape): "the header is not of the form" + (shape.map { ": " + $0.message } ?? "")
        case .otherSession: "the header names another session"
        case .signatureRefused: "the header is not signed by this sender for this stream"
        case .contentTooLarge(let found):
            "expected a content of at most \(StreamFormat.maximumContentByteCount) bytes, found \(found)"
        case .contentOverBound(let maximum, let found):
            "expected a content of at most \(maximum) bytes here, found \(found)"
        }
    }

    public var hint: String? {
        switch self {
        case .cannotOpen(chunk: 0), .otherSession:
            "a stream opens only in the session that it was sealed to; attest again and seal anew"
        case .signatureRefused: "only the participant that the manifest names may fill this slot"
        default: nil
        }
    }
}
