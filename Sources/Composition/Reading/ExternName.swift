/// The name of an import or export: `site-a`, `wasi:cli/run@0.2.3`.
///
/// ASCII without spaces, so that equal text means equal bytes. Whether it follows the whole grammar
/// of names is the engine's question.
public struct ExternName: Hashable, Sendable, CustomStringConvertible {
    /// As it stands in the binary.
    public let description: String
    /// Without the version.
    public let base: String
    public let version: String?

    init?(_ text: String) {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        description = text
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        base = String(parts[0])
        version = parts.count == 2 ? String(parts[1]) : nil
    }

    /// Whether it names an interface: `namespace:package/interface`.
    public var isInterface: Bool {
        let slash = base.utf8.firstIndex(of: UInt8(ascii: "/"))
        let colon = base.utf8.firstIndex(of: UInt8(ascii: ":"))
        guard let slash, let colon else { return false }
        return colon < slash && base.utf8.allSatisfy(Self.isInterfaceByte)
    }

    private static func isInterfaceByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: ":"): true
        default: false
        }
    }

    /// Whether an instance of this name can stand where `wanted` is imported: the same interface, and
    /// versions that semantic versioning calls compatible. A pre-release is compatible with itself only.
    public func serves(_ wanted: ExternName) -> Bool {
        guard base == wanted.base else { return false }
        return version == wanted.version || track == wanted.track && track != nil
    }

    /// Of two compatible versions, whether this one's is the newer.
    func isNewer(than other: ExternName) -> Bool {
        guard track != nil, let version, let otherVersion = other.version else { return false }
        let numbers = { (text: String) in text.split(separator: ".").map { Int($0) ?? 0 } }
        return numbers(otherVersion).lexicographicallyPrecedes(numbers(version))
    }

    /// The part of the version that must be equal: `1` of 1.4.2, `0.2` of 0.2.9, `0.0.3` of 0.0.3.
    private var track: String? {
        guard let version else { return nil }
        let parts = version.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy(Self.isNumber) else { return nil }
        if parts[0] != "0" { return String(parts[0]) }
        return parts[1] != "0" ? "0.\(parts[1])" : version
    }

    private static func isNumber(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.count <= 9 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
