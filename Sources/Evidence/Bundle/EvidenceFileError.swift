public import Keys
public import Primitives

/// Why bytes are not an evidence bundle or a policy file.
public enum EvidenceFileError: Error, Equatable, Sendable {
    case json(JSONError)
    case shape(JSONShapeError)
    case report(ReportError)
    case certificate(JSONPath, CertificateError)
    /// A policy's signatures.
    case envelope(EnvelopeError)
    /// A signed policy that is not written in the one canonical form.
    case notCanonical
    /// A wrapped message of another kind; the text says what is expected of it.
    case message(String)
}

extension EvidenceFileError: ExplainedError {
    private var cause: (any ExplainedError)? {
        switch self {
        case .json(let error): error
        case .shape(let error): error
        case .report(let error): error
        case .certificate(_, let error): error
        case .envelope(let error): error
        case .notCanonical, .message: nil
        }
    }

    public var code: String {
        switch self {
        case .json, .shape: "evidence.file." + (cause?.code ?? "")
        case .report, .certificate, .envelope: cause?.code ?? ""
        case .notCanonical: "policy.canonical"
        case .message: "evidence.file.message"
        }
    }

    public var message: String {
        switch self {
        case .certificate(let path, let error): "\(path): \(error.message)"
        case .json, .shape, .report, .envelope: cause?.message ?? ""
        case .notCanonical: "the signed policy is not written in the one canonical form"
        case .message(let expected): "expected evidence in a conceptual message wrapper: \(expected)"
        }
    }

    public var hint: String? {
        switch self {
        case .envelope(.unknownSigner):
            "compare the key's fingerprint with its owner, then add it with: 2cvm key trust NAME KEY"
        case .notCanonical: "sign the policy with: 2cvm policy sign"
        default: cause?.hint
        }
    }
}
