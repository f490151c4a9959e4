internal import CPlatform
internal import Glibc

/// How a worker is started.
public struct WorkerStart: Sendable {
    /// The worker's program.
    public var executable: String
    /// The job folder.
    public var folderPath: String
    /// Unique on this machine; names the control group.
    public var name: String
    public var policy: WallPolicy
    public var limits: WorkerLimits
    /// Whether the worker may speak to the person who rehearses.
    public var diagnostics: Bool
    /// Machine code that the worker loads first, and believes.
    public var machineCode: RegularFile?

    /// Says everything: there is no default for a wall.
    public init(
        executable: String, job: (folderPath: String, name: String), policy: WallPolicy, limits: WorkerLimits,
        diagnostics: Bool
    ) {
        self.executable = executable
        folderPath = job.folderPath
        name = job.name
        self.policy = policy
        self.limits = limits
        self.diagnostics = diagnostics
    }
}

/// What a worker may use. Bounds of the whole process: those of each component are written into its code.
public struct WorkerLimits: Equatable, Sendable {
    /// The longest file that it may write, in memory or on disk.
    public var fileBytes: Int
    /// Memory that it may write to, and files that it keeps in memory.
    public var memoryBytes: Int
    /// Processor time over all its threads: behind the deadline, should nobody be there to keep it.
    public var processorSeconds: Int
    public var openFiles = 4096
    public var threads = 1024

    /// Bounds a worker by what its manifest grants.
    public init(fileBytes: Int, memoryBytes: Int, processorSeconds: Int) {
        self.fileBytes = fileBytes
        self.memoryBytes = memoryBytes
        self.processorSeconds = processorSeconds
    }
}

/// A worker that was made and waits at its gate.
struct MadeWorker: ~Copyable {
    let number: Int32
    let process: Descriptor
    let control: Pipe
    /// Tells why it could not be executed, or ends.
    let report: Descriptor
    /// Why it has no namespaces, when it has none.
    let namespaceError: Int32?
    /// Whether its threads are counted apart from the caller's other processes.
    let countsThreads: Bool
}

/// A `cp_spawn_report`: how far a worker came on its way to be executed.
struct SpawnReport {
    let step: String
    let error: ErrorNumber

    /// Waits for one, or for the pipe's end (`nil`).
    init?(reading pipe: borrowing Descriptor) throws(PlatformError) {
        guard let bytes = try pipe.readAvailable(upTo: 8), !bytes.isEmpty else { return nil }
        guard bytes.count == 8 else { throw .workerNotStarted(step: "be executed", error: ErrorNumber(EIO)) }
        func number(at offset: Int) -> Int32 {
            (0..<4).reduce(0) { $0 | Int32(bytes[offset + $1]) << (8 * $1) }
        }
        step =
            switch cp_spawn_step(UInt32(number(at: 0))) {
            case CP_STEP_IDENTITY: "take its identity"
            case CP_STEP_FOLDER: "open its job folder"
            case CP_STEP_DESCRIPTORS: "arrange its descriptors"
            case CP_STEP_LIMITS: "set its limits"
            default: "be executed"
            }
        error = ErrorNumber(number(at: 4))
    }
}

/// The descriptors that a new worker is given.
struct WorkerEnds {
    let status: Int32
    let diagnostics: Int32
}

extension WorkerStart {
    /// Makes the process, with as many namespaces as the machine lets it have.
    ///
    /// Root needs no user namespace; others have no privilege without one. A machine may forbid either.
    func make(_ ends: WorkerEnds, in group: borrowing ControlGroup) throws(PlatformError) -> MadeWorker {
        var refusal = EPERM
        for way in geteuid() == 0 ? [NamespaceWay.plain, .user] : [.user] {
            switch try attempt(way, ends, group, missing: nil) {
            case .made(let worker): return worker
            case .refused(let error): refusal = error
            }
        }
        switch try attempt(.none, ends, group, missing: refusal) {
        case .made(let worker): return worker
        case .refused(let error): throw .system(action: "make the worker", error: ErrorNumber(error))
        }
    }

    private enum NamespaceWay {
        case none, plain, user
    }

    private enum Attempt: ~Copyable {
        case made(MadeWorker)
        case refused(Int32)
    }

    private func attempt(
        _ way: NamespaceWay, _ ends: WorkerEnds, _ group: borrowing ControlGroup, missing: Int32?
    ) throws(PlatformError) -> Attempt {
        let program = Descriptor(
            owning: try succeeded(unsafe cp_open_path(executable), "open \(executable)"))
        let folder = try Folder(path: folderPath)
        let null = Descriptor(owning: try succeeded(unsafe cp_open("/dev/null", O_RDWR), "open /dev/null"))
        let control = try Pipe(blocking: true)
        let report = try Pipe(blocking: true)
        // Without a user or a user namespace of its own the count would include the caller's other processes.
        let countsThreads = way == .user || WorkerIdentity.owner != nil

        var request = unsafe cp_spawn_request()
        unsafe request.executable = program.number
        unsafe request.folder = folder.descriptor.number
        unsafe request.status = ends.status
        unsafe request.control = control.reader.number
        unsafe request.diagnostics = diagnostics ? ends.diagnostics : null.number
        unsafe request.null_device = null.number
        unsafe request.machine_code = machineCode?.descriptor.number ?? -1
        unsafe request.report = report.writer.number
        unsafe request.group = group.entrances.unified
        unsafe request.memory_tasks = group.entrances.memory
        unsafe request.thread_tasks = group.entrances.threads
        unsafe request.namespaces = way == .none ? 0 : 1
        unsafe request.user_namespace = way == .user ? 1 : 0
        unsafe request.limits = limits.request(countsThreads: countsThreads)
        var spawned = cp_spawned()
        let result = unsafe folderPath.withCString { path in
            unsafe policy.rawValue.withCString { argument in
                unsafe request.folder_path = path
                unsafe request.argument = argument
                return unsafe cp_spawn(&request, &spawned)
            }
        }
        guard result >= 0 else { return .refused(-result) }
        let process = Descriptor(owning: spawned.pidfd)
        let reader = report.closingWriter()
        // Refused here, the process ends by itself.
        guard let words = try SpawnReport(reading: reader) else { return .refused(ECHILD) }
        if words.error.rawValue != 0 { return .refused(words.error.rawValue) }
        return .made(
            MadeWorker(
                number: spawned.pid, process: process, control: control, report: reader, namespaceError: missing,
                countsThreads: countsThreads))
    }
}

extension WorkerLimits {
    fileprivate func request(countsThreads: Bool) -> cp_limits {
        cp_limits(
            file_bytes: UInt64(fileBytes), open_files: UInt64(openFiles), threads: countsThreads ? UInt64(threads) : 0,
            processor_seconds: UInt64(processorSeconds), data_bytes: UInt64(memoryBytes))
    }
}
