public import Primitives

/// Why bytes are not a manifest, and where.
public enum ManifestError: Error, Equatable, Sendable {
    case document(DocumentError)
    case rule(ManifestRule, at: JSONPath)
}

extension ManifestError: PositionedError {
    public var position: TextPosition? {
        if case .document(let error) = self { error.position } else { nil }
    }

    public var code: String {
        switch self {
        case .document(let error): "manifest.\(error.code)"
        case .rule(let rule, _): "manifest.\(rule.code)"
        }
    }

    public var message: String {
        switch self {
        case .document(let error): error.message
        case .rule(let rule, let path): "\(path): \(rule.message)"
        }
    }

    public var hint: String? {
        switch self {
        case .document(let error): error.hint
        case .rule(let rule, _): rule.hint
        }
    }
}
