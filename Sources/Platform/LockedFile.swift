internal import Glibc

/// A file that grows, open under a lock: no other process that asks for the lock sees it or changes it meanwhile.
public struct LockedFile: ~Copyable, Sendable {
    private let descriptor: Descriptor
    private let action: String

    /// Opens the file for its owner alone, makes it if it is not there, and waits for the lock.
    ///
    /// - Throws: ``PlatformError/system(action:error:)``, for a symbolic link too;
    ///   ``PlatformError/notRegular(action:)``.
    public init(path: String) throws(PlatformError) {
        try self.init(opening: path, operation: LOCK_EX)
    }

    /// The same without waiting: `nil` while somebody else has the lock.
    public init?(ifFree path: String) throws(PlatformError) {
        do throws(PlatformError) {
            try self.init(opening: path, operation: LOCK_EX | LOCK_NB)
        } catch {
            guard case .system(_, ErrorNumber(EWOULDBLOCK)) = error else { throw error }
            return nil
        }
    }

    private init(opening path: String, operation: Int32) throws(PlatformError) {
        let action = "open \(path)"
        let number = unsafe open(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o600)
        guard number >= 0 else { throw .system(action: action, error: ErrorNumber(errno)) }
        let descriptor = Descriptor(owning: number)
        guard try descriptor.status().st_mode & S_IFMT == S_IFREG else { throw .notRegular(action: action) }
        while flock(descriptor.number, operation) != 0 {
            guard errno == EINTR else { throw .system(action: action, error: ErrorNumber(errno)) }
        }
        self.descriptor = descriptor
        self.action = action
    }

    /// The whole content, or its first bytes where there are more than `maximumBytes`.
    public func read(upTo maximumBytes: Int) throws(PlatformError) -> [UInt8] {
        try descriptor.read(upTo: maximumBytes, at: 0)
    }

    /// Appends, and returns once the disk has it.
    public func append(_ bytes: [UInt8]) throws(PlatformError) {
        try descriptor.write(bytes)
        guard fsync(descriptor.number) == 0 else { throw .system(action: action, error: ErrorNumber(errno)) }
    }
}
