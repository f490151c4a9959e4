public import Primitives

/// Where a component's source is said to be, and how it is built: its provider's claim.
///
/// Nothing here follows it. Who wants to know gets the source, builds it as said, and compares the digest.
public struct SourceClaim: Equatable, Sendable {
    /// An `https:` address of ASCII characters, without a user in it.
    public let uri: ForeignText
    /// A commit or a tag.
    public let revision: ForeignText
    /// The command, or the tools: one line of ASCII.
    public let build: ForeignText

    static let maximumURIByteCount = 512
    static let maximumRevisionByteCount = 128
    static let maximumBuildByteCount = 512

    init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        uri = try object.parsed("uri", as: "an https:// address of at most 512 characters, without a user") { text in
            Self.isAddress(text) ? ForeignText(text) : nil
        }
        revision = try object.parsed("revision", as: "1 to 128 of A-Z, a-z, 0-9 and . _ + / -") { text in
            let isRevision =
                1...Self.maximumRevisionByteCount ~= text.utf8.count && text.utf8.allSatisfy(Self.isRevision)
            return isRevision ? ForeignText(text) : nil
        }
        build = try object.parsed("build", as: "1 to 512 printable ASCII characters") { text in
            let isLine = 1...Self.maximumBuildByteCount ~= text.utf8.count && text.utf8.allSatisfy { 0x20...0x7E ~= $0 }
            return isLine ? ForeignText(text) : nil
        }
        try object.finish()
    }

    /// `https://HOST/…` (RFC 3986). A user before the host would pass for the host.
    private static func isAddress(_ text: String) -> Bool {
        let scheme = "https://"
        guard text.utf8.count <= maximumURIByteCount, text.hasPrefix(scheme) else { return false }
        let rest = text.utf8.dropFirst(scheme.utf8.count)
        let host = rest.prefix { $0 != UInt8(ascii: "/") }
        return !host.isEmpty && host.allSatisfy { isPlain($0) || $0 == UInt8(ascii: ":") }
            && rest.allSatisfy { isPlain($0) || "~:/?#[]@!$&'()*+,;=%".utf8.contains($0) }
    }

    private static func isRevision(_ byte: UInt8) -> Bool {
        isPlain(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "/")
    }

    /// Letters, digits, and `.`, `_`, `-`.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }
}
