/// A positive number as a fraction in lowest terms: what a decimal text says, without rounding.
public struct Ratio: Equatable, Sendable {
    public let numerator: UInt64
    public let denominator: UInt64

    /// Reads a decimal text, and counts it in units of 10^-`fractionDigits`.
    ///
    /// - Returns: `nil` for what is no positive number, and for one whose numerator or denominator needs more than 15
    ///   digits: the exact arithmetic on it would leave 64 bits.
    package init?(_ text: String, inUnitsOf fractionDigits: Int) {
        // As many digits as a number can have, of which the trailing zeros shorten away.
        var places = 0
        var units = NumberText.units(of: text, fractionDigits: 0)
        while units == nil, places < 15 {
            places += 1
            units = NumberText.units(of: text, fractionDigits: places)
        }
        guard let units, units > 0 else { return nil }
        var numerator = UInt64(units)
        var denominator: UInt64 = 1
        for _ in 0..<max(0, places - fractionDigits) { denominator *= 10 }
        for _ in 0..<max(0, fractionDigits - places) {
            let (product, overflows) = numerator.multipliedReportingOverflow(by: 10)
            guard !overflows else { return nil }
            numerator = product
        }
        let divisor = Self.greatestCommonDivisor(numerator, denominator)
        self.numerator = numerator / divisor
        self.denominator = denominator / divisor
        guard self.numerator <= Self.largest, self.denominator <= Self.largest else { return nil }
    }

    private static let largest: UInt64 = 999_999_999_999_999

    private static func greatestCommonDivisor(_ one: UInt64, _ other: UInt64) -> UInt64 {
        var (one, other) = (one, other)
        while other > 0 { (one, other) = (other, one % other) }
        return one
    }
}
