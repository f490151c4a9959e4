public import Commitments
public import Composition
internal import Formats
internal import Platform
internal import Primitives
internal import WorkerJob

extension ExecutionPlan {
    /// What compiling may take besides the composed binary itself: the engine, its threads, and for each byte of code
    /// what the compiler makes of it on the way. docs/BENCHMARKS.md has what it took.
    fileprivate static let compilingBytes = 96 << 20
    fileprivate static let compilingFactor = 48

    /// The plan of its manifest's run.
    ///
    /// Inputs bear the names of data entries and outputs those of outputs.
    /// - Parameter diagnostics: whether the worker may say why code failed: in a rehearsal only.
    public init(_ composed: ComposedBinary, diagnostics: Bool) {
        let manifest = composed.manifest
        let layout = JobLayout(manifest, composed.runtime)
        let releases = layout.releases.map(PlannedFile.init)
        let logs = layout.logs.map(PlannedFile.init)
        self.init(
            job: Job(composed, diagnostics: diagnostics).json.canonicalBytes,
            composed: composed.bytes, folders: layout.folders,
            files: (layout.mounts.map(PlannedFile.init), releases, logs),
            limits: ExecutionLimits(
                compileSeconds: manifest.limits.compileSeconds, wallTimeSeconds: manifest.limits.wallTimeSeconds,
                memoryBytes: Self.memoryBytes(composed.memoryByteCount, composed.bytes.count)))
        texts = layout.formats.map(PlannedText.init)
        pipes = layout.pipes.map(\.path)
        temporaryBytes = layout.temporaryBytes
        // Files that the worker makes in memory count as its own.
        limits.memoryBytes += WritableFolder.all(of: self).reduce(0) { $0 + $1.bytes }
    }

    /// Gives a plan what its composition's runtime has: machine code and files.
    ///
    /// - Throws: where they cannot be opened.
    public mutating func attach(
        _ runtime: InstalledRuntime, of composed: ComposedBinary
    ) throws(ExecutionError) {
        if composed.runtime?.importsModule == true {
            let code = try runtime.machineCode()
            machineCode = code
            limits.memoryBytes += code.byteCount
        }
        for library in JobLayout(composed.manifest, composed.runtime).libraries {
            libraries.append(
                PlannedLibrary(
                    path: library.path, source: try runtime.open(library.file), digest: library.file.digest))
        }
    }

    static func memoryBytes(_ memories: Int, _ code: Int) -> Int {
        memories + compilingBytes + compilingFactor * code
    }
}

/// What a run can take of a machine, known from its manifest alone.
public struct ExecutionBounds: Equatable, Sendable {
    /// Memory of the worker besides its files: components, their shims, and compiling.
    public let memoryBytes: Int
    /// Files of the job folder besides inputs: the composed binary, tables' formats, outputs, logs and temporary files.
    public let fileBytes: Int

    /// Adds up the manifest's bounds.
    ///
    /// - Parameter runtimes: what this machine holds.
    public init(_ manifest: Manifest, holding runtimes: [InstalledRuntime] = []) {
        let held = Dictionary(runtimes.map { ($0.held.component, $0.held) }) { first, _ in first }
        let composition = CompositionBounds(manifest, holding: held)
        let layout = JobLayout(manifest)
        var empty = ExecutionPlan(
            job: [], composed: [], folders: layout.folders,
            files: ([], layout.releases.map(PlannedFile.init), layout.logs.map(PlannedFile.init)),
            limits: ExecutionLimits(compileSeconds: 0, wallTimeSeconds: 0, memoryBytes: 0))
        empty.texts = layout.formats.map(PlannedText.init)
        empty.temporaryBytes = layout.temporaryBytes
        let formed = manifest.outputs.filter { $0.gate.format != .any }
        let gate = formed.reduce(0) { max($0, ExecutionPlan.gateMemoryBytes($1)) }
        let waiting = min(formed.count, Gates.waitingCount) * Self.waitingGateBytes
        // A gate gets to work when the worker has ended, one after the other.
        let used = runtimes.filter { runtime in manifest.components.contains { $0.digest == runtime.held.component } }
        let code = used.reduce(0) { max($0, $1.record.code.byteCount) }
        let libraries = manifest.components.reduce(0) { $0 + (held[$1.digest]?.twin.notice.occupiedBytes ?? 0) }
        memoryBytes =
            code + max(ExecutionPlan.memoryBytes(composition.memoryByteCount, composition.byteCount), gate) + waiting
        // What passed stays until it is sealed; beside it lies the copy of one output that a gate reads.
        let released = formed.reduce(0) { $0 + $1.maximumBytes + WritableFolder.pageBytes }
        let copied = formed.reduce(0) { max($0, $1.maximumBytes) }
        fileBytes = empty.fileBytes + composition.byteCount + Self.jobBytes + released + copied + libraries
    }

    /// A gate that has not begun.
    private static let waitingGateBytes = 8 << 20

    /// `job.json`, which names at most every channel.
    private static let jobBytes = 1 << 20

    /// Whether a plan for the same manifest stays within these bounds.
    public func hold(_ plan: ExecutionPlan) -> Bool {
        let writable = WritableFolder.all(of: plan).reduce(0) { $0 + $1.bytes }
        let inputs = plan.inputs.reduce(0) { $0 + $1.maximumBytes + WritableFolder.pageBytes }
        return plan.limits.memoryBytes - writable <= memoryBytes && plan.fileBytes - inputs <= fileBytes
    }
}

extension RuntimeNotice {
    /// What its files take in memory, in whole pages.
    var occupiedBytes: Int { files.reduce(0) { $0 + $1.byteCount + WritableFolder.pageBytes } }
}

extension PlannedFile {
    fileprivate init(_ file: JobLayout.MountedFile) {
        self.init(name: file.data, path: file.path, maximumBytes: file.maximumBytes)
    }

    fileprivate init(_ file: JobLayout.CollectedFile) {
        self.init(name: file.output, path: file.path, maximumBytes: file.maximumBytes)
    }
}

extension PlannedText {
    fileprivate init(_ file: JobLayout.FormatFile) {
        self.init(path: file.path, content: file.content)
    }
}
