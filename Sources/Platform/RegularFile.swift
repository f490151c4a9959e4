internal import CPlatform
internal import Glibc

/// A regular file, open for reading. Content stays readable after the name is removed.
public final class RegularFile: Sendable {
    private let descriptor: Descriptor
    /// When it was opened.
    public let byteCount: Int

    /// - Parameter links: how many names the file must have; `nil` for any number.
    init(_ descriptor: consuming Descriptor, action: String, links: UInt?) throws(PlatformError) {
        let status = try descriptor.status()
        guard status.st_mode & S_IFMT == S_IFREG, links == nil || links == UInt(status.st_nlink) else {
            throw .notRegular(action: action)
        }
        byteCount = Int(status.st_size)
        self.descriptor = descriptor
    }

    /// Opens a file that the caller named. It may be reached through links, and have several names.
    ///
    /// - Throws: ``PlatformError/notRegular(action:)`` for a pipe, a device, a socket or a folder.
    public convenience init(path: String) throws(PlatformError) {
        let number = unsafe open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        guard number >= 0 else { throw .system(action: "open \(path)", error: ErrorNumber(errno)) }
        try self.init(Descriptor(owning: number), action: "open \(path)", links: nil)
    }

    /// Gives the file permissions, and times of the epoch.
    public func settle(mode: UInt32) throws(PlatformError) {
        guard fchmod(descriptor.number, mode) == 0 else {
            throw .system(action: "set a file's permissions", error: ErrorNumber(errno))
        }
        try succeeded(cp_zero_times(descriptor.number), "set a file's times")
    }

    /// Reads at most `maximumBytes` from `offset` on: fewer only at the end of the file.
    public func read(upTo maximumBytes: Int, at offset: Int) throws(PlatformError) -> [UInt8] {
        try descriptor.read(upTo: maximumBytes, at: offset)
    }
}
