/// How much can be told by choosing among so many possibilities: the logarithm to base two of their number, in bits.
///
/// Fixed point with 16 binary places, rounded up at each step, so that what is told to people who sign is never too
/// little. It saturates at 2^48 bits, more than any file holds.
public struct Capacity: Comparable, Sendable {
    /// In 65536ths of a bit.
    public let units: UInt64

    private init(units: UInt64) { self.units = units }

    /// A choice of one.
    public static let none = Capacity(units: 0)
    /// A choice between two.
    public static let bit = Capacity(units: 1 << placeCount)
    static let smallest = Capacity(units: 1)

    private static let placeCount = 16

    /// Whole bits, rounded up.
    public var bits: UInt64 { (units >> Self.placeCount) + (units & 0xFFFF == 0 ? 0 : 1) }

    /// Whether less can be told.
    public static func < (left: Capacity, right: Capacity) -> Bool { left.units < right.units }

    /// Both together.
    public static func + (left: Capacity, right: Capacity) -> Capacity {
        let (sum, overflows) = left.units.addingReportingOverflow(right.units)
        return Capacity(units: overflows ? .max : sum)
    }

    /// - Precondition: `right` is no more than `left`.
    static func - (left: Capacity, right: Capacity) -> Capacity { Capacity(units: left.units - right.units) }

    /// So much, `count` times.
    public static func * (left: Capacity, count: Int) -> Capacity {
        let (product, overflows) = left.units.multipliedReportingOverflow(by: UInt64(count))
        return Capacity(units: overflows ? .max : product)
    }

    /// log2(`value`), rounded up.
    package init(log2Of value: UInt64) {
        let (units, isExact) = Self.logarithm(value, roundingUp: true)
        self.units = isExact ? units : units + 1
    }

    /// log2(`value`), rounded down.
    init(log2Below value: UInt64) {
        units = Self.logarithm(value, roundingUp: false).units
    }

    /// log2(`value` / `divisor`), rounded up.
    ///
    /// - Precondition: `value` is no less than `divisor`.
    init(log2Of value: UInt64, over divisor: UInt64) {
        self = Capacity(log2Of: value) - Capacity(log2Below: divisor)
    }

    /// The places one by one: squaring the mantissa doubles its logarithm, and a square of two or more is a one.
    ///
    /// - Returns: the places, and whether nothing follows them. Squares are rounded up or down, so that the places
    ///   are those of a number that is no less, or no more, than `value`.
    private static func logarithm(_ value: UInt64, roundingUp: Bool) -> (units: UInt64, isExact: Bool) {
        precondition(value > 0, "nothing has no logarithm")
        let whole = 63 - value.leadingZeroBitCount
        // Between one and two: 2^63 is one.
        var mantissa = value << value.leadingZeroBitCount
        var units = UInt64(whole)
        let one: UInt64 = 1 << 63
        if mantissa == one { return (units << placeCount, true) }
        for _ in 0..<placeCount {
            let square = mantissa.multipliedFullWidth(by: mantissa)
            let isTwoOrMore = square.high >= one
            let kept = isTwoOrMore ? square.high : square.high << 1 | square.low >> 63
            let lost = isTwoOrMore ? square.low : square.low << 1
            mantissa = roundingUp && lost > 0 && kept < .max ? kept + 1 : kept
            units = units << 1 | (isTwoOrMore ? 1 : 0)
        }
        return (units, false)
    }
}

extension Capacity: CustomStringConvertible {
    /// Bits with one decimal place below a hundred, rounded up.
    public var description: String {
        if self == .bit { return "1 bit" }
        if bits >= 100 || units & 0xFFFF == 0 { return "\(bits) bits" }
        let tenths = (units * 10 + 0xFFFF) >> 16
        return tenths.isMultiple(of: 10) ? "\(tenths / 10) bits" : "\(tenths / 10).\(tenths % 10) bits"
    }
}
