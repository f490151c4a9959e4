public import Primitives

/// Why bytes are not a manifest, and where.
public enum ManifestError: Error, Equatable, Sendable {
    case json(JSONError)
    case shape(JSONShapeError)
    case rule(ManifestRule, at: JSONPath)
}

extension ManifestError: ExplainedError {
    public var code: String {
        switch self {
        case .json(let error): "manifest.\(error.code)"
        case .shape(let error): "manifest.\(error.code)"
        case .rule(let rule, _): "manifest.\(rule.code)"
        }
    }

    public var message: String {
        switch self {
        case .json(let error): error.message
        case .shape(let error): error.message
        case .rule(let rule, let path): "\(path): \(rule.message)"
        }
    }

    public var hint: String? {
        switch self {
        case .json(let error): error.hint
        case .shape(let error): error.hint
        case .rule(let rule, _): rule.hint
        }
    }
}
