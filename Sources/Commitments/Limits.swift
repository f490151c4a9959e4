internal import Formats
internal import Primitives

// What a manifest's `limits` can hold. A new bound is a property, a line that reads it, a sentence and a row, all here.

/// Bounds of the session. Times are seconds.
public struct Limits: Equatable, Sendable {
    public let compileSeconds: Int
    /// Of each run.
    public let wallTimeSeconds: Int
    /// For everything that the first run needs, and again for what each later one needs.
    public let admissionSeconds: Int
    /// For the outputs of each run, from its end on.
    public let retentionSeconds: Int
    public let runs: Int
    /// How many runs may release nothing before the session takes no more questions.
    public let failures: Int
    /// How many runs' outputs are kept at once. The next run begins when there is room.
    public let keptRuns: Int
}

extension Limits {
    private static let day = 86_400
    private static let maximumRuns = 10_000
    private static let maximumKeptRuns = 64

    init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        compileSeconds = try object.integer("compileSeconds", in: 1...Self.day)
        wallTimeSeconds = try object.integer("wallTimeSeconds", in: 1...31 * Self.day)
        admissionSeconds = try object.integer("admissionSeconds", in: 1...365 * Self.day)
        retentionSeconds = try object.integer("retentionSeconds", in: 1...365 * Self.day)
        runs = try object.integer("runs", in: 1...Self.maximumRuns)
        failures = try object.optional("failures")?.integer(in: 1...runs) ?? runs
        keptRuns = try object.optional("keepRuns")?.integer(in: 1...min(runs, Self.maximumKeptRuns)) ?? 1
        try object.finish()
    }
}

// MARK: - In words

extension Limits {
    /// What `explain` says under "Until when". What there is to say of several runs stands with the runs.
    var sentences: [String] {
        let isOne = runs == 1
        return [
            "Everything must be submitted within \(duration(admissionSeconds))"
                + (isOne ? "." : ", and what a later run needs within as much time of the end of the one before."),
            "Compiling ends after \(duration(compileSeconds)), \(isOne ? "the" : "each") run after "
                + "\(duration(wallTimeSeconds)) at most.",
            "Outputs can be fetched for \(duration(retentionSeconds))\(isOne ? "" : " after their run").",
        ]
    }

    /// A bound as a difference tells it: "Compiling may take 2 minutes instead of 1 minute."
    struct Bound {
        let key: String
        let subject: String
        let value: KeyPath<Limits, Int>
        var words: (Int) -> String = grouped
        /// What is counted, after the new number alone.
        var noun: String?
    }

    /// Every bound.
    static var bounds: [Bound] {
        [
            Bound(key: "admissionSeconds", subject: "Submissions may take", value: \.admissionSeconds, words: duration),
            Bound(key: "compileSeconds", subject: "Compiling may take", value: \.compileSeconds, words: duration),
            Bound(key: "wallTimeSeconds", subject: "The run may take", value: \.wallTimeSeconds, words: duration),
            Bound(
                key: "retentionSeconds", subject: "Outputs can be fetched for", value: \.retentionSeconds,
                words: duration),
            Bound(key: "runs", subject: "The session may have", value: \.runs, noun: "run"),
            Bound(key: "failures", subject: "Runs that release nothing may be", value: \.failures),
            Bound(key: "keepRuns", subject: "Runs whose outputs are kept may be", value: \.keptRuns),
        ]
    }
}
