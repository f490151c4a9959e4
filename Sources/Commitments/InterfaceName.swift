/// An interface such as `wasi:cli/run`: namespace, package and name, without a version.
///
/// The parts are WIT labels: words of one case, joined by `-`, the first word begun by a letter.
public struct InterfaceName: Hashable, Sendable, CustomStringConvertible {
    public static let maximumByteCount = 128

    public let description: String

    /// `wasi:cli` of `wasi:cli/run`.
    public var package: String { String(description.prefix { $0 != "/" }) }

    /// Wraps `text`, or returns `nil` when it is not of the form. A version makes it another form.
    public init?(_ text: String) {
        guard text.utf8.count <= Self.maximumByteCount else { return nil }
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let owner = parts[0].split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard owner.count == 2, (owner + [parts[1]]).allSatisfy({ isLabel($0) }) else { return nil }
        description = text
    }

    /// Whether `text` can name an import: a label of its own (`site-a`), or an interface.
    public static func isImportName(_ text: String) -> Bool {
        InterfaceName(text) != nil || (text.utf8.count <= maximumByteCount && isLabel(text.utf8[...]))
    }
}

extension InterfaceName: Comparable {
    /// By bytes, so that an order never depends on a locale.
    public static func < (left: InterfaceName, right: InterfaceName) -> Bool {
        left.description.utf8.lexicographicallyPrecedes(right.description.utf8)
    }
}

private func isLabel(_ bytes: Substring.UTF8View) -> Bool {
    guard let first = bytes.first, isLower(first) || isUpper(first) else { return false }
    return bytes.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false).allSatisfy { word in
        !word.isEmpty
            && (word.allSatisfy { isLower($0) || isDigit($0) } || word.allSatisfy { isUpper($0) || isDigit($0) })
    }
}

private func isLower(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
private func isUpper(_ byte: UInt8) -> Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }
private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
