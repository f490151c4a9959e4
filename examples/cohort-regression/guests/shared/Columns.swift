/// What was agreed about `patients.csv`.
enum Columns {
    /// In this order. The last one is the outcome.
    static let names = ["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6", "progression"]
    static var count: Int { names.count }

    /// Fewer rows than this and a sum says too much about each of them.
    static let minimumRows = 30
    /// At a site. Far from where a count of all sites' rows could overflow.
    static let maximumRows = 100_000_000

    /// Beyond any measurement, and small enough that no sum overflows.
    static let maximumMagnitude = 1e12
}
