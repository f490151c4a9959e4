/// Values that look sensible and mean nothing: numbers and dates in their range, near where people's are; short words.
///
/// Drawn by SplitMix64 (Steele, Lea and Flood, 2014), which is quick and the same everywhere. Nothing here is secret.
struct StandInValues {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    mutating func next(below bound: UInt64) -> UInt64 { next().multipliedFullWidth(by: bound).high }

    private mutating func next(in range: ClosedRange<Int64>) -> Int64 {
        range.lowerBound + Int64(next(below: UInt64(range.upperBound - range.lowerBound) + 1))
    }

    // MARK: Numbers and dates

    /// A number of the whole range where this is no wider than a million; else one of a thousand near zero.
    mutating func number(_ bounds: NumberBounds) -> Int64 {
        // 10^18 fits, and where a thousand are more than that, every range is narrow.
        var thousand: Int64 = 1000
        for _ in 0..<min(bounds.fractionDigits, 15) { thousand *= 10 }
        let (million, overflows) = thousand.multipliedReportingOverflow(by: 1000)
        let (minimum, maximum) = (bounds.minimum, bounds.maximum)
        if overflows || maximum - minimum <= million { return next(in: minimum...maximum) }
        if minimum > 0 { return next(in: minimum...minimum + thousand) }
        return next(in: maximum < thousand ? maximum - thousand...maximum : 0...thousand)
    }

    /// From 2020-01-01 to 2026-12-31.
    private static let usualDays: ClosedRange<Int64> = 737_424...739_980
    private static let tenYears: Int64 = 3652

    mutating func day(_ days: ClosedRange<Int64>) -> Int64 {
        let (first, last) = (days.lowerBound, days.upperBound)
        if days.overlaps(Self.usualDays) { return next(in: days.clamped(to: Self.usualDays)) }
        let isLater = first > Self.usualDays.upperBound
        return next(in: isLater ? first...min(last, first + Self.tenYears) : max(first, last - Self.tenYears)...last)
    }

    // MARK: Text

    private static let usualCharacters: UInt64 = 12
    private static let digits = Array("0123456789".unicodeScalars)
    private static let letters = Array("abcdefghijklmnopqrstuvwxyz".unicodeScalars)
    private static let latin = Array("äöüéèñçøåß".unicodeScalars)
    private static let others = Array("αβγδжзию漢字仮名".unicodeScalars)
    /// What those who read a table must expect in a cell.
    private static let marks = Array(" ,\"".unicodeScalars)

    /// One character at least.
    mutating func text(_ set: Characters, atMost maximum: Int) -> String {
        let alphabet: [Unicode.Scalar] =
            switch set {
            case .digits: Self.digits
            case .identifier: Self.letters + Self.digits
            case .ascii: Self.letters
            case .latin: Self.letters + Self.latin
            case .unicode: Self.letters + Self.latin + Self.others
            }
        let hasMarks = set != .digits && set != .identifier
        let count = 1 + next(below: min(Self.usualCharacters, UInt64(maximum)))
        var text = String.UnicodeScalarView()
        for index in 0..<count {
            // Neither first nor last.
            let canBeMark = hasMarks && index > 0 && index < count - 1
            let from = canBeMark && next(below: 8) == 0 ? Self.marks : alphabet
            text.append(from[Int(next(below: UInt64(from.count)))])
        }
        return String(text)
    }
}
