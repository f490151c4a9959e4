public import Platform
public import WorkerJob

/// How runs are carried out on this machine.
public struct ExecutionSettings: Sendable {
    /// The worker's program. The gate's lies beside it.
    public var worker: String
    public var policy: WallPolicy
    /// Whether the caller may see why code failed: in a rehearsal, and never in a sealed run.
    public var diagnostics: Bool
    public var cancellation: Cancellation?
    /// Where the job folder is made; `nil` for the first place that is safe.
    public var temporaryParent: String?

    /// Says how: a sealed run requires every wall and shows no diagnostics.
    public init(
        worker: String, policy: WallPolicy, diagnostics: Bool, cancellation: Cancellation? = nil,
        temporaryParent: String? = nil
    ) {
        self.worker = worker
        self.policy = policy
        self.diagnostics = diagnostics
        self.cancellation = cancellation
        self.temporaryParent = temporaryParent
    }
}

extension ExecutionSettings {
    /// The gate's program, which lies beside the worker's.
    public static func gate(beside worker: String) -> String {
        (worker.lastIndex(of: "/").map { String(worker[...$0]) } ?? "") + "2cvm-gate"
    }
}

/// A worker behind its walls that compiles, and its job folder, into which inputs may already come.
///
///     prepare ▸ inputs.place… (any thread) ▸ awaitCompilation ▸ run
///
/// Worker and folder are gone when this is, on every way there.
public struct PreparedRun: ~Copyable, Sendable {
    /// The places to fill before ``run()``.
    public let inputs: JobInputs
    private var process: WorkerProcess
    private let folder: JobFolder
    private let settings: ExecutionSettings
    private let usage: Usage

    private let started = ContinuousClock.now
    private var compiled: ContinuousClock.Instant?
    private var dialogue: WorkerDialogue
    private var failure: FailureReason?
    private var record = DiagnosticsRecord()

    /// How often a running worker's files are looked at.
    private static let lookInterval = Duration.milliseconds(25)
    /// Shorter logs are not worth a limit of their own.
    private static let minimumFileBytes = 1 << 20

    /// Makes the job folder and starts the worker on compiling.
    ///
    /// - Throws: ``ExecutionError``; with ``WallPolicy/required`` also when the parent's walls are not complete.
    public static func prepare(
        _ plan: ExecutionPlan, _ settings: ExecutionSettings
    ) throws(ExecutionError) -> PreparedRun {
        let folder = try JobFolder(
            plan, in: settings.temporaryParent, sized: settings.policy == .required)
        try folder.placeLibraries()
        let job = try onPlatform { () throws(PlatformError) in try folder.open() }
        let fileBytes = ((plan.releases + plan.logs).map(\.maximumBytes) + plan.temporaryBytes.values)
            .reduce(minimumFileBytes, max)
        let seconds = plan.limits.compileSeconds + plan.limits.wallTimeSeconds
        var start = WorkerStart(
            executable: settings.worker, job: (folder.path, folder.temporary.name), policy: settings.policy,
            limits: WorkerLimits(
                fileBytes: fileBytes, memoryBytes: plan.limits.memoryBytes,
                processorSeconds: seconds * Program.processorCount + 10),
            diagnostics: settings.diagnostics)
        start.machineCode = plan.machineCode
        let process = try onPlatform { () throws(PlatformError) in
            try WorkerProcess.start(start) { groups throws(PlatformError) in try folder.temporary.noteGroups(groups) }
        }
        return PreparedRun(
            inputs: JobInputs(job, plan.inputs), process: process, folder: folder, settings: settings,
            usage: Usage(plan))
    }

    private init(
        inputs: JobInputs, process: consuming WorkerProcess, folder: consuming JobFolder,
        settings: ExecutionSettings, usage: Usage
    ) {
        self.inputs = inputs
        self.process = process
        self.folder = folder
        self.settings = settings
        self.usage = usage
        dialogue = WorkerDialogue(takesMemories: settings.diagnostics)
    }

    deinit {
        // Before the folder goes, so that nothing comes into it any more.
        process.end()
    }

    /// Waits until the worker has compiled, at most until its deadline, which began with ``prepare(_:_:)``.
    ///
    /// - Parameter watch: is told now and then how long it has compiled.
    /// - Returns: why it failed, or `nil` when it compiled. ``run()`` waits too, where this was not called.
    public mutating func awaitCompilation(
        watch: (Duration) -> Void = { _ in }
    ) throws(ExecutionError) -> FailureReason? {
        guard failure == nil, compiled == nil else { return failure }
        let seconds = folder.plan.limits.compileSeconds
        let deadline = started + .seconds(seconds)
        switch try wait(until: deadline, late: .compileDeadline(seconds: seconds), watch: watch) {
        case .compiled: compiled = .now
        case .verdict(let verdict): failure = reason(verdict) ?? .workerMisbehaved
        case .failed(let reason): failure = reason
        }
        if failure != nil { process.end() }
        return failure
    }

    /// Lets the worker run on what is in place, and collects its outputs once it has ended.
    ///
    /// - Throws: ``ExecutionError/inputsMissing(count:)`` and nothing has run.
    public consuming func run() throws(ExecutionError) -> RunReport {
        if let failure = try awaitCompilation() { return report(.failed(failure), runTime: .zero) }
        guard inputs.missingCount == 0 else { throw .inputsMissing(count: inputs.missingCount) }
        let begun = ContinuousClock.now
        try onPlatform { () throws(PlatformError) in
            let job = try folder.open()
            for path in Set(folder.plan.folders.filter { $0.hasPrefix("in/") }.flatMap(OutputCollection.ancestors)) {
                try job.zeroTimes(path)
            }
            try job.zeroTimes(".")
            try process.go()
        }
        dialogue.wentOn()

        let seconds = folder.plan.limits.wallTimeSeconds
        let progress = try wait(until: begun + .seconds(seconds), late: .runDeadline(seconds: seconds))
        let runTime = begun.duration(to: .now)
        // Whatever it still wanted to do: files are read when nobody can change them any more.
        process.end()
        switch progress {
        case .verdict(.completed): return report(try collect(), runTime: runTime)
        case .verdict(let verdict): return report(.failed(reason(verdict) ?? .workerMisbehaved), runTime: runTime)
        case .failed(let reason): return report(.failed(reason), runTime: runTime)
        case .compiled: return report(.failed(.workerMisbehaved), runTime: runTime)
        }
    }
}

extension PreparedRun {
    private enum Progress {
        case compiled
        case verdict(Verdict)
        case failed(FailureReason)
    }

    /// Waits for the worker's next step, and meanwhile sees that its files stay within their bounds.
    private mutating func wait(
        until deadline: ContinuousClock.Instant, late: FailureReason, watch: (Duration) -> Void = { _ in }
    ) throws(ExecutionError) -> Progress {
        let job = try onPlatform { () throws(PlatformError) in try folder.open() }
        var nextLook = ContinuousClock.now + Self.lookInterval
        while true {
            switch try nextEvent(until: min(deadline, nextLook)) {
            case .status(let bytes):
                if let progress = understand(bytes) { return progress }
            case .diagnostics(let bytes):
                record.append(bytes)
            case .ended:
                if process.exceededMemory { return .failed(.memoryExceeded) }
                return .failed(dialogue.stage == .starting ? .workerNotStarted : .workerDied)
            case .cancelled:
                return .failed(.cancelled)
            case .timeout:
                if ContinuousClock.now >= deadline { return .failed(late) }
                if let reason = usage.excess(job) { return .failed(reason) }
                watch(started.duration(to: .now))
                nextLook = .now + Self.lookInterval
            }
        }
    }

    private mutating func nextEvent(until deadline: ContinuousClock.Instant) throws(ExecutionError) -> WorkerEvent {
        do {
            return try process.nextEvent(until: deadline, or: settings.cancellation)
        } catch {
            throw .platform(error)
        }
    }

    /// Takes status bytes that came together. After a step that waits for this side, none may follow.
    private mutating func understand(_ bytes: [UInt8]) -> Progress? {
        var progress: Progress?
        for byte in bytes {
            guard progress == nil else { return .failed(.workerMisbehaved) }
            switch dialogue.read(byte) {
            case nil: continue
            case .walled:
                // The worker refuses too. It is not the one to be asked.
                if settings.policy == .required, !walls.isComplete { return .failed(.wallsMissing(walls.missing)) }
            case .compiled: progress = .compiled
            case .verdict(let verdict): progress = .verdict(verdict)
            case .misbehaved: return .failed(.workerMisbehaved)
            }
        }
        return progress
    }

    /// What is missing on both sides.
    private var walls: WallReport {
        var report = process.walls
        for wall in dialogue.missing { report.add(MissingWall(wall)) }
        return report
    }

    private func reason(_ verdict: Verdict) -> FailureReason? {
        switch verdict {
        case .completed: nil
        case .declined: .declined
        case .trapped: .trapped
        case .refusedByEngine: .refusedByEngine
        case .importsDiffer: .importsDiffer
        case .notInstantiated: .notInstantiated
        case .wallMissing: .wallsMissing(walls.missing)
        case .jobUnreadable: .jobUnreadable
        case .keptCodeRefused: .keptCodeRefused
        }
    }

    private func collect() throws(ExecutionError) -> Outcome {
        try onPlatform { () throws(PlatformError) in
            switch try OutputCollection(plan: folder.plan).collect(from: try folder.open()) {
            case .success(let outputs): .completed(outputs)
            case .failure(let refusal): .failed(refusal.reason)
            }
        }
    }

    private mutating func report(_ outcome: Outcome, runTime: Duration) -> RunReport {
        // What it said last may still lie in its pipe.
        while case .diagnostics(let bytes) = try? process.nextEvent(until: .now + .seconds(1), or: nil) {
            record.append(bytes)
        }
        var diagnostics: Diagnostics?
        if settings.diagnostics, let job = try? folder.open() {
            diagnostics = record.diagnostics(folder.plan, from: job)
        }
        return RunReport(
            outcome: outcome, walls: walls, diagnostics: diagnostics, memories: dialogue.memories,
            compileTime: started.duration(to: compiled ?? .now), runTime: runTime)
    }
}

/// What is known of a run that is over.
public struct RunReport: Sendable {
    public let outcome: Outcome
    /// What protection was missing. Complete, unless the policy let it be reported.
    public let walls: WallReport
    /// In a rehearsal only.
    public let diagnostics: Diagnostics?
    /// How large linear memories became. In a rehearsal only, and only of a run that came to its end.
    public let memories: MemoryReport?
    /// From the worker's start until it had compiled, or failed to.
    public let compileTime: Duration
    public let runTime: Duration
}
