public import Primitives

/// Why the operating system did not do what it was asked.
public enum PlatformError: Error, Equatable, Sendable {
    /// A system call failed. `action` says in words what was wanted: `open patients.csv`.
    case system(action: String, error: ErrorNumber)
    /// Something other than a regular file with one link.
    case notRegular(action: String)
    /// A secret that others can read or write, or that is another user's.
    case notPrivate(action: String)
    /// More bytes than were agreed.
    case tooLarge(action: String, maximumBytes: Int)
    /// No folder in memory or on disk can hold a job.
    case noTemporaryFolder
    /// The worker was made and could not be executed.
    case workerNotStarted(step: String, error: ErrorNumber)
    /// Walls that the policy requires could not be raised around the worker. It was not executed.
    case wallsMissing([MissingWall])
    /// A descriptor that the worker's contract promises is not there.
    case descriptorMissing(Int32)
    /// Somebody besides root and the caller could change what lies there.
    case notOwned(path: String)
}

extension PlatformError: ExplainedError {
    public var code: String {
        switch self {
        case .system: "platform.system"
        case .notRegular: "platform.file.not-regular"
        case .notPrivate: "platform.file.not-private"
        case .tooLarge: "platform.file.too-large"
        case .noTemporaryFolder: "platform.temporary-folder.none"
        case .workerNotStarted: "platform.worker.not-started"
        case .wallsMissing: "platform.worker.walls"
        case .descriptorMissing: "platform.worker.descriptor"
        case .notOwned: "platform.folder.not-owned"
        }
    }

    public var message: String {
        switch self {
        case .system(let action, let error): "could not \(action): \(error)"
        case .notRegular(let action): "could not \(action): it is no regular file, or has a second name"
        case .notPrivate(let action): "could not \(action): it is not this user's alone"
        case .tooLarge(let action, let maximumBytes): "could not \(action): it has more than \(maximumBytes) bytes"
        case .noTemporaryFolder: "found no folder for temporary files that is safe to use"
        case .workerNotStarted(let step, let error): "the worker could not \(step): \(error)"
        case .wallsMissing(let walls):
            "required protection is missing: " + walls.map(\.description).joined(separator: ", ")
        case .notOwned(let path): "somebody else could change \(path)"
        case .descriptorMissing(let number): "descriptor \(number) is not what the worker's contract says"
        }
    }

    public var hint: String? {
        switch self {
        case .system(_, .noSpace): "set TMPDIR to a folder with more room"
        case .noTemporaryFolder: "set TMPDIR to a folder that only you, or everyone under a sticky bit, can write"
        case .workerNotStarted: "2cvm-worker and libwasmtime.so belong beside this program; install all of them"
        case .descriptorMissing: "2cvm-worker is started by 2cvm and not by hand"
        case .notOwned: "it must belong to root or to you, and nobody else may write there"
        case .notPrivate: "make it yours, with mode 0600; if others may have read it, delete it"
        case .system, .notRegular, .tooLarge, .wallsMissing: nil
        }
    }
}

/// Returns what a C function of this project returned, or throws the negated `errno` that it is.
@discardableResult
package func succeeded(_ result: Int32, _ action: @autoclosure () -> String) throws(PlatformError) -> Int32 {
    guard result >= 0 else { throw .system(action: action(), error: ErrorNumber(-result)) }
    return result
}
