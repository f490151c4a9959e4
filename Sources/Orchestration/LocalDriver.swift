internal import Platform
internal import Primitives
package import Scheduling
internal import Synchronization

/// Starts machines as processes of this host, which go on without whoever started them.
package final class LocalDriver: Driver {
    package let queues = false
    private let store: RunStore
    private let command: String
    private let program: MachineProgram
    private let host: String
    private let starting = Mutex<[Start]>([])

    /// A process that has not taken an attempt yet.
    private struct Start {
        let session: Int
        let claims: Int
        let until: ContinuousClock.Instant
    }

    /// How long a process may take to come to an attempt.
    private static let patience = Duration.seconds(15)

    /// - Parameters:
    ///   - command: the path of `2cvm`.
    ///   - host: this host's address, for machines to listen at.
    package init(_ store: RunStore, command: String, _ program: MachineProgram, host: String) {
        self.store = store
        self.command = command
        self.program = program
        self.host = host
    }

    package func start(_ sessions: [Int]) async throws(DriverError) {
        for session in sessions {
            let words =
                [command, "plan", "machine", store.folder, "--session", "\(session)", "--address", host]
                + program.options
            let claims = claimCount(of: session)
            // A session of its own, away from this terminal and this process. Once there it lets go of the output.
            _ = try ShortProgram.run(
                "setsid", ["--fork", "/bin/sh", "-c", #"exec "$@" < /dev/null > /dev/null 2>&1"#, "sh"] + words)
            starting.withLock {
                $0.append(Start(session: session, claims: claims, until: .now + Self.patience))
            }
        }
    }

    private func claimCount(of session: Int) -> Int {
        let scheduled = store.schedule.sessions[session]
        return (1...scheduled.attempts).count { attempt in
            NamedFile.exists(store.path(.claim, MachineID(session: session, attempt: attempt)))
        }
    }

    package func tasks(_ machines: [MachineID: MachineRecord]) async throws(DriverError) -> [EngineTask] {
        var tasks: [EngineTask] = []
        var claims: [Int: Int] = [:]
        for (machine, record) in machines {
            claims[machine.session, default: 0] += 1
            guard record.end == nil, LocalTask(record.task)?.isRunning == true else { continue }
            tasks.append(EngineTask(id: record.task, session: machine.session, isRunning: true))
        }
        let open = starting.withLock { starts in
            starts.removeAll { $0.claims < claims[$0.session] ?? 0 || $0.until < .now }
            return starts
        }
        return tasks + open.map { EngineTask(id: "starting \($0.session)", session: $0.session, isRunning: false) }
    }

    package func cancel(_ task: String) async throws(DriverError) {
        // It comes to an attempt within moments, and ends by its file.
    }
}

/// A process of this host that no other is taken for.
package struct LocalTask: Equatable, Sendable {
    /// `process NUMBER START`: when it started, in the kernel's own unit.
    package let description: String
    private let process: Int

    /// This very process.
    package static var current: LocalTask? {
        start(of: Program.identifier).flatMap { LocalTask("process \(Program.identifier) \($0)") }
    }

    /// Reads the text, or returns `nil` for any other.
    package init?(_ text: String) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, words[0] == "process", let process = Int(words[1]), process > 0, Int(words[2]) != nil
        else { return nil }
        self.process = process
        description = text
    }

    /// Whether it is still there.
    package var isRunning: Bool {
        Self.start(of: process).map { "process \(process) \($0)" == description } ?? false
    }

    /// Field 22 of proc(5)'s stat; the second one, in parentheses, may hold anything.
    private static func start(of process: Int) -> String? {
        guard let bytes = try? RunStore.read("/proc/\(process)/stat", upTo: 4096),
            let end = bytes.lastIndex(of: UInt8(ascii: ")"))
        else { return nil }
        let fields = bytes[(end + 1)...].split(separator: UInt8(ascii: " "))
        guard fields.count > 19, fields[0] != [UInt8(ascii: "Z")][...] else { return nil }
        return String(decoding: fields[19], as: UTF8.self)
    }
}
