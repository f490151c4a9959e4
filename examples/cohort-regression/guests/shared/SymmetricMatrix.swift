/// A symmetric matrix, as its lower triangle row by row.
struct SymmetricMatrix {
    let order: Int
    private(set) var entries: [Double]

    /// All zeros.
    init(order: Int) {
        self.order = order
        entries = [Double](repeating: 0, count: Self.entryCount(order: order))
    }

    /// Wraps `entries`, or returns `nil` when there are not as many as the order needs.
    init?(order: Int, entries: [Double]) {
        guard entries.count == Self.entryCount(order: order) else { return nil }
        self.order = order
        self.entries = entries
    }

    subscript(row: Int, column: Int) -> Double {
        get { entries[Self.index(row, column)] }
        set { entries[Self.index(row, column)] = newValue }
    }

    /// Adds a matrix of the same order.
    mutating func add(_ other: SymmetricMatrix) {
        for entry in entries.indices { entries[entry] += other.entries[entry] }
    }

    /// Adds `weight` times the product of each pair of `values`.
    mutating func addProducts(of values: [Double], weight: Double) {
        var entry = 0
        for row in 0..<order {
            for column in 0...row {
                entries[entry] += weight * values[row] * values[column]
                entry += 1
            }
        }
    }

    private static func entryCount(order: Int) -> Int { order * (order + 1) / 2 }

    private static func index(_ row: Int, _ column: Int) -> Int {
        row >= column ? entryCount(order: row) + column : entryCount(order: column) + row
    }
}
