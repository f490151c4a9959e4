internal import Evidence
internal import Execution
internal import Keys
internal import NIOCore
package import Platform
internal import Primitives

/// An agent from its start to its end; what both executables do alike.
package struct AgentProgram {
    /// The engine that the worker links, for the receipt. A test holds it against what is set up.
    package static let engine = "wasmtime 50.0.1"

    /// What `--version` of an agent prints. A test holds it against what 2cvm prints.
    package static func version(of program: String) -> String { "\(program) 0.1.0\n\(engine)" }

    private let name: String
    private let policy: WallPolicy
    private let options: ServiceOptions
    private let endsWithSession: Bool

    /// - Parameters:
    ///   - name: what the program's own lines begin with.
    ///   - policy: what to do where the worker's walls cannot be raised.
    ///   - endsWithSession: whether to stop serving once the session has ended, rather than to say so to all who ask.
    package init(name: String, policy: WallPolicy, options: ServiceOptions, endsWithSession: Bool = false) {
        self.name = name
        self.policy = policy
        self.options = options
        self.endsWithSession = endsWithSession
    }

    /// Serves one session until SIGTERM or SIGINT, or until its end where that was asked for.
    package func serve(_ source: any EvidenceSource) async throws(AgentFailure) {
        let limits = ServiceLimits()
        let worker = try workerPath()
        let needed = limits.connections + 256
        let found = Program.allowOpenFiles(needed)
        guard found >= needed else {
            throw AgentFailure(.unavailable, StartError.tooFewFiles(found: found, needed: needed))
        }
        let bound = try bound(by: source)
        let folder = try makeFolder()
        if policy == .required, endsWithSession { try requireWalls(worker, in: folder.path) }
        let capacity = try capacity(in: folder.path)
        var configuration = AgentConfiguration(
            worker: worker, policy: policy, bound: bound, simulatedRoot: source.simulatedRoot, capacity: capacity,
            folder: folder.path, engine: Self.engine)
        configuration.runtimes = try runtimes()
        try await serve(source, configuration, limits)
        // Removed here, and not as soon as its path is known.
        _ = consume folder
    }

    private func serve(
        _ source: any EvidenceSource, _ configuration: AgentConfiguration, _ limits: ServiceLimits
    ) async throws(AgentFailure) {
        let keys = SessionKeys()
        let batcher = EvidenceBatcher(source: source, keys: keys.identity)
        let host: SessionHost
        do {
            host = try SessionHost(configuration, keys: keys, evidence: batcher)
        } catch {
            await batcher.close()
            throw AgentFailure(.unavailable, error)
        }
        let log = ServiceLog(program: name, detail: options.log)
        let (name, address) = (name, options.listen)
        let server = AgentServer(
            host, evidence: batcher, at: address, limits: limits, log: log, isStoppedBySignals: true,
            endsWithSession: endsWithSession
        ) { port in
            print("\(name): listening on \(AgentServer.Address(host: address.host, port: port))")
            try? NamedFile.flushStandardOutput()
        }
        do {
            try await server.run()
        } catch {
            await log.close()
            throw AgentFailure(.unavailable, StartError.cannotListen(address, reason: reason(of: error)))
        }
        log.note("stopped")
        await log.close()
    }

    /// A run refuses a machine that lacks a wall, but only once participants have sent everything. A machine that is
    /// there for one session says so before it is seen.
    private func requireWalls(_ worker: String, in folder: String) throws(AgentFailure) {
        let found: WallReport
        do {
            found = try WallSurvey.take(worker: worker, in: folder)
        } catch {
            throw AgentFailure(.unavailable, error)
        }
        guard found.isComplete else { throw AgentFailure(.unavailable, PlatformError.wallsMissing(found.missing)) }
    }

    private func makeFolder() throws(AgentFailure) -> TemporaryFolder {
        do {
            return try TemporaryFolder(in: options.folder)
        } catch {
            throw AgentFailure(.unavailable, error)
        }
    }

    private func capacity(in folder: String) throws(AgentFailure) -> MachineCapacity {
        let isInMemory: Bool
        let capacity: MachineCapacity
        do throws(PlatformError) {
            isInMemory = try Machine.isInMemory(folder)
            capacity = try options.capacity(in: folder)
        } catch {
            throw AgentFailure(.unavailable, error)
        }
        guard isInMemory || policy == .reported else { throw AgentFailure(.refused, StartError.notInMemory(folder)) }
        return capacity
    }

    /// Those whose machine code the worker loads. What cannot be believed ends the start, and is not passed over.
    private func runtimes() throws(AgentFailure) -> [InstalledRuntime] {
        guard let path = options.runtimes else { return [] }
        do {
            return try RuntimeStore(path: path).runtimes().filter(\.record.code.isCurrent)
        } catch {
            throw AgentFailure(.unavailable, error)
        }
    }

    private func workerPath() throws(AgentFailure) -> String {
        let path: String
        do throws(PlatformError) {
            path = if let worker = options.worker { worker } else { try Program.sibling("2cvm-worker") }
        } catch {
            throw AgentFailure(.unavailable, error)
        }
        for program in [path, ExecutionSettings.gate(beside: path)] where !NamedFile.exists(program) {
            throw AgentFailure(.unavailable, StartError.noProgram(program))
        }
        return path
    }

    /// From a report that this machine asks for before it does anything else.
    private func bound(by source: any EvidenceSource) throws(AgentFailure) -> BoundDigest {
        let question: FixedBytes<64> = randomBytes()
        let sourced: SourcedReport
        do {
            sourced = try source.report(on: question)
        } catch {
            let code = (error as? any ExplainedError)?.code ?? "unknown"
            throw AgentFailure(.unavailable, StartError.noReport(code: code))
        }
        guard sourced.report.reportData == question else {
            throw AgentFailure(.unavailable, StartError.unreadableReport)
        }
        return BoundDigest(sourced.report.hostData)
    }
}

private func reason(of error: any Error) -> String {
    switch error {
    case let error as IOError: ErrorNumber(error.errnoCode).description

    default: "the address cannot be used"
    }
}
