internal import CPlatform
internal import Glibc

/// A program of the system's that runs beside this one: it ends when its owner goes away, however that ends.
///
/// Started and owned by one thread, the main one: the kernel ends the program with the thread that made it.
public struct ChildProgram: ~Copyable {
    private let identifier: Int32
    private let process: Descriptor
    private var output: Descriptor?
    private var status: Int32?

    /// What happened next.
    public enum Event: Equatable, Sendable {
        /// Bytes of its standard output or error.
        case output([UInt8])
        /// It is gone, and all that it wrote was read: its exit status, or 128 and a signal's number.
        case ended(status: Int32)
        case cancelled
        /// The time that was given is over.
        case timeout
    }

    /// What it sees of this process's environment unless it is told more.
    private static let environmentNames = ["PATH", "LANG", "LC_ALL", "TMPDIR"]

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - name: a path, or a name that is looked for in `PATH`.
    ///   - arguments: without the program's own name.
    ///   - given: its environment, each `NAME=value`; without one, where programs are and how they speak.
    /// - Throws: ``PlatformError/system(action:error:)``; ``ErrorNumber/notFound`` when there is no such program.
    public init(
        _ name: String, _ arguments: [String], environment given: [String]? = nil
    ) throws(PlatformError) {
        guard let path = Self.path(of: name) else { throw .system(action: "start \(name)", error: .notFound) }
        let pipe = try Pipe(blocking: false)
        let environment = given ?? Self.environment(with: [])
        let output = pipe.writer.number
        var started = cp_spawned()
        let result = unsafe withCStrings([name] + arguments) { arguments in
            unsafe withCStrings(environment) { environment in
                unsafe path.withCString { unsafe cp_start_program($0, arguments, environment, output, &started) }
            }
        }
        try succeeded(result, "start \(name)")
        identifier = started.pid
        process = Descriptor(owning: started.pidfd)
        self.output = .some(pipe.closingWriter())
    }

    /// What a program sees unless it is told otherwise, and these variables of this process's besides.
    public static func environment(with names: [String]) -> [String] {
        (environmentNames + names).compactMap { name in variable(name).map { "\(name)=\($0)" } }
    }

    deinit {
        guard status == nil else { return }
        _ = try? collect()
    }

    /// Waits for the next event, at most until `deadline`; `nil` waits as long as it takes.
    public mutating func nextEvent(
        until deadline: ContinuousClock.Instant?, or cancellation: Cancellation?
    ) throws(PlatformError) -> Event {
        while true {
            // A descriptor below zero is passed over.
            var waiting = [
                pollfd(fd: cancellation?.number ?? -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: number(of: output), events: Int16(POLLIN), revents: 0),
                pollfd(fd: output == nil ? process.number : -1, events: Int16(POLLIN), revents: 0),
            ]
            let ready = unsafe poll(&waiting, nfds_t(waiting.count), Self.milliseconds(until: deadline))
            guard ready >= 0 else {
                if errno == EINTR { continue }
                throw .system(action: "wait for a program", error: ErrorNumber(errno))
            }
            if waiting[0].revents != 0 { return .cancelled }
            if let deadline, ContinuousClock.now >= deadline { return .timeout }
            if waiting[1].revents != 0 {
                let bytes = try readOutput()
                if !bytes.isEmpty { return .output(bytes) }
            }
            if waiting[2].revents != 0 {
                let status = try collect()
                self.status = status
                return .ended(status: status)
            }
        }
    }

    /// Ends it at once, and waits until it is gone.
    public mutating func end() {
        guard status == nil else { return }
        status = try? collect()
    }

    /// What a program prints until it ends, at most `maximumByteCount`; what comes after that is not read.
    ///
    /// - Throws: ``PlatformError``, also when it has not ended after `patience`.
    public static func output(
        of name: String, _ arguments: [String], maximumByteCount: Int, patience: Duration
    ) throws(PlatformError) -> [UInt8] {
        var program = try ChildProgram(name, arguments)
        let deadline = ContinuousClock.now + patience
        var bytes: [UInt8] = []
        while bytes.count <= maximumByteCount {
            switch try program.nextEvent(until: deadline, or: nil) {
            case .output(let piece): bytes += piece
            case .ended: return Array(bytes.prefix(maximumByteCount))
            case .cancelled, .timeout: throw .system(action: "wait for \(name)", error: ErrorNumber(ETIMEDOUT))
            }
        }
        return Array(bytes.prefix(maximumByteCount))
    }

    private mutating func readOutput() throws(PlatformError) -> [UInt8] {
        guard let bytes = try output?.readAvailable(upTo: 16_384) else { return [] }
        if bytes.isEmpty { output = nil }
        return bytes
    }

    /// What the program itself started goes with it: a script need not `exec`.
    private func collect() throws(PlatformError) -> Int32 {
        _ = cp_kill_session(identifier)
        return try succeeded(cp_collect(process.number), "collect a program")
    }

    private static func milliseconds(until deadline: ContinuousClock.Instant?) -> Int32 {
        guard let deadline else { return -1 }
        let (seconds, attoseconds) = ContinuousClock.now.duration(to: deadline).components
        // Rounded up, so that it never turns in circles for the last millisecond.
        return Int32(clamping: max(0, min(seconds, 86_400) * 1000 + attoseconds / 1_000_000_000_000_000 + 1))
    }

    private static func path(of name: String) -> String? {
        if name.contains("/") { return name }
        let folders = (variable("PATH") ?? "/usr/bin:/bin").split(separator: ":")
        return folders.map { "\($0)/\(name)" }.first { unsafe access($0, X_OK) == 0 }
    }

    private static func variable(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }
}
