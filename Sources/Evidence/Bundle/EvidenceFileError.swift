public import Primitives

/// Why bytes are not an evidence bundle or a policy file.
public enum EvidenceFileError: Error, Equatable, Sendable {
    case json(JSONError)
    case shape(JSONShapeError)
    case report(ReportError)
    case certificate(JSONPath, CertificateError)
}

extension EvidenceFileError: ExplainedError {
    private var cause: any ExplainedError {
        switch self {
        case .json(let error): error
        case .shape(let error): error
        case .report(let error): error
        case .certificate(_, let error): error
        }
    }

    public var code: String {
        switch self {
        case .json, .shape: "evidence.file." + cause.code
        case .report, .certificate: cause.code
        }
    }

    public var message: String {
        switch self {
        case .certificate(let path, let error): "\(path): \(error.message)"
        case .json, .shape, .report: cause.message
        }
    }

    public var hint: String? { cause.hint }
}
