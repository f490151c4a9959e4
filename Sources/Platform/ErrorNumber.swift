private import CPlatform
private import Glibc

/// An `errno` value, told in the C library's words.
public struct ErrorNumber: Hashable, Sendable, CustomStringConvertible {
    public let rawValue: Int32

    /// Wraps a positive `errno`.
    public init(_ rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// Nothing has this name.
    public static let noSuchEntry = ErrorNumber(ENOENT)

    /// The file system is full.
    public static let noSpace = ErrorNumber(ENOSPC)

    /// What has this name is not what it was opened as, or keeps itself closed: a link, a socket, a folder.
    public var isAboutKind: Bool {
        [ELOOP, ENOTDIR, EISDIR, ENXIO, ENODEV, EACCES, EPERM, ENAMETOOLONG, EXDEV].contains(rawValue)
    }

    /// Lowercase, without a full stop: `no such file or directory`.
    public var description: String {
        guard let words = unsafe cp_describe(rawValue) else { return "error \(rawValue)" }
        let text = unsafe String(cString: words)
        return text.prefix(1).lowercased() + text.dropFirst()
    }
}
