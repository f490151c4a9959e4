internal import Glibc
internal import Synchronization

/// A new file that has no name until it is whole: nobody finds half of it, and nothing of it stays if its owner, or the
/// whole process, goes away before. Where the file system knows no such files it has a name of its own meanwhile.
public final class GrowingFile: Sendable {
    private let descriptor: Descriptor
    private let path: String
    private let hasName: Bool
    private let isFinished = Mutex(false)

    /// O_TMPFILE, which no header gives to Swift (Linux, include/uapi/asm-generic/fcntl.h).
    private static let unnamed = 0o20_000_000 | O_DIRECTORY

    /// Makes the file, for its owner alone.
    ///
    /// - Parameter path: its name until it is whole, where it needs one. Whatever lies there stays as it is, and is an
    ///   error then.
    public init(_ path: String) throws(PlatformError) {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let nameless = unsafe open(folder, O_WRONLY | Self.unnamed | O_CLOEXEC, 0o600)
        hasName = nameless < 0
        self.path = path
        guard hasName else {
            descriptor = Descriptor(owning: nameless)
            return
        }
        let number = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard number >= 0 else { throw .system(action: "create \(path)", error: ErrorNumber(errno)) }
        descriptor = Descriptor(owning: number)
    }

    deinit {
        if hasName, !isFinished.withLock({ $0 }) { _ = unsafe unlink(path) }
    }

    /// Appends a piece.
    public func append(_ piece: [UInt8]) throws(PlatformError) {
        try descriptor.write(piece)
    }

    /// The same where somebody may have been faster.
    ///
    /// - Returns: whether the file has the name now. Otherwise something else has it.
    public func finish(ifFree name: String) throws(PlatformError) -> Bool {
        do throws(PlatformError) {
            try finish(as: name)
            return true
        } catch {
            guard case .system(_, .exists) = error else { throw error }
            return false
        }
    }

    /// Gives the whole file its name, unless something has it already.
    public func finish(as name: String) throws(PlatformError) {
        guard fsync(descriptor.number) == 0 else { throw .system(action: "write \(path)", error: ErrorNumber(errno)) }
        // A link is made only where nothing is; a rename would replace.
        let source = hasName ? path : "/proc/self/fd/\(descriptor.number)"
        guard unsafe linkat(AT_FDCWD, source, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0 else {
            throw .system(action: "create \(name)", error: ErrorNumber(errno))
        }
        if hasName { _ = unsafe unlink(path) }
        isFinished.withLock { $0 = true }
    }
}
