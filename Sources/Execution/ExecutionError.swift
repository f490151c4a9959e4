public import Platform
public import Primitives

/// Why a run could not be begun. A run that began and failed is an ``Outcome``.
public enum ExecutionError: Error, Equatable, Sendable {
    /// The plan names a path that lies outside its folder, or one twice.
    case planInvalid(path: String)
    /// There is no input by this path in the plan, or it is in place already.
    case inputUnknown(path: String)
    /// Not every input is in place. How many are not.
    case inputsMissing(count: Int)
    case platform(PlatformError)
}

extension ExecutionError: ExplainedError {
    public var code: String {
        switch self {
        case .planInvalid: "execution.plan.invalid"
        case .inputUnknown: "execution.input.unknown"
        case .inputsMissing: "execution.inputs.missing"
        case .platform(let error): error.code
        }
    }

    public var message: String {
        switch self {
        case .planInvalid(let path): "the job folder has no place for \(path)"
        case .inputUnknown(let path): "no input is awaited at \(path)"
        case .inputsMissing(let count): "\(count) inputs are not in place"
        case .platform(let error): error.message
        }
    }

    public var hint: String? {
        switch self {
        case .platform(let error): error.hint
        case .planInvalid, .inputUnknown, .inputsMissing: nil
        }
    }
}

/// Gives an operating system's refusal this module's form.
func onPlatform<Result: ~Copyable>(
    _ body: () throws(PlatformError) -> Result
) throws(ExecutionError) -> Result {
    do {
        return try body()
    } catch {
        throw .platform(error)
    }
}
