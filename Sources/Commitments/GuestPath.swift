/// An absolute path inside one component: 1 to 8 segments `[A-Za-z0-9_][A-Za-z0-9._-]{0,63}`.
///
/// No segment begins with a dot, so neither `.` nor `..` can be one.
public struct GuestPath: Hashable, Sendable, CustomStringConvertible {
    public static let maximumSegmentCount = 8
    public static let maximumSegmentByteCount = 64

    /// Without the slashes; never empty.
    public let segments: [String]

    /// Wraps `text`, or returns `nil` when it is not of the form.
    public init?(_ text: String) {
        guard text.utf8.first == UInt8(ascii: "/") else { return nil }
        let segments = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard segments.count <= Self.maximumSegmentCount, segments.allSatisfy(Self.isSegment) else { return nil }
        self.segments = segments
    }

    public var description: String { "/" + segments.joined(separator: "/") }

    /// Whether the two are one path, or one lies inside the other.
    public func overlaps(_ other: GuestPath) -> Bool {
        zip(segments, other.segments).allSatisfy { $0 == $1 }
    }

    private static func isSegment(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, bytes.count <= maximumSegmentByteCount else { return false }
        return isWordByte(first) && bytes.dropFirst().allSatisfy { isWordByte($0) || $0 == dot || $0 == dash }
    }

    private static let dot = UInt8(ascii: ".")
    private static let dash = UInt8(ascii: "-")

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
        default: false
        }
    }
}
