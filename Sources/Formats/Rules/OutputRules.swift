public import Primitives

/// What the gate does to a table that fits its format, in this order: noise, the smallest group, rounding.
///
/// Rules check form. Code that writes `1000` where it counted three passes each of them.
public struct OutputRules: Equatable, Sendable {
    public let noise: [Noise]
    public let minimumGroup: MinimumGroup?
    public let rounding: [Rounding]

    /// Noise of the discrete Laplace distribution on each cell of a column.
    public struct Noise: Equatable, Sendable {
        public let column: Int
        /// Noise x has probability proportional to exp(-|x| / scale). In units of the column's last digit.
        public let scale: Ratio
        /// How much one person can change the column's cells, all together, as its owner claims; in the same units.
        public let sensitivity: Ratio
    }

    /// Rows with less than `atLeast` in a column are dropped.
    public struct MinimumGroup: Equatable, Sendable {
        public let column: Int
        public let atLeast: Int64
    }

    /// Numbers become the nearest multiple, half to even.
    public struct Rounding: Equatable, Sendable {
        public let column: Int
        /// In units of the column's last digit.
        public let step: Int64
    }

    /// No rule.
    public static let none = OutputRules(noise: [], minimumGroup: nil, rounding: [])

    private init(noise: [Noise], minimumGroup: MinimumGroup?, rounding: [Rounding]) {
        self.noise = noise
        self.minimumGroup = minimumGroup
        self.rounding = rounding
    }

    public var isEmpty: Bool { self == .none }

    /// Takes `noise`, `minimumGroup` and `round` from an output's entry, and holds them against its format.
    public init(_ object: inout JSONObjectReader, for format: Format) throws(JSONShapeError) {
        let readers = (object.optional("noise"), object.optional("minimumGroup"), object.optional("round"))
        guard case .csv(let table) = format else {
            for reader in [readers.0, readers.1, readers.2] {
                if let reader { throw .wrongForm(reader.path, expected: "a format of kind csv beside it") }
            }
            self = .none
            return
        }
        var noise: [Noise] = []
        for reader in try Self.rules(readers.0, of: table) { noise.append(try Noise(reader, in: table)) }
        try Self.requireDistinct(noise.map(\.column), readers.0)
        var rounding: [Rounding] = []
        for reader in try Self.rules(readers.2, of: table) { rounding.append(try Rounding(reader, in: table)) }
        try Self.requireDistinct(rounding.map(\.column), readers.2)
        self.noise = noise
        self.rounding = rounding
        minimumGroup =
            if let reader = readers.1 { try MinimumGroup(reader, in: table) } else { nil }
        for (index, rule) in rounding.enumerated() {
            guard released(rule.column, in: table) == nil, let reader = readers.2 else { continue }
            throw .wrongForm(reader.path.appending(index), expected: "a multiple inside the column's range")
        }
    }

    private static func rules(
        _ reader: JSONReader?, of table: CSVFormat
    ) throws(JSONShapeError) -> [JSONReader] {
        guard let reader else { return [] }
        let readers = try reader.array(maximumCount: table.columns.count)
        guard !readers.isEmpty else { throw .wrongForm(reader.path, expected: "at least one rule, or no key") }
        return readers
    }

    private static func requireDistinct(_ columns: [Int], _ reader: JSONReader?) throws(JSONShapeError) {
        guard let reader, Set(columns).count < columns.count else { return }
        throw .wrongForm(reader.path, expected: "at most one rule for a column")
    }
}

extension OutputRules {
    /// The numbers that can stand in a column of a released table.
    struct ReleasedNumbers: Equatable {
        let first: Int64
        let last: Int64
        let step: Int64

        var count: UInt64 { UInt64((last - first) / step) + 1 }

        func contains(_ units: Int64) -> Bool {
            (first...last).contains(units) && (units - first).isMultiple(of: step)
        }
    }

    /// - Returns: `nil` for a column without numbers, and where no number is left.
    func released(_ column: Int, in table: CSVFormat) -> ReleasedNumbers? {
        guard case .number(let bounds) = table.columns[column].kind else { return nil }
        var first = bounds.minimum
        if let minimumGroup, minimumGroup.column == column { first = max(first, minimumGroup.atLeast) }
        guard let rule = rounding.first(where: { $0.column == column }) else {
            return ReleasedNumbers(first: first, last: bounds.maximum, step: 1)
        }
        guard let lowest = rule.rounded(first, within: bounds),
            let highest = rule.rounded(bounds.maximum, within: bounds)
        else { return nil }
        return ReleasedNumbers(first: lowest, last: highest, step: rule.step)
    }
}

extension OutputRules.Rounding {
    /// The nearest multiple that lies in the column's range, half to even. `nil` where none does.
    func rounded(_ units: Int64, within bounds: NumberBounds) -> Int64? {
        let lowest =
            bounds.minimum.floored(to: step) < bounds.minimum
            ? bounds.minimum.floored(to: step) + step : bounds.minimum.floored(to: step)
        let highest = bounds.maximum.floored(to: step)
        guard lowest <= highest else { return nil }
        let below = units.floored(to: step)
        let rest = units - below
        // Twice a rest is less than twice 10^18, which fits.
        let isUp = rest * 2 > step || (rest * 2 == step && !(below / step).isMultiple(of: 2))
        return min(max(isUp ? below + step : below, lowest), highest)
    }
}

extension Int64 {
    /// The greatest multiple of `step` that is no more than this.
    fileprivate func floored(to step: Int64) -> Int64 {
        let rest = self % step
        return self - (rest < 0 ? rest + step : rest)
    }
}
