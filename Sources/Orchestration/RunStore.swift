internal import Keys
internal import Platform
package import Primitives
package import Scheduling

/// A run's folder, for whoever schedules the run or looks at it. Every file gets its name when it is whole.
package struct RunStore: Sendable {
    package let folder: String
    package let schedule: Schedule
    /// Sets this run's tasks apart from those of others.
    package let id: FixedBytes<8>

    /// Opens the folder of a run that was begun.
    ///
    /// - Throws: ``RunError``, ``PlatformError``.
    package init(_ folder: String) throws {
        let bytes = try Self.read("\(folder)/\(RunPath.schedule)", upTo: Schedule.maximumByteCount)
        guard let bytes else { throw RunStoreError.notARun(folder) }
        schedule = try Schedule(decoding: bytes)
        guard let run = try Self.read("\(folder)/\(RunPath.run)", upTo: RunRecord.maximumByteCount),
            let id = RunRecord.runID(run)
        else { throw RunStoreError.notARun(folder) }
        self.id = id
        self.folder = folder
    }

    /// Begins a run in a folder, or goes on with the one that was begun there.
    ///
    /// - Throws: ``RunStoreError/otherPlan(_:)`` where the folder has a run of another plan.
    package init(_ folder: String, of schedule: Schedule) throws {
        try NamedFile.makeFolders(folder)
        try Self.publish(RunRecord.run(id: randomBytes()), as: "\(folder)/\(RunPath.run)")
        try Self.publish(schedule.encoded, as: "\(folder)/\(RunPath.schedule)")
        try self.init(folder)
        guard self.schedule == schedule else { throw RunStoreError.otherPlan(folder) }
    }

    /// What the engine calls this run.
    package var name: String { "2cvm-\(id)" }

    /// A file of the run's, by its path in the folder.
    package func path(_ relative: String) -> String { "\(folder)/\(relative)" }

    /// A file of one machine's.
    package func path(_ file: MachineFile, _ machine: MachineID) -> String {
        path(RunPath.machine(file, machine.attempt, of: schedule.sessions[machine.session].bound))
    }

    /// Gives a file its name, unless something has it: who is first, is.
    ///
    /// - Returns: whether it was this caller.
    @discardableResult
    static func publish(_ bytes: [UInt8], as path: String) throws -> Bool {
        let file = try GrowingFile("\(path).\(Program.identifier).part")
        try file.append(bytes)
        return try file.finish(ifFree: path)
    }

    /// A file's bytes, `nil` where there is none.
    static func read(_ path: String, upTo maximumByteCount: Int) throws -> [UInt8]? {
        guard let file = try open(path) else { return nil }
        let bytes = try file.read(upTo: maximumByteCount + 1, at: 0)
        guard bytes.count <= maximumByteCount else {
            throw PlatformError.tooLarge(action: "read \(path)", maximumBytes: maximumByteCount)
        }
        return bytes
    }

    private static func open(_ path: String) throws(PlatformError) -> RegularFile? {
        do throws(PlatformError) {
            return try RegularFile(path: path)
        } catch {
            guard case .system(_, .notFound) = error else { throw error }
            return nil
        }
    }

    private static func record(_ path: String) -> [UInt8]? {
        try? read(path, upTo: RunRecord.maximumByteCount)
    }

    /// Far more than a session's machines can leave.
    private static let maximumEntryCount = 1024

    /// Every machine that there ever was.
    package func machines() throws -> [MachineID: MachineRecord] {
        var machines: [MachineID: MachineRecord] = [:]
        for (session, scheduled) in schedule.sessions.enumerated() {
            let path = path(RunPath.session(scheduled.bound))
            guard NamedFile.exists(path) else { continue }
            var files: [Int: Set<MachineFile>] = [:]
            for entry in try Folder(path: path).entries(atMost: Self.maximumEntryCount) {
                guard let name = entry.name, let (attempt, file) = MachineFile.named(name) else { continue }
                files[attempt, default: []].insert(file)
            }
            for (attempt, found) in files where found.contains(.claim) && 1...scheduled.attempts ~= attempt {
                let machine = MachineID(session: session, attempt: attempt)
                machines[machine] = record(of: machine, found)
            }
        }
        return machines
    }

    private func record(of machine: MachineID, _ files: Set<MachineFile>) -> MachineRecord {
        let task = Self.record(path(.claim, machine)).flatMap { RunRecord.task(ofClaim: $0) }
        var record = MachineRecord(task: task ?? "")
        if files.contains(.address) {
            record.address = Self.record(path(.address, machine))
                .flatMap { RunRecord.address($0, of: machine.attempt) }
        }
        if files.contains(.end) { record.end = RunRecord.end(Self.record(path(.end, machine)) ?? []) }
        // Written last.
        record.isCollected = files.contains(.deliveries)
        return record
    }

    /// What was handed over before.
    package func handovers() throws -> Set<Handover> {
        var handed: Set<Handover> = []
        for (index, edge) in schedule.edges.enumerated() {
            let path = path(RunPath.edge(edge.edge))
            guard NamedFile.exists(path) else { continue }
            for entry in try Folder(path: path).entries(atMost: Self.maximumEntryCount) {
                guard let name = entry.name, name.hasSuffix(".json"),
                    let receiver = SHA256Digest(hex: name.dropLast(5))
                else { continue }
                handed.insert(Handover(edge: index, receiver: receiver))
            }
        }
        return handed
    }

    /// Whether somebody stopped the whole run.
    package var isStopped: Bool { NamedFile.exists(path(RunPath.stop)) }

    /// Stops the whole run, for ever: machines end, and no other takes part.
    package func stop() throws {
        try Self.publish([], as: path(RunPath.stop))
        for (machine, record) in try machines() where record.end == nil { try end(machine, .stopped) }
    }

    /// Takes a machine's address from the folder.
    package func address(of machine: MachineID) -> String? {
        Self.record(path(.address, machine)).flatMap { RunRecord.address($0, of: machine.attempt) }
    }

    /// Tells a machine to end. Whoever told it before has told it.
    package func end(_ machine: MachineID, _ reason: EndReason) throws {
        try Self.publish(RunRecord.end(reason), as: path(.end, machine))
    }
}

/// Why a folder is not a run's.
package enum RunStoreError: Error, Equatable {
    case notARun(String)
    case otherPlan(String)
    case inUse(String)
    case stopped(String)
    /// Every attempt of the session has its machine.
    case attemptsUsed(Int)
    case noSession(Int)
}

extension RunStoreError: ExplainedError {
    package var code: String {
        switch self {
        case .notARun: "run.folder"
        case .otherPlan: "run.plan"
        case .inUse: "run.busy"
        case .stopped: "run.stopped"
        case .attemptsUsed: "run.attempts"
        case .noSession: "run.session"
        }
    }

    package var message: String {
        switch self {
        case .notARun(let folder): "\(folder) holds no run of a plan"
        case .otherPlan(let folder): "\(folder) holds the run of another plan"
        case .inUse(let folder): "another `2cvm plan run` works on \(folder)"
        case .stopped(let folder): "the run in \(folder) was stopped"
        case .attemptsUsed(let count):
            "this session may be tried \(count == 1 ? "once" : "\(count) times"), and it was"
        case .noSession(let number): "the schedule has no session \(number)"
        }
    }

    package var hint: String? {
        switch self {
        case .notARun: "`2cvm plan run PLAN --output FOLDER` begins one"
        case .otherPlan, .stopped: "give another folder as --output"
        case .inUse: "`2cvm plan status` shows how far it is"
        case .attemptsUsed, .noSession: nil
        }
    }
}
