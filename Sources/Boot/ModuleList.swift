internal import Primitives

/// The kernel modules of an image, in load order: one name on each line of `/lib/modules/order`.
///
/// The list is measured with the image. It is checked all the same, since a name becomes a path.
public struct ModuleList: Equatable, Sendable {
    public static let maximumCount = 64
    public static let maximumByteCount = 4096
    private static let maximumNameByteCount = 64

    public let names: [String]

    /// Reads a list.
    public init(decoding bytes: [UInt8]) throws(ModuleListError) {
        guard bytes.count <= Self.maximumByteCount else { throw .tooLong }
        var names: [String] = []
        for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            // Each line ends with a line feed, the last one too.
            if index == bytes.count(where: { $0 == 0x0A }), line.isEmpty { break }
            guard 1...Self.maximumNameByteCount ~= line.count, line.allSatisfy(Self.isNameByte) else {
                throw .name(line: index + 1)
            }
            let name = String(decoding: line, as: UTF8.self)
            guard !names.contains(name) else { throw .duplicate(line: index + 1) }
            guard names.count < Self.maximumCount else { throw .tooLong }
            names.append(name)
        }
        self.names = names
    }

    /// Without a slash and without a dot no name leaves its folder.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

/// What is wrong with a list of modules.
public enum ModuleListError: Error, Equatable, Sendable {
    case unreadable
    case tooLong
    case name(line: Int)
    case duplicate(line: Int)

    /// One clause.
    var message: String {
        switch self {
        case .unreadable: "it cannot be read"
        case .tooLong: "more than \(ModuleList.maximumCount) names or \(ModuleList.maximumByteCount) bytes"
        case .name(let line): "line \(line) is no module's name"
        case .duplicate(let line): "line \(line) names a module again"
        }
    }
}
