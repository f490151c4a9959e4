public import Primitives

/// Why bytes are not a job.
public enum JobError: Error, Equatable, Sendable {
    case json(JSONError)
    case shape(JSONShapeError)
}

extension JobError: ExplainedError {
    public var code: String {
        switch self {
        case .json(let error): "job." + error.code
        case .shape(let error): "job." + error.code
        }
    }

    public var message: String {
        switch self {
        case .json(let error): error.message
        case .shape(let error): error.message
        }
    }

    public var hint: String? {
        switch self {
        case .json(let error): error.hint
        case .shape(let error): error.hint
        }
    }
}
