package import Platform
internal import Primitives
internal import Scheduling

/// Stays with one machine of a run: takes an attempt, starts the machine, says where it listens, ends it.
///
/// The same on a laptop and on a cluster's node: it needs the run's folder, and nobody who is still there. Whoever
/// wants the machine to end leaves a file.
package struct MachineKeeper {
    private let store: RunStore
    private let program: MachineProgram
    private let session: Int
    private let cancellation: Cancellation

    /// How often the folder is looked at.
    private static let pause = Duration.milliseconds(250)
    /// Of what a machine prints, kept for people who look why it failed.
    private static let maximumLogByteCount = 1 << 20

    /// - Parameter session: its place in the schedule.
    package init(
        _ store: RunStore, _ program: MachineProgram, session: Int, _ cancellation: Cancellation
    ) throws(RunStoreError) {
        guard store.schedule.sessions.indices.contains(session) else { throw .noSession(session) }
        self.store = store
        self.program = program
        self.session = session
        self.cancellation = cancellation
    }

    /// How a machine's end came.
    package enum End: Equatable {
        /// It was told to, or its session was over.
        case ended
        case failed(status: Int32)
        case cancelled
    }

    /// Stays until the machine has ended.
    ///
    /// - Parameters:
    ///   - host: the address that the machine is reached at.
    ///   - task: what the engine calls this.
    /// - Throws: ``RunStoreError/attemptsUsed(_:)``; ``PlatformError``.
    package func keep(on host: String, task: String) throws -> End {
        guard !store.isStopped else { return .ended }
        let machine = try claim(task: task)
        let words = program.words(for: store.schedule.sessions[session], on: host)
        var running = try ChildProgram(
            words[0], Array(words.dropFirst()),
            environment: ChildProgram.environment(with: ["HOME", "TWOCVM_HOME", "XDG_RUNTIME_DIR"]))
        try NamedFile.create(store.path(.log, machine), [], mode: 0o600)
        let log = try LockedFile(path: store.path(.log, machine))
        var (lines, isListening, logged) = (LineBuffer(), false, 0)
        while true {
            switch try running.nextEvent(until: ContinuousClock.now + Self.pause, or: cancellation) {
            case .output(let bytes):
                if logged < Self.maximumLogByteCount { try log.append(bytes) }
                logged += bytes.count
                for line in lines.take(bytes) where !isListening {
                    guard let address = program.address(in: line) else { continue }
                    isListening = true
                    try RunStore.publish(
                        RunRecord.address(address, attempt: machine.attempt), as: store.path(.address, machine))
                }
            case .timeout:
                // A folder that is gone has nobody left to say anything.
                let isTold = NamedFile.exists(store.path(.end, machine)) || store.isStopped
                guard isTold || !NamedFile.exists(store.path(.claim, machine)) else { continue }
                running.end()
                return .ended
            case .ended(let status): return isListening && status == 0 ? .ended : .failed(status: status)
            case .cancelled:
                running.end()
                return .cancelled
            }
        }
    }

    /// The first attempt that nobody has taken.
    private func claim(task: String) throws -> MachineID {
        let scheduled = store.schedule.sessions[session]
        try NamedFile.makeFolders(store.path(RunPath.session(scheduled.bound)))
        for attempt in 1...scheduled.attempts {
            let machine = MachineID(session: session, attempt: attempt)
            if try RunStore.publish(RunRecord.claim(task: task), as: store.path(.claim, machine)) { return machine }
        }
        throw RunStoreError.attemptsUsed(scheduled.attempts)
    }
}

/// Lines of a program's output, as they become whole.
private struct LineBuffer {
    private var rest: [UInt8] = []
    /// A longer line is nothing that is waited for.
    private static let maximumByteCount = 4096

    mutating func take(_ bytes: [UInt8]) -> [String] {
        rest += bytes
        var lines: [String] = []
        while let end = rest.firstIndex(of: 0x0A) {
            lines.append(String(decoding: rest[..<end].filter { $0 != 0x0D }, as: UTF8.self))
            rest.removeFirst(end + 1)
        }
        if rest.count > Self.maximumByteCount { rest = [] }
        return lines
    }
}
