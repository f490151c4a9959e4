import Platform
import Primitives
import Wasmtime
import WorkerJob

/// The worker's whole life: walls, job, compilation, permission to go on, execution, one verdict.
///
/// The parent hears of it through the status pipe alone (`WorkerDescriptors`). The process then ends with status 0,
/// whatever happened, since nobody trusts that status.
public struct JobWorker: ~Copyable {
    private let parent: WorkerDescriptors

    /// Runs the one job that this process was made for.
    ///
    /// - Parameter arguments: the program's name and a ``WallPolicy``.
    public static func run(arguments: [String]) {
        guard arguments.count == 2, let policy = WallPolicy(rawValue: arguments[1]),
            let parent = try? WorkerDescriptors()
        else {
            print("2cvm-worker is started by 2cvm and not by hand")
            return
        }
        // A parent that cannot be told anything is gone, and takes this process with it.
        try? JobWorker(parent: parent).run(policy)
    }

    private init(parent: consuming WorkerDescriptors) {
        self.parent = parent
    }

    private func run(_ policy: WallPolicy) throws(PlatformError) {
        // Behind the walls the kernel's settings cannot be read.
        let memory = HugePages.areOnRequest ? MemoryBacking.hugePages : .engine
        let code = FoundCode(for: parent, memory)
        let walls = parent.raiseWalls()
        try parent.send(walls.announcement)
        guard walls.isComplete || policy == .reported else { return try send(.finished(.wallMissing)) }
        try send(.walled)
        try runJob(memory, code)
    }

    /// From here on hostile bytes are read.
    private func runJob(_ memory: MemoryBacking, _ found: consuming FoundCode) throws(PlatformError) {
        let job: Job
        do {
            job = try Job(decoding: try parent.folder.read("job.json", maximumBytes: Job.maximumByteCount))
        } catch {
            return try send(.finished(.jobUnreadable))
        }
        do throws(EarlyVerdict) {
            let code: LoadedCode? =
                switch consume found {
                case .none: nil
                case .loaded(let code): code
                case .refused:
                    throw EarlyVerdict(.keptCodeRefused, "the machine code was made for another engine or processor")
                }
            guard (code != nil) == (job.runtimeModule != nil), code == nil || job.plainModules != nil else {
                throw EarlyVerdict(.jobUnreadable, "the job and the machine code beside it do not belong together")
            }
            guard let verdict = try execute(job, memory, code) else { return }
            try? send(.finished(verdict))
        } catch {
            // What a component's author wrote is told to the person who rehearses, and to nobody else.
            if job.diagnostics { parent.diagnose(error.words + "\n") }
            try? send(.finished(error.verdict))
        }
    }

    /// `nil` when the parent gave up between compilation and execution.
    private func execute(
        _ job: Job, _ memory: MemoryBacking, _ code: consuming LoadedCode?
    ) throws(EarlyVerdict) -> Verdict? {
        if let path = job.keptCode {
            let kept = try KeptCodeJob(job, to: path, in: parent.folder)
            return mayGoOn() ? try kept.write(in: parent.folder) : nil
        }
        let compiled = try CompiledJob.prepare(job, in: parent.folder, memory, code)
        guard mayGoOn() else { return nil }
        defer {
            // In a rehearsal only; before the verdict, after which nobody listens.
            if let report = compiled.memoryReport() { try? parent.send(report.bytes) }
        }
        return try compiled.run(in: parent.folder)
    }

    private func mayGoOn() -> Bool {
        do {
            try send(.compiled)
            return try parent.waitForGo()
        } catch {
            return false
        }
    }

    private func send(_ signal: WorkerSignal) throws(PlatformError) {
        try parent.send([signal.byte])
    }
}
