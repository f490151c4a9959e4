public import Platform

/// What protection this machine gives a worker, found by starting one that has nothing to do.
public enum WallSurvey {
    /// Starts a worker without a job and returns which walls it misses, its parent's included.
    ///
    /// For a boot that must fail early, and for a person who wants to know. A run looks again: this promises nothing.
    /// - Parameters:
    ///   - worker: the worker's program.
    ///   - parent: where a job folder is made for it; `nil` for the first place that is safe.
    public static func take(worker: String, in parent: String? = nil) throws(ExecutionError) -> WallReport {
        let plan = ExecutionPlan(
            job: [], composed: [], folders: ["in", "out", "log"], files: ([], [], []),
            limits: ExecutionLimits(compileSeconds: 10, wallTimeSeconds: 1, memoryBytes: 1 << 30))
        let settings = ExecutionSettings(
            worker: worker, policy: .reported, diagnostics: false, temporaryParent: parent)
        // The worker cannot read its job, which lets it end as early as it can.
        return try PreparedRun.prepare(plan, settings).run().walls
    }
}
