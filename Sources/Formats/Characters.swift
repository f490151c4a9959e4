/// A named set of characters that a text may hold.
///
/// Fixed ranges rather than Unicode's categories: a category grows, and then two versions of this program would
/// disagree on what fits a format, and on how much it can carry.
public enum Characters: String, CaseIterable, Equatable, Sendable {
    /// `0` to `9`.
    case digits
    /// `A` to `Z`, `a` to `z`, `0` to `9`, and `-`, `_` and `.`.
    case identifier
    /// What a plain keyboard prints, the space among it.
    case ascii
    /// ``ascii`` and the letters of Europe's Latin alphabets.
    case latin
    /// Whatever has a shape of its own: no control, no direction mark, nothing invisible, no space but the plain one,
    /// nothing without a public meaning.
    case unicode

    /// Whether the set has the character.
    public func contains(_ scalar: Unicode.Scalar) -> Bool {
        let value = scalar.value
        if value < 0x80 { return Self.ascii(self, value) }
        guard self == .latin || self == .unicode else { return false }
        let ranges = self == .latin ? Self.latinRanges : Self.visible
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < value { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].contains(value)
    }

    /// Most characters are of these, so they are told without a search.
    private static func ascii(_ set: Characters, _ value: UInt32) -> Bool {
        switch set {
        case .digits: 0x30...0x39 ~= value
        case .identifier:
            0x30...0x39 ~= value || 0x41...0x5A ~= value || 0x61...0x7A ~= value || value == 0x5F
                || 0x2D...0x2E ~= value
        case .ascii, .latin, .unicode: 0x20...0x7E ~= value
        }
    }

    /// How many characters the set has.
    public var count: Int { ranges.reduce(0) { $0 + $1.count } }

    /// In order, apart from one another.
    private var ranges: [ClosedRange<UInt32>] {
        switch self {
        case .digits: [0x30...0x39]
        case .identifier: [0x2D...0x2E, 0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A]
        case .ascii: [0x20...0x7E]
        case .latin: Self.latinRanges
        case .unicode: Self.visible
        }
    }

    private static let latinRanges: [ClosedRange<UInt32>] = [0x20...0x7E, 0xA1...0xAC, 0xAE...0x17F]

    /// Everything but: controls, spaces, separators; default ignorable characters (among them joiners, variation
    /// selectors and fillers) and those of direction; annotations; surrogates, private use and noncharacters; the
    /// empty Braille pattern; planes in which nothing is assigned, or nothing but tags.
    private static let visible: [ClosedRange<UInt32>] = [
        0x20...0x7E, 0xA1...0xAC, 0xAE...0x34E, 0x350...0x61B, 0x61D...0x115E, 0x1161...0x167F, 0x1681...0x17B3,
        0x17B6...0x180A, 0x1810...0x1FFF, 0x2010...0x2027, 0x2030...0x205E, 0x2070...0x27FF, 0x2801...0x2FFF,
        0x3001...0x3163, 0x3165...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFDFF, 0xFE10...0xFEFE, 0xFF00...0xFF9F,
        0xFFA1...0xFFEF, 0xFFFC...0xFFFD, 0x10000...0x1BC9F, 0x1BCA4...0x1D172, 0x1D17B...0x1FFFD, 0x20000...0x2FFFD,
        0x30000...0x3FFFD,
    ]

    /// Whether every character of the text is in the set, and how many there are.
    ///
    /// - Returns: `nil` for text that is not UTF-8 or holds another character.
    func count(in text: Span<UInt8>) -> Int? {
        let decoder = ScalarDecoder()
        var count = 0
        var offset = 0
        while offset < text.count {
            guard let scalar = decoder.next(text, &offset), contains(scalar) else { return nil }
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
