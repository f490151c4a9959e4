extension Unicode.Scalar {
    /// Whether a screen shows this character as it is: not a control, a mark of direction, invisible
    /// (default-ignorable), blank other than U+0020, of private use, a stand-in for something else, or of a plane in
    /// which nothing is assigned.
    public var showsItself: Bool { Self.shown.hold(value) }

    /// The characters that show themselves, in order, apart from one another.
    ///
    /// Fixed ranges rather than Unicode's categories: a category grows, and then two versions of this program would
    /// disagree on whether a manifest is valid, on what fits a format, and on how much a format can carry.
    ///
    /// Unicode 16 without Default_Ignorable_Code_Point, White_Space but U+0020, Noncharacter_Code_Point, the categories
    /// Cc, Cs and Co, annotations and the object replacement character, controls of hieroglyphs, fillers and what is
    /// drawn as a blank, planes in which nothing is assigned, and the plane of tags.
    package static let shown: [ClosedRange<UInt32>] = [
        0x20...0x7E, 0xA1...0xAC, 0xAE...0x34E, 0x350...0x61B, 0x61D...0x115E, 0x1161...0x167F, 0x1681...0x17B3,
        0x17B6...0x180A, 0x1810...0x1FFF, 0x2010...0x2027, 0x2030...0x205E, 0x2070...0x27FF, 0x2801...0x2FFF,
        0x3001...0x3163, 0x3165...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFDFF, 0xFE10...0xFEFE, 0xFF00...0xFF9F,
        0xFFA1...0xFFEF, 0xFFFD...0xFFFD, 0x10000...0x1342F, 0x13443...0x16FE3, 0x16FE5...0x1BC9F, 0x1BCA4...0x1D158,
        0x1D15A...0x1D172, 0x1D17B...0x1FFFD, 0x20000...0x2FFFD, 0x30000...0x3FFFD,
    ]
}

extension [ClosedRange<UInt32>] {
    /// Whether one of the ranges, which stand in order and apart from one another, has the number.
    package func hold(_ value: UInt32) -> Bool {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle].upperBound < value { low = middle + 1 } else { high = middle }
        }
        return low < count && self[low].contains(value)
    }
}
