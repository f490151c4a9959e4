/// A name in a manifest: `[a-z][a-z0-9-]{0,39}`.
public struct Name: Hashable, Sendable, CustomStringConvertible {
    public static let maximumByteCount = 40

    public let description: String

    /// Wraps `text`, or returns `nil` when it is not of the form.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, bytes.count <= Self.maximumByteCount else { return nil }
        guard (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) else { return nil }
        guard bytes.allSatisfy(Self.allows) else { return nil }
        description = text
    }

    private static func allows(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
        default: false
        }
    }
}

extension Name: Comparable {
    /// By bytes, so that an order never depends on a locale.
    public static func < (left: Name, right: Name) -> Bool {
        left.description.utf8.lexicographicallyPrecedes(right.description.utf8)
    }
}
