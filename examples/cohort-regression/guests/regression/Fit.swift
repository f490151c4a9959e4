/// Ordinary least squares with an intercept, from pooled moments.
struct Fit {
    struct Coefficient {
        let name: String
        let estimate: Double
        let standardError: Double
    }

    let rows: Int
    let coefficients: [Coefficient]

    /// Columns that explain each other to more than this share would make noise of the result.
    private static let minimumIndependence = 1e-12

    init(_ moments: PooledMoments) throws(Failure) {
        let outcome = Columns.count - 1
        let freedom = moments.rows - Columns.count
        guard freedom > 0 else { throw Failure("there are too few rows for \(outcome) variables") }

        // Each variable in units of its own spread, so that the solution does not depend on units of measurement.
        let spreads = (0..<outcome).map { moments.products[$0, $0].squareRoot() }
        guard spreads.allSatisfy({ $0 > 0 && $0.isFinite }) else { throw Failure("a variable has one value in all rows") }
        var correlations = SymmetricMatrix(order: outcome)
        for row in 0..<outcome {
            for column in 0...row {
                correlations[row, column] = moments.products[row, column] / spreads[row] / spreads[column]
            }
        }
        let factor = try CholeskyFactor(correlations, minimumPivot: Self.minimumIndependence)
        let slopes = factor.solve((0..<outcome).map { moments.products[$0, outcome] / spreads[$0] })

        var residual = moments.products[outcome, outcome]
        for variable in 0..<outcome {
            residual -= slopes[variable] * moments.products[variable, outcome] / spreads[variable]
        }
        let variance = max(residual, 0) / Double(freedom)
        let means = (0..<outcome).map { moments.means[$0] / spreads[$0] }
        var intercept = moments.means[outcome]
        for variable in 0..<outcome { intercept -= slopes[variable] * means[variable] }
        let leverage = zip(means, factor.solve(means)).reduce(1 / Double(moments.rows)) { $0 + $1.0 * $1.1 }

        var coefficients = [
            Coefficient(name: "intercept", estimate: intercept, standardError: (variance * leverage).squareRoot())
        ]
        for variable in 0..<outcome {
            var unit = [Double](repeating: 0, count: outcome)
            unit[variable] = 1
            coefficients.append(
                Coefficient(
                    name: Columns.names[variable],
                    estimate: slopes[variable] / spreads[variable],
                    standardError: (variance * factor.solve(unit)[variable]).squareRoot() / spreads[variable]))
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
}

/// The lower triangular L with L * transpose(L) equal to a symmetric positive definite matrix.
struct CholeskyFactor {
    private var lower: SymmetricMatrix

    /// Throws when the rows depend on each other: a pivot below `minimumPivot`.
    init(_ matrix: SymmetricMatrix, minimumPivot: Double) throws(Failure) {
        lower = matrix
        for row in 0..<matrix.order {
            for column in 0...row {
                var sum = matrix[row, column]
                for inner in 0..<column { sum -= lower[row, inner] * lower[column, inner] }
                if column < row {
                    lower[row, column] = sum / lower[column, column]
                } else {
                    guard sum > minimumPivot else { throw Failure("the variables are not independent of each other") }
                    lower[row, row] = sum.squareRoot()
                }
            }
        }
    }

    func solve(_ right: [Double]) -> [Double] {
        var solution = right
        for row in solution.indices {
            for inner in 0..<row { solution[row] -= lower[row, inner] * solution[inner] }
            solution[row] /= lower[row, row]
        }
        for row in solution.indices.reversed() {
            for inner in (row + 1)..<max(row + 1, solution.count) { solution[row] -= lower[inner, row] * solution[inner] }
            solution[row] /= lower[row, row]
        }
        return solution
    }
}
