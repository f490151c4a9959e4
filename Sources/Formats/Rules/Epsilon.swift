/// How much noise hides: the largest logarithm of a ratio by which one person's data can change what is likely.
///
/// An exact fraction. A sum that 128 bits do not hold is rounded up to a millionth, so that it promises no more than
/// there is.
public struct Epsilon: Equatable, Sendable {
    public let numerator: UInt128
    public let denominator: UInt128

    static let none = Epsilon(0, 1)
    private static let millionth: UInt128 = 1_000_000

    private init(_ numerator: UInt128, _ denominator: UInt128) {
        var (divisor, rest) = (numerator, denominator)
        while rest > 0 { (divisor, rest) = (rest, divisor % rest) }
        self.numerator = numerator / divisor
        self.denominator = denominator / divisor
    }

    /// Of noise in which x has a probability proportional to exp(-|x| / `scale`), on what one person can change by
    /// `sensitivity`.
    init(sensitivity: Ratio, scale: Ratio) {
        // Both have at most 15 digits above and below, so the products have 30.
        self.init(
            UInt128(sensitivity.numerator) * UInt128(scale.denominator),
            UInt128(sensitivity.denominator) * UInt128(scale.numerator))
    }

    /// Of both together.
    static func + (left: Epsilon, right: Epsilon) -> Epsilon {
        let one = left.numerator.multipliedReportingOverflow(by: right.denominator)
        let other = right.numerator.multipliedReportingOverflow(by: left.denominator)
        let both = left.denominator.multipliedReportingOverflow(by: right.denominator)
        let sum = one.partialValue.addingReportingOverflow(other.partialValue)
        if !one.overflow, !other.overflow, !both.overflow, !sum.overflow {
            return Epsilon(sum.partialValue, both.partialValue)
        }
        // At most 256 columns of at most 10^30 each: 10^36 millionths fit 128 bits more than 256 times.
        return Epsilon(left.inMillionths + right.inMillionths, millionth)
    }

    /// Rounded up.
    private var inMillionths: UInt128 { scaled(by: Self.millionth) }

    /// So many times this, rounded up to a whole number.
    private func scaled(by factor: UInt128) -> UInt128 {
        let (whole, rest) = numerator.quotientAndRemainder(dividingBy: denominator)
        guard rest > 0 else { return whole * factor }
        // Bits that the product has no room for are left out, above rounded up and below down.
        let excess = max(0, UInt128.bitWidth - factor.leadingZeroBitCount - rest.leadingZeroBitCount)
        let above = (rest >> excess) + (excess > 0 ? 1 : 0)
        let below = denominator >> excess
        let (part, remainder) = (above * factor).quotientAndRemainder(dividingBy: below)
        return whole * factor + part + (remainder > 0 ? 1 : 0)
    }
}

extension Epsilon: CustomStringConvertible {
    /// Three decimal places at most, rounded up.
    public var description: String {
        let (whole, places) = scaled(by: 1000).quotientAndRemainder(dividingBy: 1000)
        guard places > 0 else { return String(whole) }
        var digits = String(String(1000 + places).dropFirst())
        while digits.last == "0" { digits.removeLast() }
        return "\(whole).\(digits)"
    }
}

/// What the noise of one output guarantees to each person, if its owner's claims hold.
public struct NoiseGuarantee: Equatable, Sendable {
    /// One column with noise.
    public struct Column: Equatable, Sendable {
        public let name: String
        public let epsilon: Epsilon
    }

    /// The columns with noise, in the order of the rules.
    public let columns: [Column]
    /// Of all of them together.
    public let sum: Epsilon
    /// The columns that are neither noised nor the same in each table: of these nothing is guaranteed.
    public let columnsWithout: [String]

    /// - Returns: `nil` without noise, and where data can decide which rows there are: in a table that is not complete,
    ///   and in one whose small groups are dropped by a number without noise.
    public init?(_ rules: OutputRules, for format: Format) {
        guard case .csv(let table) = format, !rules.noise.isEmpty, table.isComplete else {
            return nil
        }
        let noised = rules.noise.map(\.column)
        if let group = rules.minimumGroup, !noised.contains(group.column) { return nil }
        columns = rules.noise.map { rule in
            Column(
                name: table.columns[rule.column].name,
                epsilon: Epsilon(sensitivity: rule.sensitivity, scale: rule.scale))
        }
        sum = columns.reduce(.none) { $0 + $1.epsilon }
        columnsWithout = table.columns.indices
            .filter { !noised.contains($0) && !table.columns[$0].isKey }.map { table.columns[$0].name }
    }
}
