public import Commitments
public import Primitives

/// Why bytes are not a plan, or why a plan and its manifests do not fit together, and where.
public enum PlanError: Error, Equatable, Sendable {
    case document(DocumentError)
    case rule(PlanRule, at: JSONPath)
    /// What holds of a manifest's participants and platform holds of a plan's.
    case terms(ManifestError)
    /// A manifest of the plan is none, or breaks a rule of its own.
    case manifest(ManifestError, of: Name)
}

extension PlanError: PositionedError {
    public var position: TextPosition? {
        switch self {
        case .document(let error): error.position
        case .manifest(let error, _): error.position
        case .rule, .terms: nil
        }
    }

    public var code: String {
        switch self {
        case .document(let error): "plan.\(error.code)"
        case .rule(let rule, _): "plan.\(rule.code)"
        case .terms(let error), .manifest(let error, _): error.code
        }
    }

    public var message: String {
        switch self {
        case .document(let error): error.message
        case .rule(let rule, let path): "\(path): \(rule.message)"
        case .terms(let error): error.message
        case .manifest(let error, let session): "the manifest of \(session): \(error.message)"
        }
    }

    public var hint: String? {
        switch self {
        case .document(let error): error.hint
        case .rule(let rule, _): rule.hint
        case .terms(let error), .manifest(let error, _): error.hint
        }
    }
}
