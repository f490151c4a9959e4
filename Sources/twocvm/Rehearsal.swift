import Commitments
import Composition
import Execution
import Formats
import Platform
import Primitives

/// From files to outputs on this machine: admit, compose, execute.
struct Rehearsal {
    let manifest: Manifest
    let progress: Progress

    /// What is ready to be executed, and how long it took to make.
    struct Plan {
        let composed: ComposedBinary
        let execution: ExecutionPlan
        let composeTime: Duration
    }

    /// How it went.
    struct Result {
        let plan: Plan
        let report: RunReport
        /// What came of it once the gates had seen the outputs.
        let outcome: Outcome
        /// What each gate said.
        let findings: [Name: GateFinding]
        /// Spawning, walls, collection and removal: everything but compiling and running.
        let overhead: Duration
    }

    /// Reads, admits and composes the components.
    func plan(_ files: [(name: Name, value: String)]) throws(CommandFailure) -> Plan {
        let start = ContinuousClock.now
        var admitted: [AdmittedComponent] = []
        for (component, file) in zip(manifest.components, files) {
            progress.step("reading \(component.name)")
            admitted.append(try ComponentFile(file.value, of: component).admitted(under: manifest))
        }
        progress.step("composing")
        let composed = try composed(manifest, of: admitted)
        return Plan(
            composed: composed,
            execution: ExecutionPlan(manifest: manifest, composed: composed, diagnostics: true),
            composeTime: start.duration(to: .now))
    }

    /// Executes a plan in the worker.
    func run(_ plan: Plan, _ sources: DataSources) throws(CommandFailure) -> Result {
        let start = ContinuousClock.now
        do {
            let cancellation = try Cancellation()
            let worker = try Program.sibling("2cvm-worker")
            for program in [worker, ExecutionSettings.gate(beside: worker)] where !NamedFile.exists(program) {
                throw CommandFailure(CommandError.noProgram(program))
            }
            let settings = ExecutionSettings(
                worker: worker, policy: .reported, diagnostics: true,
                cancellation: cancellation)
            typealias Told = (report: RunReport, outcome: Outcome, findings: [Name: GateFinding])
            let told = try cancellation.whileInterruptsCancel { () throws -> Told in
                var run = try PreparedRun.prepare(plan.execution, settings)
                let gates = try Gates.prepare(for: manifest, settings)
                progress.step("compiling \(plan.composed.bytes.count / 1024) KiB")
                var slots: [Name: NoiseSource.Slot] = [:]
                for input in plan.execution.inputs { slots[input.name] = try sources.place(input, in: run.inputs) }
                if try run.awaitCompilation() == nil { progress.step("running") }
                let report = try run.run()
                guard case .completed(let outputs) = report.outcome else { return (report, report.outcome, [:]) }
                progress.step("checking what leaves")
                let (outcome, findings) = try gates.release(outputs, noise: manifest.noiseKeys(of: slots))
                return (report, outcome, findings)
            }
            progress.finish()
            return Result(
                plan: plan, report: told.report, outcome: told.outcome, findings: told.findings,
                overhead: start.duration(to: .now) - told.report.compileTime - told.report.runTime)
        } catch let failure as CommandFailure {
            throw failure
        } catch let error as any CommandFault {
            throw CommandFailure(error)
        } catch {
            preconditionFailure("every module throws errors that explain themselves")
        }
    }
}

/// Where a rehearsal's data comes from: the pinned data, or what stands in for it.
struct DataSources {
    private let files: [Name: DataFile]
    private let salts: [Name: FixedBytes<32>]
    private let commitments: [Name: SHA256Digest]
    /// Entries that are not what the manifest pins.
    let standIns: [Name]

    /// Opens every file: what cannot be opened is told before anything runs.
    init(
        _ data: [Assignment], standIns: [StandInArgument], seed: UInt64, salts: [Assignment], for manifest: Manifest
    ) throws(CommandFailure) {
        let names = manifest.data.map(\.name)
        // Without a file it is made up: no file has an empty name.
        let assigned = standIns.map { Assignment(name: $0.name, value: $0.file ?? "") }
        let replaced = try Assignment.unique(assigned, among: names, option: "--stand-in")
        let kept = names.filter { replaced[$0] == nil }
        let given = try Assignment.complete(data, for: kept, option: "--data")
        let paths = replaced.merging(given.map { ($0.name, $0.value) }) { first, _ in first }
        self.standIns = names.filter { replaced[$0] != nil }
        let salts = try Assignment.salts(salts, for: manifest)
        self.salts = salts

        var commitments: [Name: SHA256Digest] = [:]
        for entry in manifest.data where replaced[entry.name] == nil {
            guard case .fixed(let digest) = entry.commitment else { continue }
            guard salts[entry.name] != nil else { throw CommandFailure(RunError.saltMissing(entry.name)) }
            commitments[entry.name] = digest
        }
        self.commitments = commitments

        var files: [Name: DataFile] = [:]
        for entry in manifest.data {
            guard let path = paths[entry.name] else { continue }
            files[entry.name] =
                path.isEmpty
                ? try DataFile(madeUpFor: entry, seed: seed)
                : try DataFile(path, of: entry, isPinned: commitments[entry.name] != nil)
        }
        self.files = files
    }

    /// Copies an entry to its place, and compares what was copied with its commitment.
    ///
    /// - Returns: what noise is derived from, as in a session; where no salt is known, of zeros.
    func place(_ input: PlannedFile, in inputs: JobInputs) throws -> NoiseSource.Slot {
        guard let source = files[input.name] else { preconditionFailure("every entry was given a file") }
        let salt = salts[input.name] ?? FixedBytes(repeating: 0)
        var hasher = ContentHasher(salt: salt, byteCount: source.byteCount)
        var check = source.format.map { FormatCheck($0, maximumBytes: input.maximumBytes) }
        try source.place(at: input.path, in: inputs) { piece in
            hasher.update(piece)
            check?.observe(piece)
        }
        do throws(Misfit) {
            try check?.finish()
        } catch {
            throw CommandFailure(RunError.formatDiffers(input.name, error), in: source.path)
        }
        guard let commitment = hasher.finalize(), commitment == commitments[input.name] ?? commitment else {
            throw CommandFailure(RunError.contentDiffers(input.name), in: source.path)
        }
        return NoiseSource.Slot(salt: salt, commitment: commitment)
    }
}

/// A file that shall be an entry of a manifest's data.
struct DataFile {
    private enum Content {
        case file(RegularFile)
        case made([UInt8])
    }

    let path: String
    private let content: Content
    /// What the manifest says that it is.
    let format: Format?

    var byteCount: Int {
        switch content {
        case .file(let file): file.byteCount
        case .made(let bytes): bytes.count
        }
    }

    /// - Throws: ``RunError/formless(_:)`` where nobody says what the entry is.
    init(madeUpFor entry: DataEntry, seed: UInt64) throws(CommandFailure) {
        // Entries of one format differ: their names are a part of what is drawn from.
        let digest = SHA256Digest(sha256: Array(entry.name.description.utf8))
        let own = digest.bytes.prefix(8).reduce(seed) { $0 &* 257 &+ UInt64($1) }
        guard let format = entry.format, let made = StandIn(format, seed: own) else {
            throw CommandFailure(RunError.formless(entry.name))
        }
        path = "the data made up for \(entry.name)"
        content = .made(made.bytes)
        self.format = format
        guard made.bytes.count <= entry.maximumBytes else {
            throw CommandFailure(RunError.tooLarge(entry.name, entry.maximumBytes), in: path)
        }
    }

    /// Copies it to its place.
    func place(at path: String, in inputs: JobInputs, observing observe: ([UInt8]) -> Void) throws {
        switch content {
        case .file(let file): try inputs.place(file, at: path, observing: observe)
        case .made(let bytes):
            var input = try inputs.begin(path)
            try input.append(bytes)
            try input.finish()
            observe(bytes)
        }
    }

    /// - Parameter isPinned: whether the manifest commits to the very content: a longer file is then another one.
    init(_ path: String, of entry: DataEntry, isPinned: Bool) throws(CommandFailure) {
        self.path = path
        format = entry.format
        content = .file(try Self.open(path, of: entry, isPinned: isPinned))
    }

    /// Opens a file that is no longer than the entry lets it be.
    static func open(_ path: String, of entry: DataEntry, isPinned: Bool) throws(CommandFailure) -> RegularFile {
        let file = try openFile(path, upTo: entry.maximumBytes)
        guard file.byteCount > entry.maximumBytes else { return file }
        let error = isPinned ? RunError.contentDiffers(entry.name) : .tooLarge(entry.name, entry.maximumBytes)
        throw CommandFailure(error, in: path)
    }
}

/// The folder that outputs go to. Nothing in it is ever replaced.
struct OutputFolder {
    private let path: String
    private let names: [Name]

    init(_ path: String, for manifest: Manifest) {
        self.path = path
        names = manifest.outputs.map(\.name)
    }

    /// Refuses before anything runs what would have to be refused afterwards.
    func requireFree() throws(CommandFailure) {
        guard !NamedFile.exists(path) || NamedFile.exists(path + "/.") else {
            throw CommandFailure(CommandError.notAFolder(path))
        }
        for name in names {
            let file = "\(path)/\(name)"
            if NamedFile.exists(file) { throw CommandFailure(CommandError.outputExists(file)) }
        }
    }

    /// Writes every output, or removes those that it wrote.
    func write(_ outputs: [CollectedOutput]) throws(CommandFailure) {
        var written: [String] = []
        do {
            try NamedFile.makeFolders(path)
            for output in outputs {
                let file = "\(path)/\(output.name)"
                let content = try output.read(upTo: output.byteCount, at: 0)
                try NamedFile.create(file, content, mode: 0o600)
                written.append(file)
            }
        } catch {
            for file in written { try? NamedFile.remove(file) }
            throw CommandFailure(error, in: path)
        }
    }
}
