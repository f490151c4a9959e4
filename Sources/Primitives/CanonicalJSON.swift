extension JSONValue {
    /// The one byte string of this value that everyone computes alike (RFC 8785, JCS).
    ///
    /// - Precondition: numbers are finite, and integers at most ``maximumInteger`` in magnitude.
    public var canonicalBytes: [UInt8] {
        var writer = JSONWriter(style: .canonical)
        writer.write(self)
        return writer.bytes
    }

    /// The same value for people: two spaces a level, members as they were written, a final newline.
    ///
    /// - Precondition: as for ``canonicalBytes``.
    public var indentedBytes: [UInt8] {
        var writer = JSONWriter(style: .indented)
        writer.write(self)
        return writer.bytes + [0x0A]
    }

    /// What stands between the braces of an object with these members, in ``indentedBytes``: for an object that is put
    /// together from parts, with commas between them.
    public static func indentedMembers(_ members: [JSONMember]) -> [UInt8] {
        var writer = JSONWriter(style: .indented)
        writer.write(.object(members))
        return Array(writer.bytes.dropFirst().dropLast(2))
    }
}

private struct JSONWriter {
    enum Style {
        case canonical, indented
    }

    let style: Style
    var bytes: [UInt8] = []
    var level = 0

    init(style: Style) {
        self.style = style
    }

    mutating func write(_ value: JSONValue) {
        switch value {
        case .null: append("null")
        case .bool(let value): append(value ? "true" : "false")
        case .integer(let value):
            precondition(value.magnitude <= JSONValue.maximumInteger, "integers beyond 2^53 are not JSON's")
            append(String(value))
        case .number(let value):
            precondition(value.isFinite, "JSON has no infinity")
            append(ecmaScriptText(value))
        case .string(let text): writeString(text)
        case .array(let elements): writeList("[", elements, "]") { writer, element in writer.write(element) }
        case .object(let members):
            writeList("{", ordered(members), "}") { writer, member in
                writer.writeString(member.name)
                writer.append(writer.style == .canonical ? ":" : ": ")
                writer.write(member.value)
            }
        }
    }

    /// By UTF-16 code units (RFC 8785, section 3.2.3), which differs from the order of UTF-8 bytes.
    private func ordered(_ members: [JSONMember]) -> [JSONMember] {
        guard style == .canonical else { return members }
        return members.sorted { $0.name.utf16.lexicographicallyPrecedes($1.name.utf16) }
    }

    private mutating func writeList<Element>(
        _ opening: String, _ elements: [Element], _ closing: String, _ body: (inout JSONWriter, Element) -> Void
    ) {
        append(opening)
        level += 1
        for (index, element) in elements.enumerated() {
            if index > 0 { append(",") }
            startLine()
            body(&self, element)
        }
        level -= 1
        if !elements.isEmpty { startLine() }
        append(closing)
    }

    private mutating func startLine() {
        guard style == .indented else { return }
        append("\n" + String(repeating: "  ", count: level))
    }

    private mutating func writeString(_ text: String) {
        append("\"")
        for byte in text.utf8 {
            switch byte {
            case 0x08: append("\\b")
            case 0x09: append("\\t")
            case 0x0A: append("\\n")
            case 0x0C: append("\\f")
            case 0x0D: append("\\r")
            case UInt8(ascii: "\""): append("\\\"")
            case UInt8(ascii: "\\"): append("\\\\")
            case 0x00...0x1F: append("\\u00" + [byte].hex)
            default: bytes.append(byte)
            }
        }
        append("\"")
    }

    private mutating func append(_ text: String) {
        bytes += text.utf8
    }
}

/// Number::toString of ECMA-262, which RFC 8785 (section 3.2.2.3) prescribes.
///
/// Swift and ECMAScript agree on the digits, the shortest that read back as the same double; they
/// differ in where the decimal point goes.
private func ecmaScriptText(_ value: Double) -> String {
    guard value != 0 else { return "0" }
    let sign = value < 0 ? "-" : ""
    let (digits, point) = shortestDigits(value.magnitude)
    let count = digits.count
    switch point {
    case count...21:  // Never empty: a double has at most 17 digits.
        return sign + digits + String(repeating: "0", count: point - count)
    case 1...21:
        return sign + digits.prefix(point) + "." + digits.dropFirst(point)
    case -5...0:
        return sign + "0." + String(repeating: "0", count: -point) + digits
    default:
        let fraction = count > 1 ? "." + digits.dropFirst() : ""
        return sign + digits.prefix(1) + fraction + "e" + (point > 0 ? "+" : "-") + String((point - 1).magnitude)
    }
}

/// The significant digits, and where the decimal point stands: 0.`digits` × 10^`point`.
private func shortestDigits(_ value: Double) -> (digits: String, point: Int) {
    let parts = value.description.split(separator: "e")
    let exponent = parts.count == 2 ? Int(parts[1]) ?? 0 : 0
    let decimals = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let whole = decimals[0]
    let fraction = decimals.count == 2 ? decimals[1] : ""
    let all = whole + fraction
    let leadingZeros = all.prefix { $0 == "0" }.count
    var digits = all.dropFirst(leadingZeros)
    while digits.last == "0" { digits.removeLast() }
    return (String(digits), whole.count - leadingZeros + exponent)
}
