public import Commitments
public import Primitives

/// One content of a stream: which it is, how long, and how it was committed to.
public struct IndexEntry: Equatable, Sendable {
    public let name: Name
    public let byteCount: Int
    /// What the content's commitment was made with.
    public let salt: FixedBytes<32>

    /// Joins the three.
    public init(name: Name, byteCount: Int, salt: FixedBytes<32>) {
        self.name = name
        self.byteCount = byteCount
        self.salt = salt
    }

    var json: JSONValue {
        [
            "name": .string(name.description), "bytes": .integer(byteCount), "salt": .string(salt.description),
        ]
    }

    init(_ reader: JSONReader, maximumBytes: Int) throws(JSONShapeError) {
        var object = try reader.object()
        name = try object.parsed("name", as: "a name of the manifest") { Name($0) }
        byteCount = try object.integer("bytes", in: 0...maximumBytes)
        salt = try object.hex("salt")
        try object.finish()
    }
}

extension [IndexEntry] {
    /// Where each content lies, one right behind the other.
    func ranges(from start: Int) -> [Range<Int>] {
        var start = start
        return map { entry in
            defer { start += entry.byteCount }
            return start..<start + entry.byteCount
        }
    }
}

/// An index at the start of a content, with its size before it.
enum IndexFrame {
    /// Bytes of the size, which is big-endian.
    static let headByteCount = 4

    static func framed(_ index: [UInt8]) -> [UInt8] {
        (0..<headByteCount).map { UInt8(truncatingIfNeeded: index.count >> (24 - 8 * $0)) } + index
    }

    /// The size that a content begins with, whatever it says. There must be as many bytes.
    static func count(in content: ArraySlice<UInt8>) -> Int {
        content.prefix(headByteCount).reduce(0) { $0 << 8 | Int($1) }
    }
}
