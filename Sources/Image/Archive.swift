internal import Primitives

/// A file system as Linux unpacks it at boot: a cpio archive of the "newc" form.
///
/// A pure value, and a pure function of its entries: bytewise order, times and owners zero, sequential inodes.
/// Equal entries give equal bytes, wherever and by whomever they are written.
/// Source: Linux, Documentation/driver-api/early-userspace/buffer-format.rst.
public struct Archive: Equatable, Sendable {
    /// One name in the archive.
    public struct Entry: Equatable, Sendable {
        /// What has the name.
        public enum Content: Equatable, Sendable {
            case folder
            case file([UInt8])
            case link(to: String)
            case characterDevice(major: UInt32, minor: UInt32)
        }

        /// Without a slash at its beginning: `usr/bin/2cvm-agent`.
        public let path: String
        public let content: Content
        /// Permissions, without the kind.
        public let mode: UInt32

        /// Names something. ``Archive/init(_:)`` holds it against the rules.
        public init(_ path: String, _ content: Content, mode: UInt32) {
            self.path = path
            self.content = content
            self.mode = mode
        }
    }

    /// What a kernel's first file system can reasonably have.
    public static let maximumEntryCount = 4096
    /// Bytes of one file's content, at most.
    public static let maximumFileByteCount = 256 << 20
    private static let maximumPathByteCount = 255
    private static let maximumDepth = 16

    /// In bytewise order of their paths. A folder comes before what lies in it.
    public let entries: [Entry]

    /// Takes entries in any order, and makes the folders that they lie in and that are not among them (mode 0755).
    ///
    /// - Throws: ``ArchiveError`` for a name that comes twice, that is not plain, or that lies below a file.
    public init(_ given: [Entry]) throws(ArchiveError) {
        guard given.count <= Self.maximumEntryCount else { throw .tooManyEntries(found: given.count) }
        var found: [String: Entry] = [:]
        for entry in given {
            try Self.requirePlain(entry)
            guard found.updateValue(entry, forKey: entry.path) == nil else { throw .duplicate(entry.path) }
        }
        for entry in given {
            for parent in Self.parents(of: entry.path) {
                guard let above = found[parent] else {
                    found[parent] = Entry(parent, .folder, mode: 0o755)
                    continue
                }
                guard case .folder = above.content else { throw .belowFile(entry.path) }
            }
        }
        guard found.count <= Self.maximumEntryCount else { throw .tooManyEntries(found: found.count) }
        entries = found.values.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    /// Bytes of the whole archive: a multiple of 512, so that another one can follow.
    public var byteCount: Int {
        let bare = entries.reduce(0) { $0 + Self.recordByteCount($1) } + Self.trailerByteCount
        return Self.rounded(bare, to: 512)
    }

    /// Hands out the archive, piece by piece.
    public func write<Failure: Error>(to sink: ([UInt8]) throws(Failure) -> Void) throws(Failure) {
        for (index, entry) in entries.enumerated() {
            try sink(Self.header(of: entry, inode: UInt32(index + 1)))
            let data = entry.data
            if !data.isEmpty {
                try sink(data)
                try sink(Self.padding(after: data.count, to: 4))
            }
        }
        let bare = entries.reduce(0) { $0 + Self.recordByteCount($1) } + Self.trailerByteCount
        try sink(Self.trailer + Self.padding(after: bare, to: 512))
    }

    /// The whole archive in memory.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(byteCount)
        write { bytes += $0 }
        return bytes
    }
}

// MARK: - Rules

extension Archive {
    /// Names of our own making only: nothing that a kernel, a shell or a listing could read differently.
    private static func requirePlain(_ entry: Entry) throws(ArchiveError) {
        let path = entry.path
        let segments = path.split(separator: "/", omittingEmptySubsequences: false)
        guard path.utf8.count <= maximumPathByteCount, segments.count <= maximumDepth,
            segments.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." && $0.utf8.allSatisfy(isPlain) })
        else { throw .path(path) }
        guard entry.mode <= 0o7777 else { throw .mode(path) }
        switch entry.content {
        case .file(let bytes) where bytes.count > maximumFileByteCount: throw .tooLarge(path, found: bytes.count)
        case .link(let target):
            guard !target.isEmpty, target.utf8.count <= maximumPathByteCount,
                target.utf8.allSatisfy({ isPlain($0) || $0 == UInt8(ascii: "/") })
            else { throw .path(path) }
        default: break
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: [UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "+")].contains(byte)
        }
    }

    /// `usr`, `usr/bin` for `usr/bin/2cvm-agent`.
    private static func parents(of path: String) -> [String] {
        let segments = path.split(separator: "/")
        return (1..<max(segments.count, 1)).map { segments[..<$0].joined(separator: "/") }
    }
}

// MARK: - Bytes

extension Archive.Entry {
    fileprivate var data: [UInt8] {
        switch content {
        case .file(let bytes): bytes
        case .link(let target): Array(target.utf8)
        case .folder, .characterDevice: []
        }
    }

    /// Kind and permissions, as `stat` has them.
    fileprivate var fullMode: UInt32 {
        switch content {
        case .folder: 0o040000 | mode
        case .file: 0o100000 | mode
        case .link: 0o120000 | mode
        case .characterDevice: 0o020000 | mode
        }
    }

    fileprivate var device: (major: UInt32, minor: UInt32) {
        guard case .characterDevice(let major, let minor) = content else { return (0, 0) }
        return (major, minor)
    }

    fileprivate var linkCount: UInt32 { content == .folder ? 2 : 1 }
}

extension Archive {
    /// A header's fixed part: "070701" and 13 numbers of 8 hexadecimal digits.
    private static let headerByteCount = 6 + 13 * 8
    private static let trailerName = "TRAILER!!!"

    private static func header(of entry: Entry, inode: UInt32) -> [UInt8] {
        let device = entry.device
        return header(
            name: entry.path,
            fields: [
                inode, entry.fullMode, 0, 0, entry.linkCount, 0, UInt32(entry.data.count), 0, 0, device.major,
                device.minor,
            ])
    }

    private static var trailer: [UInt8] {
        header(name: trailerName, fields: [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0])
    }

    private static var trailerByteCount: Int { rounded(headerByteCount + trailerName.utf8.count + 1, to: 4) }

    /// - Parameter fields: inode, mode, user, group, links, time, size, device and special device, each in halves.
    private static func header(name: String, fields: [UInt32]) -> [UInt8] {
        let all = fields + [UInt32(name.utf8.count + 1), 0]
        let bare = Array("070701".utf8) + all.flatMap(digits) + Array(name.utf8) + [0]
        return bare + padding(after: bare.count, to: 4)
    }

    private static func digits(_ number: UInt32) -> [UInt8] {
        let text = String(number, radix: 16)
        return Array((String(repeating: "0", count: 8 - text.utf8.count) + text).utf8)
    }

    private static func recordByteCount(_ entry: Entry) -> Int {
        rounded(headerByteCount + entry.path.utf8.count + 1, to: 4) + rounded(entry.data.count, to: 4)
    }

    private static func rounded(_ count: Int, to unit: Int) -> Int { (count + unit - 1) / unit * unit }

    private static func padding(after count: Int, to unit: Int) -> [UInt8] {
        [UInt8](repeating: 0, count: rounded(count, to: unit) - count)
    }
}
