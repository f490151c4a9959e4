import Platform

/// Why there is no trial: a code.
struct TrialFailure: Error {
    let code: String

    /// - Parameter error: a positive errno, where there is one.
    init(_ code: String, _ error: Int32? = nil) {
        self.code = error.map { "\(code) (\(ErrorNumber($0)))" } ?? code
    }
}
