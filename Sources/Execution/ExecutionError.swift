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
    /// A runtime's machine code is not the one that was made for it.
    case machineCodeDiffers
    /// A file of a runtime is not what its component says.
    case runtimeFileDiffers(path: String)
    /// A run that was to make machine code made none.
    case failed(FailureReason)
    case platform(PlatformError)
}

extension ExecutionError: ExplainedError {
    public var code: String {
        switch self {
        case .planInvalid: "execution.plan.invalid"
        case .inputUnknown: "execution.input.unknown"
        case .inputsMissing: "execution.inputs.missing"
        case .machineCodeDiffers: "execution.runtime.code"
        case .runtimeFileDiffers: "execution.runtime.file"
        case .failed(let reason): reason.code
        case .platform(let error): error.code
        }
    }

    public var message: String {
        switch self {
        case .planInvalid(let path): "the job folder has no place for \(path)"
        case .inputUnknown(let path): "no input is awaited at \(path)"
        case .inputsMissing(let count): "\(count) inputs are not in place"
        case .machineCodeDiffers: "the runtime's machine code is not the one that was made when it was installed"
        case .runtimeFileDiffers(let path): "the runtime's file \(path) is not the one that its component pins"
        case .failed(let reason): reason.message
        case .platform(let error): error.message
        }
    }

    public var hint: String? {
        switch self {
        case .failed(let reason): reason.hint
        case .platform(let error): error.hint
        case .machineCodeDiffers, .runtimeFileDiffers: "remove the runtime and install it again: `2cvm runtime install`"
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
