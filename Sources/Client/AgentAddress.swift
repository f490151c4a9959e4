/// Where an agent listens: `http://HOST[:PORT]`.
///
/// Everything secret is sealed before it travels, so plain HTTP shows sizes and times, and nothing else. A name is
/// resolved by the system; nothing is believed because of where it came from.
public struct AgentAddress: Hashable, Sendable {
    /// A name, an IPv4 address, or an IPv6 address without brackets.
    public let host: String
    public let port: Int

    /// Parses an address.
    ///
    /// - Throws: ``ClientError/address(_:)``, for user names, paths, queries and `https` too.
    public init(_ text: String) throws(ClientError) {
        guard text.utf8.count <= 300 else { throw .address(.form) }
        guard !text.lowercased().hasPrefix("https://") else { throw .address(.secureHTTP) }
        guard text.hasPrefix("http://") else { throw .address(.scheme) }
        var rest = text.dropFirst("http://".count)
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        let port: Substring?
        if rest.hasPrefix("[") {
            guard let end = rest.firstIndex(of: "]") else { throw .address(.form) }
            host = String(rest[rest.index(after: rest.startIndex)..<end])
            let after = rest[rest.index(after: end)...]
            guard after.isEmpty || after.hasPrefix(":") else { throw .address(.form) }
            port = after.isEmpty ? nil : after.dropFirst()
            guard host.contains(":"), host.utf8.allSatisfy(Self.belongsToIPv6) else { throw .address(.form) }
        } else {
            let parts = rest.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count <= 2 else { throw .address(.form) }
            host = String(parts[0])
            port = parts.count == 2 ? parts[1] : nil
            guard !host.isEmpty, host.utf8.allSatisfy(Self.belongsToName) else { throw .address(.form) }
        }
        guard let port else {
            self.port = 80
            return
        }
        guard let number = UInt16(port), number > 0, String(number) == port else { throw .address(.form) }
        self.port = Int(number)
    }

    private static func belongsToName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func belongsToIPv6(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: ":"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}

extension AgentAddress: CustomStringConvertible {
    /// As the `Host` header has it.
    var authority: String { (host.contains(":") ? "[\(host)]" : host) + ":\(port)" }

    public var description: String { "http://\(authority)" }
}
