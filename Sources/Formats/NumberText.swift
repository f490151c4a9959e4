/// Decimal numbers as text and as a whole count of units, where a unit is the last digit that the format keeps.
///
/// At most 18 significant digits, so that each fits a 64-bit integer. No floating point: a number is what was written.
package enum NumberText {
    static let maximumDigitCount = 18
    /// 10^18 - 1.
    static let maximumUnits: Int64 = 999_999_999_999_999_999

    /// More is refused before a digit is read: whoever writes a number needs no more.
    static let maximumByteCount = 64
    private static let maximumExponent = 999

    /// Reads `-12.5e3` and its like: digits, then perhaps a point and digits, then perhaps an exponent.
    ///
    /// - Parameter isExact: refuses digits beyond `fractionDigits` instead of rounding them, half to even.
    /// - Returns: `nil` for what is no such number, or has more than 18 digits.
    @inline(__always)
    package static func units(of text: Span<UInt8>, fractionDigits: Int, isExact: Bool) -> Int64? {
        plainUnits(of: text, fractionDigits: fractionDigits)
            ?? anyUnits(of: text, fractionDigits: fractionDigits, isExact: isExact)
    }

    private static func anyUnits(of text: Span<UInt8>, fractionDigits: Int, isExact: Bool) -> Int64? {
        guard text.count <= maximumByteCount, let shape = Shape(text) else { return nil }
        // How many of the digits written count whole units.
        let kept = shape.wholeCount + shape.exponent + fractionDigits
        var magnitude: UInt64 = 0
        for index in 0..<max(0, kept) {
            guard magnitude > 0 || index < shape.digitCount else { break }
            magnitude = magnitude * 10 + UInt64(shape.digit(index, of: text))
            guard magnitude <= UInt64(maximumUnits) else { return nil }
        }
        guard let rounded = round(magnitude, shape, text, keeping: kept, isExact: isExact) else { return nil }
        return shape.isNegative ? -Int64(rounded) : Int64(rounded)
    }

    /// What most numbers are: a sign, digits, no more of them than fit, and no fraction that is too long.
    ///
    /// - Returns: `nil` for every other number, and for what is none.
    @inline(__always)
    private static func plainUnits(of text: Span<UInt8>, fractionDigits: Int) -> Int64? {
        let isNegative = text.count > 0 && text[0] == UInt8(ascii: "-")
        let start = isNegative ? 1 : 0
        guard text.count > start, text.count - start + fractionDigits <= maximumDigitCount else { return nil }
        var value: Int64 = 0
        var point = -1
        for offset in start..<text.count {
            let digit = text[offset] &- UInt8(ascii: "0")
            if digit < 10 {
                value = value * 10 + Int64(digit)
            } else {
                guard text[offset] == UInt8(ascii: "."), point < 0, offset > start else { return nil }
                point = offset
            }
        }
        let places = point < 0 ? 0 : text.count - point - 1
        guard places <= fractionDigits, point < 0 || places > 0 else { return nil }
        for _ in places..<fractionDigits { value *= 10 }
        return isNegative ? -value : value
    }

    private static func round(
        _ magnitude: UInt64, _ shape: Shape, _ text: Span<UInt8>, keeping kept: Int, isExact: Bool
    ) -> UInt64? {
        guard kept < shape.digitCount else { return magnitude }
        let first = kept >= 0 ? shape.digit(kept, of: text) : 0
        var isMore = false
        for index in max(0, kept + 1)..<max(0, kept + 1, shape.digitCount) where shape.digit(index, of: text) > 0 {
            isMore = true
        }
        guard first > 0 || isMore else { return magnitude }
        guard !isExact else { return nil }
        let isUp = first > 5 || (first == 5 && (isMore || !magnitude.isMultiple(of: 2)))
        let rounded = magnitude + (isUp ? 1 : 0)
        return rounded <= UInt64(maximumUnits) ? rounded : nil
    }

    /// Where the digits stand in the text.
    private struct Shape {
        var isNegative = false
        /// Of the first digit.
        var start = 0
        var wholeCount = 0
        var fractionCount = 0
        var exponent = 0

        var digitCount: Int { wholeCount + fractionCount }

        /// The digit at `index`, past the point too; zeros follow the last.
        func digit(_ index: Int, of text: Span<UInt8>) -> UInt8 {
            guard index < digitCount else { return 0 }
            return text[start + index + (index < wholeCount ? 0 : 1)] - UInt8(ascii: "0")
        }

        init?(_ text: Span<UInt8>) {
            var offset = 0
            func peek() -> UInt8 { offset < text.count ? text[offset] : 0 }
            func digits() -> Int {
                let first = offset
                while (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(peek()) { offset += 1 }
                return offset - first
            }
            if peek() == UInt8(ascii: "-") {
                isNegative = true
                offset = 1
            }
            start = offset
            wholeCount = digits()
            guard wholeCount > 0 else { return nil }
            if peek() == UInt8(ascii: ".") {
                offset += 1
                fractionCount = digits()
                guard fractionCount > 0 else { return nil }
            }
            if peek() == UInt8(ascii: "e") || peek() == UInt8(ascii: "E") {
                offset += 1
                let sign = peek() == UInt8(ascii: "-") ? -1 : 1
                if sign < 0 || peek() == UInt8(ascii: "+") { offset += 1 }
                let first = offset
                guard digits() > 0 else { return nil }
                for index in first..<offset {
                    exponent = exponent * 10 + Int(text[index] - UInt8(ascii: "0"))
                    guard exponent <= NumberText.maximumExponent else { return nil }
                }
                exponent *= sign
            }
            guard offset == text.count else { return nil }
        }
    }

    /// Writes the one text of a number: no sign on zero, no leading zeros, all `fractionDigits` digits.
    @inline(__always)
    static func append(_ units: Int64, fractionDigits: Int, to output: inout OutputSpan<UInt8>) {
        if units < 0 { output.append(UInt8(ascii: "-")) }
        // The last digit first, two at a time.
        var digits: [20 of UInt8] = .init(repeating: 0)
        var count = 0
        var rest = units.magnitude
        repeat {
            let pair = UInt8(truncatingIfNeeded: rest % 100)
            digits[count] = pair % 10
            digits[count + 1] = pair / 10
            rest /= 100
            count += 2
        } while rest > 0 || count <= fractionDigits
        while count > fractionDigits + 1, digits[count - 1] == 0 { count -= 1 }
        while count > 0 {
            if count == fractionDigits { output.append(UInt8(ascii: ".")) }
            count -= 1
            output.append(UInt8(ascii: "0") | digits[count])
        }
    }

    /// A sign, a zero, a point and 18 digits.
    static let longestByteCount = 21

    /// The text of a number in a manifest, such as `"-12.5"`.
    static func units(of text: String, fractionDigits: Int) -> Int64? {
        let bytes = Array(text.utf8)
        guard !bytes.contains(where: { $0 == UInt8(ascii: "e") || $0 == UInt8(ascii: "E") }) else { return nil }
        return units(of: bytes.span, fractionDigits: fractionDigits, isExact: true)
    }

    /// As ``append(_:fractionDigits:to:)``.
    package static func text(_ units: Int64, fractionDigits: Int) -> String {
        let bytes = [UInt8](capacity: longestByteCount) { append(units, fractionDigits: fractionDigits, to: &$0) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
