/// The lower triangular L for which L times its transpose is a given symmetric matrix.
struct CholeskyFactor {
    private var lower: SymmetricMatrix

    /// Throws when the rows of `matrix` all but depend on each other: where a pivot is not above `minimumPivot`.
    init(_ matrix: SymmetricMatrix, minimumPivot: Double) throws(Failure) {
        lower = matrix
        for row in 0..<matrix.order {
            for column in 0...row {
                var rest = matrix[row, column]
                for inner in 0..<column { rest -= lower[row, inner] * lower[column, inner] }
                if column < row {
                    lower[row, column] = rest / lower[column, column]
                } else if rest > minimumPivot {
                    lower[row, row] = rest.squareRoot()
                } else {
                    throw Failure("the variables are not independent of each other")
                }
            }
        }
    }

    /// The x for which the matrix times x is `right`.
    func solve(_ right: [Double]) -> [Double] {
        var solution = right
        for row in solution.indices {
            for inner in 0..<row { solution[row] -= lower[row, inner] * solution[inner] }
            solution[row] /= lower[row, row]
        }
        for row in solution.indices.reversed() {
            for inner in (row + 1)..<solution.count { solution[row] -= lower[inner, row] * solution[inner] }
            solution[row] /= lower[row, row]
        }
        return solution
    }
}
