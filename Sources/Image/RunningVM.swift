public import Platform
public import Primitives

/// A VM that was started. It ends when its owner goes away, however that ends.
public struct RunningVM: ~Copyable {
    private var process: ChildProgram
    private var console = VMConsole()

    /// How the wait for a VM's end ended.
    public enum End: Equatable, Sendable {
        /// By itself: QEMU's exit status.
        case ended(status: Int32)
        /// Because somebody cancelled. The VM is gone.
        case cancelled
    }

    /// Starts QEMU.
    ///
    /// - Throws: ``VMError/noProgram(_:)``, ``VMError/platform(_:)``.
    public init(_ machine: VirtualMachine, program: String) throws(VMError) {
        do throws(PlatformError) {
            process = try ChildProgram(program, machine.arguments)
        } catch .system(_, .notFound) where !NamedFile.exists(program) {
            throw .noProgram(program)
        } catch {
            throw .platform(error)
        }
    }

    /// Waits until the agent says that it listens.
    ///
    /// QEMU accepts connections before anyone listens inside, so the console is what tells.
    /// - Parameters:
    ///   - seconds: after that many the VM is ended.
    ///   - show: gets each line of the console, safe to show.
    public mutating func awaitAgent(
        seconds: Int, or cancellation: Cancellation, show: (String) -> Void
    ) throws(VMError) {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while !console.isListening {
            switch try nextEvent(until: deadline, or: cancellation) {
            case .output(let bytes): console.take(bytes).forEach(show)
            case .ended(let status):
                console.finish().forEach(show)
                throw .ended(status: status)
            case .cancelled:
                process.end()
                throw .cancelled
            case .timeout:
                process.end()
                console.finish().forEach(show)
                throw .tooSlow(seconds: seconds)
            }
        }
    }

    /// Waits until the VM has ended, or ends it when somebody cancels.
    public mutating func awaitEnd(
        or cancellation: Cancellation, show: (String) -> Void
    ) throws(VMError) -> End {
        while true {
            switch try nextEvent(until: nil, or: cancellation) {
            case .output(let bytes): console.take(bytes).forEach(show)
            case .ended(let status):
                console.finish().forEach(show)
                return .ended(status: status)
            case .cancelled, .timeout:
                process.end()
                return .cancelled
            }
        }
    }

    private mutating func nextEvent(
        until deadline: ContinuousClock.Instant?, or cancellation: Cancellation
    ) throws(VMError) -> ChildProgram.Event {
        do throws(PlatformError) {
            return try process.nextEvent(until: deadline, or: cancellation)
        } catch {
            throw .platform(error)
        }
    }
}

/// Why a VM does not serve.
public enum VMError: Error, Equatable, Sendable {
    case noProgram(String)
    case platform(PlatformError)
    /// QEMU ended before the agent said anything.
    case ended(status: Int32)
    /// QEMU ended while the agent served, and not as it does when a VM ends.
    case failed(status: Int32)
    case tooSlow(seconds: Int)
    case cancelled
}

extension VMError: ExplainedError {
    public var code: String {
        switch self {
        case .noProgram: "launch.qemu"
        case .platform(let error): error.code
        case .ended: "launch.ended"
        case .failed: "launch.failed"
        case .tooSlow: "launch.time"
        case .cancelled: "launch.cancelled"
        }
    }

    public var message: String {
        switch self {
        case .noProgram(let name): "there is no \(name) on this machine"
        case .platform(let error): error.message
        case .ended(let status): "the VM ended before its agent listened; QEMU's status is \(status)"
        case .failed(let status): "the VM did not end by itself; QEMU's status is \(status)"
        case .tooSlow(let seconds): "the agent did not listen within \(seconds) seconds"
        case .cancelled: "interrupted"
        }
    }

    public var hint: String? {
        switch self {
        case .noProgram: "apt-get install qemu-system-x86"
        case .platform(let error): error.hint
        case .ended: "what it said is above; without a word from it, try the command that --print shows"
        case .failed: "the session and everything in it is lost; QEMU's own words, if any, are above"
        case .tooSlow: "give it longer with --boot-seconds; without KVM a busy machine needs more than a minute"
        case .cancelled: nil
        }
    }
}
