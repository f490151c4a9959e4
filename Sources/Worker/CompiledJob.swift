import Platform
import Primitives
import Wasmtime
import WorkerJob

/// A job whose binary is the one that was promised, compiled, and found to reach the host world and nothing else.
struct CompiledJob: ~Copyable {
    private let job: Job
    private let code: LoadedCode
    private let component: CompiledComponent

    /// Reads `composed.wasm`, compares its digest, compiles it, and compares what it imports with the host world.
    ///
    /// - Parameter code: the runtime's, where the job has one.
    static func prepare(
        _ job: Job, in folder: borrowing Folder, _ memory: MemoryBacking, _ code: consuming LoadedCode?
    ) throws(EarlyVerdict) -> CompiledJob {
        let binary = try binary(of: job, in: folder)
        let compiled = try CompiledJob(job, binary, try Self.given(code, or: job, memory))
        if let stranger = try endingJob({ () throws(EngineError) in try compiled.firstStranger() }) {
            // A name that its author chose: made safe to print like everything that is quoted.
            let name = EngineWords(decoding: stranger.utf8)
            throw EarlyVerdict(.importsDiffer, "the composed component imports \(name), which is not of the host world")
        }
        return compiled
    }

    private init(_ job: Job, _ binary: [UInt8], _ code: consuming LoadedCode) throws(EarlyVerdict) {
        if let modules = job.plainModules { try Self.validate(modules, of: binary) }
        do throws(EngineError) {
            component = try code.engine.compile(binary)
        } catch {
            throw EarlyVerdict(error)
        }
        self.job = job
        self.code = code
    }

    private static func given(
        _ code: consuming LoadedCode?, or job: Job, _ memory: MemoryBacking
    ) throws(EarlyVerdict) -> LoadedCode {
        if let code { return code }
        return try endingJob { () throws(EngineError) in
            LoadedCode(
                try Engine(
                    memory: memory, keepsMemorySizes: job.diagnostics, allowsExceptions: job.plainModules != nil))
        }
    }

    /// Sees that what may not throw is valid to an engine without exceptions, before anything is compiled with them.
    private static func validate(_ modules: [Range<Int>], of binary: [UInt8]) throws(EarlyVerdict) {
        try endingJob { () throws(EngineError) in
            let engine = try Engine()
            for module in modules { try engine.validateModule(at: module, of: binary) }
        }
    }

    /// The first import that is neither of the host world nor the runtime's module. The engine's own list is the last
    /// word on what can be reached.
    ///
    /// Names are compared byte for byte: two strings that Unicode calls equal are not the same import.
    private borrowing func firstStranger() throws(EngineError) -> String? {
        let known = Set((job.hostWorld + [job.runtimeModule].compactMap(\.self)).map { Array($0.utf8) })
        return try component.importNames(in: code.engine).first { !known.contains(Array($0.utf8)) }
    }

    static func binary(of job: Job, in folder: borrowing Folder) throws(EarlyVerdict) -> [UInt8] {
        let binary: [UInt8]
        do {
            binary = try folder.read("composed.wasm", maximumBytes: Job.maximumComposedByteCount)
        } catch {
            throw EarlyVerdict(unreadable: error)
        }
        guard SHA256Digest(sha256: binary) == job.composedDigest else {
            throw EarlyVerdict(.jobUnreadable, "composed.wasm does not have the digest that the job states")
        }
        guard job.plainModules?.allSatisfy({ $0.upperBound <= binary.count }) ?? true else {
            throw EarlyVerdict(.jobUnreadable, "the job names a module that does not lie in composed.wasm")
        }
        return binary
    }

    /// How large linear memories have become, where the job wants to know.
    borrowing func memoryReport() -> MemoryReport? {
        guard let uses = code.engine.memoryUses(), uses.count <= MemoryReport.maximumCount else { return nil }
        let pages = { (bytes: Int) in min(bytes >> 16, 1 << 16) }
        return MemoryReport(
            uses.map {
                .init(pageCount: pages($0.bytes), maximumPageCount: max(pages($0.bytes), pages($0.maximumBytes)))
            })
    }

    /// Opens the job's folders, instantiates, and calls `run`.
    ///
    /// The component that runs may also end by exit, which no other can (`refusedExit` of a composed binary).
    borrowing func run(in folder: borrowing Folder) throws(EarlyVerdict) -> Verdict {
        let logs = try keepingLogs(in: folder)
        defer { extendLifetime(logs) }
        var isCalled = false
        do throws(EngineError) {
            var folders = try FolderGrants()
            for preopen in job.preopens {
                try folders.grant(preopen.folder, as: preopen.name, FolderGrants.Access(preopen.access))
            }
            let store = try Store(code.engine, bounds: StoreBounds(job.storeLimits), folders: folders)
            let linker = try Linker(code.engine)
            if let name = job.runtimeModule { try code.define(name, in: linker) }
            var instance = try linker.instantiate(component, in: store)
            isCalled = true
            return try instance.call("run", of: job.entry) == .ok ? .completed : .declined
        } catch {
            guard isCalled, case .exited(let status) = error else { throw EarlyVerdict(error) }
            if status == 0 { return .completed }
            throw EarlyVerdict(.declined, "the component that runs called exit with an error")
        }
    }

    private borrowing func keepingLogs(in folder: borrowing Folder) throws(EarlyVerdict) -> LogKeeper {
        let logs = job.pipes.map { LogKeeper.Log(pipe: $0.path, file: $0.file, maximumBytes: $0.maximumBytes) }
        do {
            return try LogKeeper(logs, in: folder)
        } catch {
            throw EarlyVerdict(unreadable: error)
        }
    }
}

/// Makes the engine's refusal the job's ending.
private func endingJob<Value: ~Copyable>(
    _ step: () throws(EngineError) -> Value
) throws(EarlyVerdict) -> Value {
    do throws(EngineError) {
        return try step()
    } catch {
        throw EarlyVerdict(error)
    }
}

extension FolderGrants.Access {
    fileprivate init(_ access: Preopen.Access) {
        self =
            switch access {
            case .read: .read
            case .write: .write
            }
    }
}

extension StoreBounds {
    fileprivate init(_ limits: StoreLimits) {
        self.init(
            memoryBytes: limits.memoryBytes, tableElements: limits.tableElements, instances: limits.instances,
            tables: limits.tables, memories: limits.memories)
    }
}
