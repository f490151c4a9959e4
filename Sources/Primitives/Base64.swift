/// RFC 4648 base64 in the two forms that the project writes, each with exactly one spelling a value.
public enum Base64: Sendable {
    /// Section 4, with padding: DSSE envelopes and evidence bundles.
    case standard
    /// Section 5, without padding: keys in text.
    case urlUnpadded

    /// Encodes all of `bytes`.
    public func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let word = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for position in 0...group.count {
                text.append(alphabet[Int(word >> UInt32(18 - 6 * position) & 0x3F)])
            }
            if self == .standard { text += repeatElement(UInt8(ascii: "="), count: 3 - group.count) }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Decodes `text`, or returns `nil` for any other spelling: other alphabets, missing or extra
    /// padding, whitespace, and last characters whose unused bits are not zero.
    public func decode(_ text: String) -> [UInt8]? {
        var digits = Array(text.utf8)
        if self == .standard {
            guard digits.count.isMultiple(of: 4) else { return nil }
            for _ in 0..<2 where digits.last == UInt8(ascii: "=") { digits.removeLast() }
        }
        guard digits.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 4 * 3 + 2)
        for start in stride(from: 0, to: digits.count, by: 4) {
            let group = digits[start..<min(start + 4, digits.count)]
            var word: UInt32 = 0
            for digit in group {
                guard let value = value(of: digit) else { return nil }
                word = word << 6 | UInt32(value)
            }
            word <<= UInt32(6 * (4 - group.count))
            let count = group.count - 1
            guard word & (0xFF_FFFF >> UInt32(8 * count)) == 0 else { return nil }
            for position in 0..<count { bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(16 - 8 * position))) }
        }
        return bytes
    }

    private var alphabet: [UInt8] {
        switch self {
        case .standard: Self.standardAlphabet
        case .urlUnpadded: Self.urlAlphabet
        }
    }

    private static let lettersAndDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    private static let standardAlphabet = Array((lettersAndDigits + "+/").utf8)
    private static let urlAlphabet = Array((lettersAndDigits + "-_").utf8)

    private func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): digit - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0") + 52
        case alphabet[62]: 62
        case alphabet[63]: 63
        default: nil
        }
    }
}
