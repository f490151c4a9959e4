internal import CPlatform
internal import Glibc

/// One name in a folder.
public struct FolderEntry: Equatable, Sendable {
    /// What bears the name.
    public enum Kind: Equatable, Sendable {
        case file, folder
        /// A link, a pipe, a socket or a device.
        case other
    }

    /// The name's bytes and a zero: any bytes but `/`, not necessarily text.
    let bytes: [CChar]
    public let kind: Kind
    /// What it occupies, not how long it is: a sparse file occupies little.
    public let occupiedBytes: Int

    /// `nil` when it is not UTF-8.
    public var name: String? { String(validating: bytes.dropLast(), as: UTF8.self) }
}

extension Folder {
    /// What the folder holds, at most `most` entries, in no order.
    public func entries(atMost most: Int) throws(PlatformError) -> [FolderEntry] {
        var found: [FolderEntry] = []
        // A descriptor of its own: reading moves a position that belongs to the descriptor.
        let listed = try folder(".")
        while found.count < most, let names = try listed.nextNames() {
            for name in names.prefix(most - found.count) {
                var status = stat()
                guard unsafe fstatat(descriptor.number, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
                    if errno == ENOENT { continue }
                    throw .system(action: "read a folder", error: ErrorNumber(errno))
                }
                found.append(FolderEntry(bytes: name, status))
            }
        }
        return found
    }

    /// The next names, without `.` and `..`; `nil` at the end.
    private func nextNames() throws(PlatformError) -> [[CChar]]? {
        while true {
            var records = [UInt8](repeating: 0, count: 16_384)
            let count = unsafe cp_read_entries(descriptor.number, &records, records.count)
            guard try succeeded(count, "read a folder") > 0 else { return nil }
            let names = Self.names(in: records.span.extracting(first: Int(count)))
            if !names.isEmpty { return names }
        }
    }

    /// Reads `linux_dirent64` records: inode (8), offset (8), record length (2), type (1), name, zero byte.
    private static func names(in records: Span<UInt8>) -> [[CChar]] {
        let nameOffset = 19
        let dot = [CChar(bitPattern: UInt8(ascii: "."))]
        var names: [[CChar]] = []
        var start = 0
        while start + nameOffset < records.count {
            let length = Int(records[start + 16]) | Int(records[start + 17]) << 8
            guard length > nameOffset, start + length <= records.count else { break }
            var name: [CChar] = []
            for index in start + nameOffset..<start + length {
                guard records[index] != 0 else { break }
                name.append(CChar(bitPattern: records[index]))
            }
            start += length
            if name != dot, name != dot + dot { names.append(name + [0]) }
        }
        return names
    }
}

extension FolderEntry {
    fileprivate init(bytes: [CChar], _ status: stat) {
        self.bytes = bytes
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            default: .other
            }
        occupiedBytes = Int(status.st_blocks) * 512
    }
}
