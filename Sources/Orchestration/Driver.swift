package import Platform
internal import Primitives
package import Scheduling

/// An engine that starts machines: it is told how many of which session, and says what runs.
///
/// It is not trusted, and knows a schedule alone. It may start a task twice, forget one, or lose one's host.
package protocol Driver: Sendable {
    /// Whether the engine holds machines back until those that they feed were started.
    var queues: Bool { get }
    /// Has one more machine started for each of these sessions, receivers first.
    func start(_ sessions: [Int]) async throws(DriverError)
    /// What waits and what runs.
    ///
    /// - Parameter machines: what the run's folder has, read a moment ago.
    func tasks(_ machines: [MachineID: MachineRecord]) async throws(DriverError) -> [EngineTask]
    /// Drops a task that waits.
    func cancel(_ task: String) async throws(DriverError)
}

/// Why an engine did not do what it was told.
package enum DriverError: Error, Equatable {
    /// A program of the engine's is not on this machine.
    case missing(String)
    /// It ended so, and said this.
    case failed(String, status: Int32, words: String)
    case platform(PlatformError)
}

extension DriverError: ExplainedError {
    package var code: String {
        switch self {
        case .missing: "driver.missing"
        case .failed: "driver.failed"
        case .platform(let error): error.code
        }
    }

    package var message: String {
        switch self {
        case .missing(let program): "there is no \(program) on this machine"
        case .failed(let program, let status, let words):
            "\(program) ended with status \(status)" + (words.isEmpty ? "" : ": \(words)")
        case .platform(let error): error.message
        }
    }

    package var hint: String? {
        switch self {
        case .missing(let program) where program.hasPrefix("s"): "apt-get install slurm-client"
        case .missing, .failed: nil
        case .platform(let error): error.hint
        }
    }
}

/// A program that answers soon.
enum ShortProgram {
    private static let patience = Duration.seconds(20)
    private static let maximumByteCount = 4 << 20
    /// Where an engine finds its settings.
    private static let variables = ["HOME", "USER", "LOGNAME", "SLURM_CONF", "TWOCVM_HOME"]

    /// What it printed, if it ended well. Its errors come along, and are told when it did not.
    static func run(_ name: String, _ arguments: [String]) throws(DriverError) -> String {
        let (status, bytes) = try output(name, arguments)
        guard status == 0 else {
            let words = String(decoding: bytes.prefix(400), as: UTF8.self).split(separator: "\n")
            throw .failed(name, status: status, words: words.joined(separator: ", "))
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func output(_ name: String, _ arguments: [String]) throws(DriverError) -> (Int32, [UInt8]) {
        do throws(PlatformError) {
            var program = try ChildProgram(
                name, arguments, environment: ChildProgram.environment(with: variables))
            let deadline = ContinuousClock.now + patience
            var bytes: [UInt8] = []
            while true {
                switch try program.nextEvent(until: deadline, or: nil) {
                case .output(let piece): bytes += piece.prefix(maximumByteCount - bytes.count)
                case .ended(let status): return (status, bytes)
                case .cancelled, .timeout: return (timeoutStatus, bytes)
                }
            }
        } catch {
            guard case .system(_, .notFound) = error else { throw .platform(error) }
            throw .missing(name)
        }
    }

    /// As the program `timeout` says it.
    private static let timeoutStatus: Int32 = 124
}
