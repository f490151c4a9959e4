/// Row count, means and sums of products, of rows or whole sites added one after the other.
struct PooledMoments {
    private(set) var rows = 0
    private(set) var means = [Double](repeating: 0, count: Columns.count)
    /// Of deviations from ``means``, not of the values: large values with a small spread would lose their digits.
    private(set) var products = SymmetricMatrix(order: Columns.count)

    /// Adds one row, which has a value for each column.
    mutating func add(_ row: [Double]) {
        add(row, weight: 1)
    }

    mutating func add(_ site: PooledMoments) {
        products.add(site.products)
        add(site.means, weight: site.rows)
    }

    /// Moves both sides' deviations to their common mean (Chan, Golub and LeVeque 1983, formula 1.3).
    private mutating func add(_ values: [Double], weight: Int) {
        let share = Double(weight) / Double(rows + weight)
        let gaps = values.indices.map { values[$0] - means[$0] }
        for column in means.indices { means[column] += gaps[column] * share }
        products.addProducts(of: gaps, weight: Double(rows) * share)
        rows += weight
    }
}

extension PooledMoments {
    /// One site's answer, believed only as far as it makes sense.
    init(_ summary: Moments.Summary) throws(Failure) {
        guard summary.rows >= Columns.minimumRows, summary.rows <= Columns.maximumRows else {
            throw Failure("there are fewer than \(Columns.minimumRows) rows or too many")
        }
        guard summary.means.count == Columns.count,
            let products = SymmetricMatrix(order: Columns.count, entries: summary.products)
        else { throw Failure("the moments are not those of \(Columns.count) columns") }
        guard summary.means.allSatisfy({ $0.isFinite }), summary.products.allSatisfy({ $0.isFinite }) else {
            throw Failure("the moments are not finite")
        }
        self.init(rows: Int(summary.rows), means: summary.means, products: products)
    }
}
