internal import Primitives

/// A named set of characters that a text may hold: fixed ranges, as of `Unicode.Scalar.showsItself`.
public enum Characters: String, CaseIterable, Equatable, Sendable {
    /// `0` to `9`.
    case digits
    /// `A` to `Z`, `a` to `z`, `0` to `9`, and `-`, `_` and `.`.
    case identifier
    /// What a plain keyboard prints, the space among it.
    case ascii
    /// ``ascii`` and the letters of Europe's Latin alphabets.
    case latin
    /// Whatever shows itself (`Unicode.Scalar.showsItself`).
    case unicode

    /// Whether the set has the character.
    public func contains(_ scalar: Unicode.Scalar) -> Bool {
        let value = scalar.value
        if value < 0x80 { return asciiMask >> UInt128(value) & 1 == 1 }
        guard self == .latin || self == .unicode else { return false }
        return ranges.hold(value)
    }

    /// A bit for each character below U+0080: most characters are of these, so they are told without a search.
    private var asciiMask: UInt128 {
        switch self {
        case .digits: Self.digitsMask
        case .identifier: Self.identifierMask
        case .ascii, .latin, .unicode: Self.printableMask
        }
    }

    private static let digitsMask = mask(of: Characters.digits.ranges)
    private static let identifierMask = mask(of: Characters.identifier.ranges)
    private static let printableMask = mask(of: Characters.ascii.ranges)

    private static func mask(of ranges: [ClosedRange<UInt32>]) -> UInt128 {
        ranges.joined().reduce(0) { $0 | 1 << UInt128($1) }
    }

    /// Whether the comma or the quotation mark is among them.
    var haveMarks: Bool { self != .digits && self != .identifier }

    /// How many characters the set has.
    public var count: Int { ranges.reduce(0) { $0 + $1.count } }

    /// In order, apart from one another.
    private var ranges: [ClosedRange<UInt32>] {
        switch self {
        case .digits: [0x30...0x39]
        case .identifier: [0x2D...0x2E, 0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A]
        case .ascii: [0x20...0x7E]
        case .latin: Self.latinRanges
        case .unicode: Unicode.Scalar.shown
        }
    }

    private static let latinRanges: [ClosedRange<UInt32>] = [0x20...0x7E, 0xA1...0xAC, 0xAE...0x17F]

    /// Whether every character of the text is in the set, and how many there are.
    ///
    /// - Returns: `nil` for text that is not UTF-8 or holds another character.
    func count(in text: Span<UInt8>) -> Int? {
        let decoder = ScalarDecoder()
        let ascii = asciiMask
        var count = 0
        var offset = 0
        while offset < text.count {
            let byte = text[offset]
            if byte < 0x80 {
                guard ascii &>> UInt128(truncatingIfNeeded: byte) & 1 == 1 else { return nil }
                offset += 1
            } else {
                guard let scalar = decoder.next(text, &offset), contains(scalar) else { return nil }
            }
            count += 1
        }
        return count
    }
}

/// UTF-8 one character at a time (RFC 3629): no overlong form, no surrogate, nothing past U+10FFFF.
struct ScalarDecoder {
    /// - Returns: `nil` where the bytes are no UTF-8; the offset stays.
    func next(_ text: Span<UInt8>, _ offset: inout Int) -> Unicode.Scalar? {
        let first = text[offset]
        if first < 0x80 {
            offset += 1
            return Unicode.Scalar(first)
        }
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard first >= 0xC2, first <= 0xF4, text.count - offset >= length else { return nil }
        var value = UInt32(first) & (0x7F >> UInt32(length))
        for index in 1..<length {
            let byte = text[offset + index]
            guard byte & 0xC0 == 0x80 else { return nil }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        let smallest: UInt32 = length == 4 ? 0x10000 : length == 3 ? 0x800 : 0x80
        guard value >= smallest, let scalar = Unicode.Scalar(value) else { return nil }
        offset += length
        return scalar
    }
}
