internal import FoundationEssentials
package import Platform
internal import Primitives

/// The server of a monitor: a program of its own, which gets a folder and neither a key nor a session.
package enum MonitorServerProcess {
    private static let name = "2cvm-monitor"
    private static let patience = Duration.seconds(20)
    private static let maximumAddressByteCount = 200

    /// Stays with the server until it is cancelled.
    ///
    /// The thread that calls it must stay: the kernel ends a program with the thread that started it.
    /// - Parameters:
    ///   - folder: what it shows.
    ///   - cancellation: what ends it.
    ///   - announce: is told once it listens, with its address.
    package static func run(
        on folder: String, until cancellation: Cancellation, announce: (String) throws(CommandFailure) -> Void
    ) throws(CommandFailure) {
        var program = try start(on: folder)
        var said: [UInt8] = []
        var isAnnounced = false
        while true {
            let event: ChildProgram.Event
            do {
                let deadline = isAnnounced ? nil : ContinuousClock.now + patience
                event = try program.nextEvent(until: deadline, or: cancellation)
            } catch {
                throw CommandFailure(error)
            }
            switch event {
            case .cancelled: return program.end()
            case .timeout: throw CommandFailure(MonitorFault.silent)
            case .ended(let status): throw CommandFailure(MonitorFault.ended(status))
            case .output(let bytes):
                guard !isAnnounced else { continue }
                said += bytes.prefix(maximumAddressByteCount - said.count)
                guard let end = said.firstIndex(of: UInt8(ascii: "\n")) else { continue }
                isAnnounced = true
                try announce(String(decoding: said[..<end], as: UTF8.self))
            }
        }
    }

    private static func start(on folder: String) throws(CommandFailure) -> ChildProgram {
        do throws(PlatformError) {
            let path = try Program.sibling(name)
            if NamedFile.exists(path) { return try ChildProgram(path, [folder]) }
        } catch {
            throw CommandFailure(error)
        }
        throw CommandFailure(CommandError.noProgram(name))
    }

    /// Shows a file in the desktop's browser, which outlives this process.
    ///
    /// - Returns: whether there was a program to ask.
    package static func open(_ file: String) -> Bool {
        let environment = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
        let words = ["-c", "exec setsid --fork xdg-open \"$1\" > /dev/null 2>&1", "sh", file]
        guard var program = try? ChildProgram("sh", words, environment: environment) else { return false }
        let deadline = ContinuousClock.now + .seconds(5)
        while let event = try? program.nextEvent(until: deadline, or: nil) {
            switch event {
            case .output: continue
            case .ended(let status): return status == 0
            case .cancelled, .timeout: return false
            }
        }
        return false
    }
}

/// Why a monitor shows nothing.
package enum MonitorFault: Error, Equatable, CommandFault {
    case silent
    case ended(Int32)

    package var status: ExitStatus { .unavailable }
    package var code: String { "monitor.server" }
    package var message: String {
        switch self {
        case .silent: "the monitor's server did not begin to listen"
        case .ended(let status): "the monitor's server ended with \(status)"
        }
    }
    package var hint: String? { "2cvm-monitor belongs beside 2cvm and is of the same version" }
}
