internal import Glibc
internal import Synchronization

/// A new file under a name of its own until it is whole: nobody finds half of it, and nothing of it stays if its owner
/// goes away before.
public final class GrowingFile: Sendable {
    private let descriptor: Descriptor
    private let path: String
    private let isFinished = Mutex(false)

    /// Makes the file, for its owner alone. Whatever lies at `path` already stays as it is, and is an error.
    public init(_ path: String) throws(PlatformError) {
        let number = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard number >= 0 else { throw .system(action: "create \(path)", error: ErrorNumber(errno)) }
        descriptor = Descriptor(owning: number)
        self.path = path
    }

    deinit {
        if !isFinished.withLock({ $0 }) { _ = unsafe unlink(path) }
    }

    /// Appends a piece.
    public func append(_ piece: [UInt8]) throws(PlatformError) {
        try descriptor.write(piece)
    }

    /// Gives the whole file its name, unless something has it already.
    public func finish(as name: String) throws(PlatformError) {
        guard fsync(descriptor.number) == 0 else { throw .system(action: "write \(path)", error: ErrorNumber(errno)) }
        // A link is made only where nothing is; a rename would replace.
        guard unsafe link(path, name) == 0 else { throw .system(action: "create \(name)", error: ErrorNumber(errno)) }
        _ = unsafe unlink(path)
        isFinished.withLock { $0 = true }
    }
}
