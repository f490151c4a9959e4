import Commitments
import Composition
import Execution
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
            guard NamedFile.exists(worker) else {
                throw CommandFailure(CommandError.noWorker(worker))
            }
            let settings = ExecutionSettings(
                worker: worker, policy: .reported, diagnostics: true,
                cancellation: cancellation)
            let report = try cancellation.whileInterruptsCancel {
                var run = try PreparedRun.prepare(plan.execution, settings)
                progress.step("compiling \(plan.composed.bytes.count / 1024) KiB")
                for input in plan.execution.inputs { try sources.place(input, in: run.inputs) }
                if try run.awaitCompilation() == nil { progress.step("running") }
                return try run.run()
            }
            progress.finish()
            return Result(
                plan: plan, report: report, overhead: start.duration(to: .now) - report.compileTime - report.runTime)
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
        _ data: [Assignment], standIns: [Assignment], salts: [Assignment], for manifest: Manifest
    ) throws(CommandFailure) {
        let names = manifest.data.map(\.name)
        let replaced = try Assignment.unique(standIns, among: names, option: "--stand-in")
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
            files[entry.name] = try DataFile(path, of: entry, isPinned: commitments[entry.name] != nil)
        }
        self.files = files
    }

    /// Copies an entry to its place, and compares what was copied with its commitment.
    func place(_ input: PlannedFile, in inputs: JobInputs) throws {
        guard let source = files[input.name] else { preconditionFailure("every entry was given a file") }
        guard let expected = commitments[input.name], let salt = salts[input.name] else {
            return try inputs.place(source.file, at: input.path)
        }
        var hasher = ContentHasher(salt: salt, byteCount: source.file.byteCount)
        try inputs.place(source.file, at: input.path) { hasher.update($0) }
        guard hasher.finalize() == expected else {
            throw CommandFailure(RunError.contentDiffers(input.name), in: source.path)
        }
    }
}

/// A file that shall be an entry of a manifest's data.
struct DataFile {
    let path: String
    let file: RegularFile

    /// - Parameter isPinned: whether the manifest commits to the very content: a longer file is then another one.
    init(_ path: String, of entry: DataEntry, isPinned: Bool) throws(CommandFailure) {
        self.path = path
        file = try openFile(path, upTo: entry.maximumBytes)
        guard file.byteCount > entry.maximumBytes else { return }
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
