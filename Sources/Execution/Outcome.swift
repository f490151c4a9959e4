public import Commitments
public import Formats
public import Platform
public import Primitives

/// How a run ended: with every output, or with none.
public enum Outcome: Sendable {
    /// In the plan's order: releases, then logs.
    case completed([CollectedOutput])
    case failed(FailureReason)
}

/// One output, read after the worker had ended.
public struct CollectedOutput: Sendable {
    public let name: Name
    public let byteCount: Int
    private let file: RegularFile?

    /// - Parameter file: `nil` for a log in which nothing was ever written.
    package init(name: Name, byteCount: Int, file: RegularFile?) {
        self.name = name
        self.byteCount = byteCount
        self.file = file
    }

    /// Reads at most `maximumBytes` from `offset` on: fewer only at the end. Possible as long as this value lives,
    /// although the job folder is gone.
    public func read(upTo maximumBytes: Int, at offset: Int) throws(PlatformError) -> [UInt8] {
        let count = min(maximumBytes, byteCount - offset)
        guard count > 0, let file else { return [] }
        return try file.read(upTo: count, at: offset)
    }
}

/// Why a run failed. Nothing that a component wrote is in one.
public enum FailureReason: Equatable, Sendable {
    case cancelled
    /// A wall that the policy requires is missing.
    case wallsMissing([MissingWall])
    case compileDeadline(seconds: Int)
    case runDeadline(seconds: Int)

    /// `run` returned its error case.
    case declined
    case trapped
    case refusedByEngine
    case importsDiffer
    case notInstantiated
    case jobUnreadable
    /// A runtime's machine code was made for another engine or processor.
    case keptCodeRefused

    /// The process ended without a verdict: a crash, a forbidden system call, the kernel out of memory.
    case workerDied
    /// The process ended before it had raised its walls: its program or its library is missing or broken.
    case workerNotStarted
    /// The whole run used more memory than it may.
    case memoryExceeded
    /// The worker said what no worker says.
    case workerMisbehaved

    case outputMissing(Name)
    case outputTooLarge(Name, maximumBytes: Int)
    case outputNotRegular(Name)
    /// Something lies below `out/` that no release names. What it is called is a component's choice and not told.
    case outputUnexpected
    /// An output is not of its format. Why, in a rehearsal only: it tells of content.
    case outputRefused(Name, GateRefusal?)
    /// An output's gate ended without a word, or wrote what its format does not allow.
    case gateFailed(Name)
    /// While it ran, its outputs, logs and temporary files grew beyond all that it may have, with room to spare.
    case filesExceeded(maximumBytes: Int)
    /// While it ran, it had more files and folders than it may.
    case tooManyFiles(maximumCount: Int)
}

extension FailureReason: ExplainedError {
    public var code: String {
        switch self {
        case .cancelled: "run.cancelled"
        case .wallsMissing: "run.walls-missing"
        case .compileDeadline: "run.compile-deadline"
        case .runDeadline: "run.deadline"
        case .declined: "run.declined"
        case .trapped: "run.trapped"
        case .refusedByEngine: "run.refused-by-engine"
        case .importsDiffer: "run.imports-differ"
        case .notInstantiated: "run.not-instantiated"
        case .jobUnreadable: "run.job-unreadable"
        case .keptCodeRefused: "run.kept-code"
        case .workerDied: "run.worker-died"
        case .workerNotStarted: "run.worker-not-started"
        case .memoryExceeded: "run.memory-exceeded"
        case .workerMisbehaved: "run.worker-misbehaved"
        case .outputMissing: "run.output.missing"
        case .outputTooLarge: "run.output.too-large"
        case .outputNotRegular: "run.output.not-regular"
        case .outputUnexpected: "run.output.unexpected"
        case .outputRefused: "run.output.refused"
        case .gateFailed: "run.gate-failed"
        case .filesExceeded: "run.files-exceeded"
        case .tooManyFiles: "run.too-many-files"
        }
    }

    public var message: String {
        switch self {
        case .cancelled: "the run was cancelled"
        case .wallsMissing(let walls):
            "required protection is missing: " + walls.map(\.description).joined(separator: ", ")
        case .compileDeadline(let seconds): "compiling took longer than \(seconds) s"
        case .runDeadline(let seconds): "the run took longer than \(seconds) s"
        case .declined: "the component reported an error of its own"
        case .trapped: "a component trapped"
        case .refusedByEngine: "the engine refused the composed components"
        case .importsDiffer: "the composed components import something that no host provides"
        case .notInstantiated: "the composed components could not be started"
        case .jobUnreadable: "the worker could not read its job"
        case .keptCodeRefused: "the runtime's machine code was made for another engine or processor"
        case .workerDied: "the worker ended without a verdict"
        case .workerNotStarted: "the worker ended before it had begun"
        case .memoryExceeded: "the run used more memory than it may"
        case .workerMisbehaved: "the worker broke its protocol"
        case .outputMissing(let name): "output \(name) was not written"
        case .outputTooLarge(let name, let most): "output \(name) has more than \(most) bytes"
        case .outputNotRegular(let name): "output \(name) is not a regular file with one link"
        case .outputUnexpected: "a component left something in its output folder that the manifest does not release"
        case .outputRefused(let name, let refusal):
            "output \(name) is not of its format" + (refusal.map { ": \($0.message)" } ?? "")
        case .gateFailed(let name): "the gate of output \(name) gave nothing that its format allows"
        case .filesExceeded(let most): "the outputs, logs and temporary files of the run grew beyond \(most) bytes"
        case .tooManyFiles(let most): "the run had more than \(most) files and folders"
        }
    }

    public var hint: String? {
        switch self {
        case .workerNotStarted: "is libwasmtime where it was installed? In a checkout, run scripts/setup"
        case .compileDeadline: "raise limits.compileSeconds, or bring smaller components"
        case .runDeadline: "raise limits.wallTimeSeconds"
        case .memoryExceeded: "raise the components' memoryMiB, or reduce what they keep in files"
        case .outputTooLarge: "raise the output's maximumBytes"
        case .outputRefused(_, let refusal):
            refusal?.hint ?? "write what the manifest's format says, or propose another format"
        case .gateFailed: "is 2cvm-gate of the same build as this program? `make build` makes both"
        case .filesExceeded: "raise the outputs' maximumBytes or the components' temporaryMiB"
        case .tooManyFiles: "a component has 64 files and folders in /output besides its outputs, and 1,024 in /tmp"
        case .outputUnexpected: "remove what is temporary before the component ends, or release it"
        default: nil
        }
    }
}
