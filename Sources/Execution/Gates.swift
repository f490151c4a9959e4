public import Commitments
public import Formats
internal import Platform
public import Primitives
internal import Synchronization

/// What stands between a run's outputs and those who receive them: for each output with a format a process of its own,
/// behind the worker's walls, which is given that output once the code has ended, and nothing else.
///
///     let gates = try Gates.prepare(for: manifest, settings)      beside the worker
///     … the run …
///     let outcome = try gates.release(outputs, noise: keys)
public final class Gates: Sendable {
    private let gates: [OutputGate]

    /// Started beside the run's worker, so that small outputs wait for none. Others start when it is their turn.
    static let waitingCount = 16

    /// Starts the first gates.
    public static func prepare(
        for manifest: Manifest, _ settings: ExecutionSettings
    ) throws(ExecutionError) -> Gates {
        var gates: [OutputGate] = []
        for output in manifest.outputs where output.gate.format != .any {
            gates.append(try OutputGate(output, settings, isWaiting: gates.count < waitingCount))
        }
        return Gates(gates)
    }

    private init(_ gates: [OutputGate]) {
        self.gates = gates
    }

    /// Puts each output through its gate: all of them pass, or nothing leaves. An output of any bytes has no gate.
    ///
    /// Blocks. Possible once.
    /// - Parameter keys: what noise is drawn from, for each output with noise.
    public func release(
        _ outputs: [CollectedOutput], noise keys: [Name: FixedBytes<32>]
    ) throws(ExecutionError) -> (outcome: Outcome, findings: [Name: GateFinding]) {
        var released: [CollectedOutput] = []
        var findings: [Name: GateFinding] = [:]
        for output in outputs {
            guard let gate = gates.first(where: { $0.name == output.name }) else {
                released.append(output)
                continue
            }
            let passage = try gate.pass(output, noise: keys[output.name])
            findings[output.name] = passage.finding
            switch passage.result {
            case .success(let output): released.append(output)
            case .failure(let refusal): return (.failed(refusal.reason), findings)
            }
        }
        return (.completed(released), findings)
    }

    /// Ends the processes that wait. Blocks until they are gone.
    public func drop() {
        for gate in gates { gate.drop() }
    }
}

/// One output's gate.
private final class OutputGate: Sendable {
    let name: Name
    private let gate: Gate
    private let plan: ExecutionPlan
    private let settings: ExecutionSettings
    private let waiting: Mutex<PreparedRun?>

    /// What became of one output, and what the gate said of it.
    struct Passage {
        let result: Result<CollectedOutput, OutputCollection.Refusal>
        let finding: GateFinding?
    }

    /// - Parameter isWaiting: whether its process starts now.
    init(
        _ output: Output, _ settings: ExecutionSettings, isWaiting: Bool
    ) throws(ExecutionError) {
        name = output.name
        plan = ExecutionPlan(gateOf: output, diagnostics: settings.diagnostics)
        gate = output.gate
        var settings = settings
        settings.worker = ExecutionSettings.gate(beside: settings.worker)
        self.settings = settings
        waiting = Mutex(isWaiting ? try PreparedRun.prepare(plan, settings) : nil)
    }

    func drop() {
        waiting.withLock { $0 = nil }
    }

    func pass(_ output: CollectedOutput, noise key: FixedBytes<32>?) throws(ExecutionError) -> Passage {
        let run = try takeRun()
        try fill(run.inputs, with: output, key)
        let report = try run.run()
        return try judge(report)
    }

    private func takeRun() throws(ExecutionError) -> PreparedRun {
        if let run = waiting.withLock({ $0.take() }) { return run }
        return try PreparedRun.prepare(plan, settings)
    }

    private func fill(
        _ inputs: JobInputs, with output: CollectedOutput, _ key: FixedBytes<32>?
    ) throws(ExecutionError) {
        var content = try inputs.begin(GateJob.contentPath)
        var offset = 0
        while offset < output.byteCount {
            let piece = try onPlatform { () throws(PlatformError) in try output.read(upTo: 1 << 18, at: offset) }
            guard !piece.isEmpty else { break }
            try content.append(piece)
            offset += piece.count
        }
        try content.finish()
        if let key, !gate.rules.noise.isEmpty {
            var file = try inputs.begin(GateJob.noisePath)
            try file.append(key.bytes)
            try file.finish()
        }
    }

    /// Believes nothing of what the gate wrote: it is read, held against the format and compared here once more.
    private func judge(_ report: RunReport) throws(ExecutionError) -> Passage {
        let finding = report.diagnostics.flatMap { GateFinding($0.engine) }
        func refused(_ reason: FailureReason) -> Passage {
            Passage(result: .failure(OutputCollection.Refusal(reason: reason)), finding: finding)
        }
        switch report.outcome {
        case .completed(let files):
            guard let released = files.first else { return refused(.gateFailed(name)) }
            let bytes = try onPlatform { () throws(PlatformError) in
                try released.read(upTo: released.byteCount, at: 0)
            }
            guard bytes.count == released.byteCount, (try? gate.requireReleasable(bytes)) != nil else {
                return refused(.gateFailed(name))
            }
            return Passage(result: .success(released), finding: finding)
        case .failed(.declined):
            guard case .refused(let refusal) = finding else { return refused(.outputRefused(name, nil)) }
            return refused(.outputRefused(name, refusal))
        case .failed(.outputTooLarge): return refused(.outputTooLarge(name, maximumBytes: gate.maximumBytes))
        case .failed(.cancelled): return refused(.cancelled)
        case .failed(.wallsMissing(let walls)): return refused(.wallsMissing(walls))
        case .failed: return refused(.gateFailed(name))
        }
    }
}

extension ExecutionPlan {
    /// The plan of one output's gate.
    init(gateOf output: Output, diagnostics: Bool) {
        let job = GateJob(entry: output.gateEntry, isLog: output.gate.isLog, diagnostics: diagnostics)
        var inputs = [PlannedFile(name: output.name, path: GateJob.contentPath, maximumBytes: output.maximumBytes)]
        if !output.gate.rules.noise.isEmpty {
            inputs.append(PlannedFile(name: output.name, path: GateJob.noisePath, maximumBytes: GateJob.noiseByteCount))
        }
        let released = PlannedFile(
            name: output.name, path: GateJob.releasedPath, maximumBytes: output.maximumBytes)
        self.init(
            job: job.bytes, composed: [], folders: ["in/gate", "out/gate"], files: (inputs, [released], []),
            limits: ExecutionLimits(
                compileSeconds: Self.gateStartSeconds,
                wallTimeSeconds: Self.gateStartSeconds + output.maximumBytes / Self.gateBytesPerSecond,
                memoryBytes: Self.gateMemoryBytes(output)))
    }

    private static let gateStartSeconds = 60
    /// A bound, not a measure: docs/BENCHMARKS.md has what a gate reads in a second.
    private static let gateBytesPerSecond = 4 << 20
    /// The program, its libraries' data, and what it takes of small content.
    private static let gateBytes = 64 << 20
    /// Content, cells, texts and released bytes of a table; the values of a JSON text.
    private static func gateFactor(_ format: Format) -> Int {
        switch format {
        case .any, .text: 4
        case .csv: 24
        case .json: 96
        }
    }

    /// What the gate of an output may take, and the file that it writes, which counts as its own.
    static func gateMemoryBytes(_ output: Output) -> Int {
        gateBytes + (gateFactor(output.gate.format) + 1) * output.maximumBytes
    }
}
