internal import CPlatform
internal import Glibc
internal import WorkerJob

/// Owns a worker process: it is killed, waited for, and its control group removed when its owner goes away.
public struct WorkerProcess: ~Copyable, Sendable {
    /// The walls that a parent raises. The worker tells of the others through its status.
    public let walls: WallReport
    private let process: Descriptor
    private let group: ControlGroup
    private let control: Pipe
    private var status: Descriptor?
    private var diagnostics: Descriptor?

    /// Starts a worker, whose first act is to raise its own walls.
    ///
    /// - Parameter noteGroups: is given the control groups' folders, which remain should this process be killed.
    /// - Throws: ``PlatformError/wallsMissing(_:)`` when the policy requires a wall that the machine does not have;
    ///   ``PlatformError/workerNotStarted(step:error:)``.
    public static func start(
        _ start: WorkerStart, noteGroups: ([String]) throws(PlatformError) -> Void
    ) throws(PlatformError) -> WorkerProcess {
        var group = ControlGroup(
            named: start.name, memoryBytes: start.limits.memoryBytes, threads: start.limits.threads)
        try noteGroups(group.paths)
        let status = try Pipe(blocking: false)
        let diagnostics = try Pipe(blocking: false)
        let made = try start.make(
            WorkerEnds(status: status.writer.number, diagnostics: diagnostics.writer.number), in: group)
        group.complete(with: made.number)
        var walls = group.report
        if let error = made.namespaceError { walls.note(.namespaces, -error) }
        if !made.countsThreads { walls.note(.threadLimit, -EUSERS) }

        let process = WorkerProcess(
            walls: walls, process: made.process, group: group, control: made.control, status: .some(status.reader),
            diagnostics: .some(diagnostics.reader))
        // From here on its deinitialiser ends the worker, whatever is thrown.
        if start.policy == .required, !walls.isComplete { throw .wallsMissing(walls.missing) }
        try process.control.writer.write([0])
        try awaitExecution(made.report)
        return process
    }

    private init(
        walls: WallReport, process: consuming Descriptor, group: consuming ControlGroup, control: consuming Pipe,
        status: consuming Descriptor?, diagnostics: consuming Descriptor?
    ) {
        self.walls = walls
        self.process = process
        self.group = group
        self.control = control
        self.status = status
        self.diagnostics = diagnostics
    }

    deinit {
        end()
    }

    /// Reads why the worker could not be executed: nothing when it was.
    private static func awaitExecution(_ report: borrowing Descriptor) throws(PlatformError) {
        guard let words = try SpawnReport(reading: report) else { return }
        throw .workerNotStarted(step: words.step, error: words.error)
    }

    /// Says that every input is in place.
    public func go() throws(PlatformError) {
        // This process holds a reading end too, so that a dead worker is no reason for a signal.
        try control.writer.write([WorkerPermission.byte])
    }

    /// Ends the worker and everything it may have started, and waits until it is gone.
    public func end() {
        group.kill()
        _ = cp_kill(process.number)
        var waiting = pollfd(fd: process.number, events: Int16(POLLIN), revents: 0)
        while unsafe poll(&waiting, 1, -1) < 0, errno == EINTR {}
    }

    /// Whether the kernel ended it for using more memory than its control group may.
    public var exceededMemory: Bool { group.exceededMemory }
}

/// What happened to a worker next.
public enum WorkerEvent: Equatable, Sendable {
    /// Bytes of its status pipe.
    case status([UInt8])
    /// Bytes of its diagnostics pipe: not to be trusted.
    case diagnostics([UInt8])
    /// The process is gone; there is nothing left to read.
    case ended
    case cancelled
    /// The time that was given is over.
    case timeout
}

extension WorkerProcess {
    /// What is there: nothing when there is nothing yet, or when the pipe has ended, which is then `nil`.
    private static func read(_ stream: inout Descriptor?) throws(PlatformError) -> [UInt8] {
        guard let bytes = try stream?.readAvailable(upTo: 4096) else { return [] }
        if bytes.isEmpty { stream = nil }
        return bytes
    }

    /// Waits for the next event, at most until `deadline`.
    ///
    /// A worker that floods a pipe cannot put off its deadline, except by status bytes, which its reader counts.
    public mutating func nextEvent(
        until deadline: ContinuousClock.Instant, or cancellation: Cancellation?
    ) throws(PlatformError) -> WorkerEvent {
        while true {
            let remaining = ContinuousClock.now.duration(to: deadline)
            // Rounded up, so that it never turns in circles for the last millisecond.
            let (seconds, attoseconds) = remaining.components
            let milliseconds = min(seconds, 86_400) * 1_000 + attoseconds / 1_000_000_000_000_000 + 1
            // A descriptor below zero is passed over.
            var waiting = [
                pollfd(fd: cancellation?.number ?? -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: number(of: status), events: Int16(POLLIN), revents: 0),
                pollfd(fd: number(of: diagnostics), events: Int16(POLLIN), revents: 0),
                pollfd(fd: process.number, events: Int16(POLLIN), revents: 0),
            ]
            let ready = unsafe poll(&waiting, nfds_t(waiting.count), remaining <= .zero ? 0 : Int32(milliseconds))
            guard ready >= 0 else {
                if errno == EINTR { continue }
                throw .system(action: "wait for the worker", error: ErrorNumber(errno))
            }
            if waiting[0].revents != 0 { return .cancelled }
            if waiting[1].revents != 0 {
                let bytes = try Self.read(&status)
                if !bytes.isEmpty { return .status(bytes) }
            }
            if ContinuousClock.now >= deadline { return .timeout }
            if waiting[2].revents != 0 {
                let bytes = try Self.read(&diagnostics)
                if !bytes.isEmpty { return .diagnostics(bytes) }
            }
            // What it wrote last may have come between the two looks: only the end of both pipes is the end.
            if waiting[3].revents != 0, status == nil, diagnostics == nil { return .ended }
        }
    }
}
