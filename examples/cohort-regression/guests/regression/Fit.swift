/// Ordinary least squares of the last column on the others and a constant.
struct Fit {
    struct Coefficient {
        let name: String
        let estimate: Double
        let standardError: Double
    }

    let rows: Int
    /// The intercept, then the variables in the columns' order.
    let coefficients: [Coefficient]

    /// The share of a variable that the others do not explain. Below it the result would be noise.
    private static let minimumIndependence = 1e-12

    init(_ moments: PooledMoments) throws(Failure) {
        let outcome = Columns.count - 1
        let variables = 0..<outcome
        let freedom = moments.rows - Columns.count
        guard freedom > 0 else { throw Failure("there are too few rows for \(outcome) variables") }

        // Each variable in units of its own spread, so that no unit of measurement costs digits.
        let spreads = variables.map { moments.products[$0, $0].squareRoot() }
        guard spreads.allSatisfy({ $0 > 0 && $0.isFinite }) else {
            throw Failure("a variable has one value in all rows")
        }
        let factor = try CholeskyFactor(
            Self.correlations(of: moments, spreads: spreads), minimumPivot: Self.minimumIndependence)
        let means = variables.map { moments.means[$0] / spreads[$0] }
        let covariances = variables.map { moments.products[$0, outcome] / spreads[$0] }
        let slopes = factor.solve(covariances)

        let residual = moments.products[outcome, outcome] - dot(slopes, covariances)
        let variance = max(residual, 0) / Double(freedom)
        let leverage = 1 / Double(moments.rows) + dot(means, factor.solve(means))

        var coefficients = [
            Coefficient(
                name: "intercept",
                estimate: moments.means[outcome] - dot(slopes, means),
                standardError: (variance * leverage).squareRoot())
        ]
        for variable in variables {
            let unit = variables.map { $0 == variable ? 1.0 : 0.0 }
            let ownVariance = variance * factor.solve(unit)[variable]
            coefficients.append(
                Coefficient(
                    name: Columns.names[variable],
                    estimate: slopes[variable] / spreads[variable],
                    standardError: ownVariance.squareRoot() / spreads[variable]))
        }
        guard coefficients.allSatisfy({ $0.estimate.isFinite && $0.standardError.isFinite }) else {
            throw Failure("the coefficients are not finite")
        }
        rows = moments.rows
        self.coefficients = coefficients
    }

    /// With as many digits as tell each number from its neighbours.
    var json: String {
        let lines = coefficients.map {
            "    {\"name\": \"\($0.name)\", \"estimate\": \($0.estimate), \"standardError\": \($0.standardError)}"
        }
        return "{\n  \"rows\": \(rows),\n  \"coefficients\": [\n" + lines.joined(separator: ",\n") + "\n  ]\n}\n"
    }

    private static func correlations(of moments: PooledMoments, spreads: [Double]) -> SymmetricMatrix {
        var correlations = SymmetricMatrix(order: spreads.count)
        for row in spreads.indices {
            for column in 0...row {
                correlations[row, column] = moments.products[row, column] / spreads[row] / spreads[column]
            }
        }
        return correlations
    }
}

private func dot(_ left: [Double], _ right: [Double]) -> Double {
    zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
}
