internal import Primitives

/// What a run needs next: a value that compares what there is with what there should be.
///
/// It opens nothing and asks nobody. What it knows is the run's folder, the engine's list of tasks and what machines
/// said; each of these can be read anew, so a scheduler that was killed goes on from there. Machines lie, vanish and
/// come twice; a session's results count when their bytes are in the folder, and a stream when its receiver took it.
public struct Reconciler: Sendable {
    /// Milliseconds on a clock that does not go back.
    public typealias Time = Int

    public let schedule: Schedule
    let options: Options
    private(set) var records: [MachineID: MachineRecord] = [:]
    private(set) var tasks: [EngineTask] = []
    private(set) var handed: Set<Handover> = []
    var contacts: [MachineID: Contact] = [:]
    var introduced: Set<Introduced> = []
    /// Begun, and not over.
    var underWay: Set<Action> = []
    var holds: [Action: Hold] = [:]
    var starts: [Int: Starts] = [:]
    /// When the newest look at folder and engine began. Nothing is started before there was one.
    private(set) var observedAt: Time?
    public var isStopped = false

    /// How the engine wants to be used.
    public struct Options: Sendable {
        /// Whether the engine itself holds back those whose receivers are not up.
        public var engineQueues = false
        /// How many machines there may be at once; `nil` for any number.
        public var maximumMachines: Int?

        /// An engine that starts at once whatever it is told to.
        public init() {}
    }

    /// Begins to know.
    public init(_ schedule: Schedule, _ options: Options = Options()) {
        self.schedule = schedule
        self.options = options
    }

    /// A pair of sessions, of which the host has affirmed the newcomer.
    struct Introduced: Hashable {
        let newcomer: SHA256Digest
        let host: SHA256Digest
    }

    /// What is known of a machine from itself.
    struct Contact {
        var status: MachineStatus?
        var answeredAt: Time?
        var nextAt: Time = 0
        var silences = 0
    }

    /// An action that did not succeed.
    struct Hold {
        var failures = 0
        var until: Time = 0
        var isFinal = false
    }

    /// A session's machines that this scheduler asked for.
    struct Starts {
        /// When the engine had taken the last one; `nil` while it is asked.
        var takenAt: Time?
        /// Since the last machine came of it.
        var count = 0
        /// How many machines there were then.
        var claims = 0
    }

    /// Takes what folder and engine have.
    ///
    /// - Parameters:
    ///   - folder: every machine that there ever was.
    ///   - handed: what was handed over.
    ///   - tasks: `nil` where the engine did not answer: what it said before still counts, and nothing is started.
    ///   - began: when the look began.
    public mutating func observe(
        _ folder: [MachineID: MachineRecord], handed: Set<Handover>, tasks: [EngineTask]?, began: Time
    ) {
        // What the schedule has no place for is nobody's.
        records = folder.filter { machine, _ in
            schedule.sessions.indices.contains(machine.session)
                && 1...schedule.sessions[machine.session].attempts ~= machine.attempt
        }
        self.handed.formUnion(handed.filter { schedule.edges.indices.contains($0.edge) })
        if let tasks {
            self.tasks = tasks.filter { schedule.sessions.indices.contains($0.session) }
            observedAt = began
        } else {
            observedAt = nil
        }
        for machine in contacts.keys where records[machine]?.address == nil { contacts[machine] = nil }
    }

    /// Takes a machine's answer, or that there was none.
    public mutating func hear(_ status: MachineStatus?, from machine: MachineID, at now: Time) {
        underWay.remove(.ask(machine))
        var contact = contacts[machine] ?? Contact()
        if let status {
            contact.status = status
            contact.answeredAt = now
            contact.silences = 0
        } else {
            contact.silences += 1
        }
        contact.nextAt = now + pause(after: contact.silences)
        contacts[machine] = contact
    }

    /// Takes how an action went.
    public mutating func complete(_ action: Action, _ outcome: ActionOutcome, at now: Time) {
        underWay.remove(action)
        if case .start(let session) = action {
            starts[session, default: Starts()].takenAt = now
            if case .done = outcome {
                starts[session]?.count += 1
            } else {
                hold(action, at: now, isFinal: false)
            }
            return
        }
        switch outcome {
        case .done:
            holds[action] = nil
            switch action {
            case .introduce(let pair):
                introduced.insert(Introduced(newcomer: pair.newcomerSession, host: pair.hostSession))
            case .hand(let delivery): handed.insert(delivery.handover)
            case .collect(let machine): records[machine]?.isCollected = true
            case .end(let machine, let reason): records[machine]?.end = reason
            // It may be on the engine's list for a while.
            case .cancel: hold(action, at: now, isFinal: false)
            case .start, .ask: break
            }
        case .later: hold(action, at: now, isFinal: false)
        case .refused: hold(action, at: now, isFinal: true)
        }
    }

    private mutating func hold(_ action: Action, at now: Time, isFinal: Bool) {
        var hold = holds[action] ?? Hold()
        hold.failures += 1
        hold.until = now + min(Self.longestPause, 100 << min(hold.failures, 10))
        hold.isFinal = isFinal
        holds[action] = hold
    }

    static let longestPause = 30_000

    /// Many machines are asked less often, and silent ones still less.
    private func pause(after silences: Int) -> Time {
        let usual = 150 * max(1, records.count / 50)
        return min(Self.longestPause, usual << min(silences, 8))
    }
}

extension Reconciler {
    /// Whether everybody who is to end was told.
    public var isQuiet: Bool { underWay.isEmpty && records.values.allSatisfy { $0.end != nil } }

    /// Edges that brought something to some machine.
    public var handedEdgeCount: Int { Set(handed.map(\.edge)).count }
}
