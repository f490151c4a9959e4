internal import CPlatform
internal import Glibc

/// A regular file, open for reading. Content stays readable after the name is removed.
public final class RegularFile: Sendable {
    let descriptor: Descriptor
    /// When it was opened.
    public let byteCount: Int
    /// Whether this is what came through a pipe, kept in memory.
    public let isCopy: Bool

    /// - Parameter links: how many names the file must have; `nil` for any number.
    init(
        _ descriptor: consuming Descriptor, action: String, links: UInt?, isCopy: Bool = false
    ) throws(PlatformError) {
        let status = try descriptor.status()
        guard status.st_mode & S_IFMT == S_IFREG, links == nil || links == UInt(status.st_nlink) else {
            throw .notRegular(action: action)
        }
        byteCount = Int(status.st_size)
        self.isCopy = isCopy
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

    /// Opens an input that the caller named: a regular file, a pipe such as a shell's `<(command)`, or `-` for standard
    /// input, whatever that is.
    ///
    /// What is no regular file is read here, to its end, and kept in memory. So it can be read more than once, and lies
    /// on no disk.
    /// - Parameter maximumBytes: what is longer is not read to its end, and has one byte more than that.
    /// - Throws: ``PlatformError/notRegular(action:)`` for a device, a socket or a folder that has a name.
    public convenience init(input path: String, upTo maximumBytes: Int) throws(PlatformError) {
        let action = path == "-" ? "open standard input" : "open \(path)"
        var status = stat()
        guard unsafe path == "-" || stat(path, &status) == 0 else {
            throw .system(action: action, error: ErrorNumber(errno))
        }
        let isPipe = path != "-" && status.st_mode & S_IFMT == S_IFIFO
        // A pipe that nobody writes to yet is waited for; without that it would seem to be empty.
        let flags = O_RDONLY | O_NOCTTY | O_CLOEXEC | (isPipe ? 0 : O_NONBLOCK)
        let number = unsafe path == "-" ? fcntl(0, F_DUPFD_CLOEXEC, 3) : open(path, flags)
        guard number >= 0 else { throw .system(action: action, error: ErrorNumber(errno)) }
        let source = Descriptor(owning: number)
        let kind = try source.status().st_mode & S_IFMT
        guard kind != S_IFREG, path == "-" || kind == S_IFIFO else {
            try self.init(source, action: action, links: nil)
            return
        }
        try self.init(try source.copied(upTo: maximumBytes), action: action, links: nil, isCopy: true)
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
