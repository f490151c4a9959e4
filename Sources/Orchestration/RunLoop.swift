package import Evidence
internal import Lifecycle
package import Platform
internal import Primitives
package import Scheduling

/// Moves a run forward: reads statuses, introduces sessions to each other, carries sealed streams, starts and ends
/// machines.
///
/// It holds no key and opens nothing. All that it knows is in the run's folder and in what machines and engine say, so
/// it can be killed at any moment, and the next one goes on.
package struct RunLoop: Sendable {
    let store: RunStore
    let driver: any Driver
    private let maximumMachines: Int?
    let complete: @Sendable (EvidenceBundle) -> Endorsements

    /// - Parameters:
    ///   - maximumMachines: how many machines there may be at once; `nil` for any number.
    ///   - complete: adds to evidence what a host knows, so that a peer finds it whole.
    package init(
        _ store: RunStore, _ driver: any Driver, maximumMachines: Int? = nil,
        completing complete: @escaping @Sendable (EvidenceBundle) -> Endorsements = { $0.endorsements }
    ) {
        self.store = store
        self.driver = driver
        self.maximumMachines = maximumMachines
        self.complete = complete
    }

    /// What a person sees of it.
    package struct Progress: Equatable, Sendable {
        package let sessions: Int
        /// Those whose results are in the folder.
        package let done: Int
        package let machines: Int
        package let waiting: Int
        package let streams: Int
        package let handed: Int
    }

    /// What happened.
    enum Event: Sendable {
        case looked(Look)
        case heard(MachineID, MachineStatus?)
        case completed([Action], ActionOutcome, (any Error)?)
        case beat
    }

    /// What folder and engine had at one moment.
    struct Look: Sendable {
        let began: Int
        var machines: [MachineID: MachineRecord] = [:]
        /// `nil` where the engine did not answer.
        var tasks: [EngineTask]?
        var isStopped = false
        var fault: (any Error)?
    }

    /// Goes on until every result is in the folder, nothing more can be done, or somebody cancels.
    ///
    /// - Parameters:
    ///   - cancellation: leaves machines as they are.
    ///   - show: gets each change of the whole.
    ///   - note: gets what went wrong and is tried again, each once.
    package func run(
        or cancellation: Cancellation, show: @escaping (Progress) -> Void, note: @escaping (any Error) -> Void
    ) async throws -> RunState {
        var options = Reconciler.Options()
        options.engineQueues = driver.queues
        options.maximumMachines = maximumMachines
        var reconciler = Reconciler(store.schedule, options)
        // Those of an earlier scheduler; the others come as they are made.
        reconciler.observe([:], handed: try store.handovers(), tasks: nil, began: 0)
        let clock = RunClock()
        var notes = Notes(note)
        return await withTaskGroup(of: Event.self) { group in
            group.addTask { .looked(await look(at: clock)) }
            group.addTask { await beat() }
            var (waiting, active): ([Action], Int) = ([], 0)
            var last: Progress?
            while let event = await group.next() {
                switch event {
                case .looked(let look):
                    if let fault = look.fault { notes.take(fault) }
                    reconciler.observe(look.machines, handed: [], tasks: look.tasks, began: look.began)
                    reconciler.isStopped = look.isStopped
                    group.addTask {
                        try? await Task.sleep(for: .milliseconds(Self.lookPause))
                        return .looked(await self.look(at: clock))
                    }
                case .heard(let machine, let status):
                    active -= 1
                    reconciler.hear(status, from: machine, at: clock.now)
                case .completed(let actions, let outcome, let fault):
                    active -= 1
                    if let fault { notes.take(fault) }
                    for action in actions { reconciler.complete(action, outcome, at: clock.now) }
                case .beat:
                    if cancellation.isCancelled { break }
                    waiting += reconciler.next(at: clock.now)
                    group.addTask { await beat() }
                    let progress = progress(of: reconciler, at: clock.now)
                    if progress != last { show(progress) }
                    last = progress
                }
                let state = reconciler.state(at: clock.now)
                if cancellation.isCancelled || isOver(reconciler, state, waiting, active) {
                    group.cancelAll()
                    return state
                }
                for action in batch(&waiting, room: Self.maximumActiveCount - active) {
                    active += 1
                    group.addTask { await perform(action) }
                }
            }
            return reconciler.state(at: clock.now)
        }
    }

    private static let lookPause = 100
    private static let beatPause = 25
    /// Requests on the way at once.
    private static let maximumActiveCount = 48

    private func beat() async -> Event {
        try? await Task.sleep(for: .milliseconds(Self.beatPause))
        return .beat
    }

    /// The end comes when machines have been told of it.
    private func isOver(_ reconciler: Reconciler, _ state: RunState, _ waiting: [Action], _ active: Int) -> Bool {
        (state != .running || reconciler.isStopped) && waiting.isEmpty && active == 0 && reconciler.isQuiet
    }

    private func progress(of reconciler: Reconciler, at now: Int) -> Progress {
        let counts = reconciler.counts(at: now)
        return Progress(
            sessions: store.schedule.sessions.count, done: counts.done, machines: counts.live,
            waiting: counts.pending, streams: store.schedule.edges.count, handed: reconciler.handedEdgeCount)
    }

    /// What can be begun with so much room. Starts go to the engine together.
    private func batch(_ waiting: inout [Action], room: Int) -> [[Action]] {
        let starts = waiting.filter { if case .start = $0 { true } else { false } }
        waiting.removeAll { if case .start = $0 { true } else { false } }
        let others = waiting.prefix(max(0, room)).map { [$0] }
        waiting.removeFirst(others.count)
        return (starts.isEmpty ? [] : [starts]) + others
    }

    private func look(at clock: RunClock) async -> Look {
        var look = Look(began: clock.now)
        do {
            look.isStopped = store.isStopped
            look.machines = try store.machines()
            look.tasks = try await driver.tasks(look.machines)
        } catch {
            look.fault = error
        }
        return look
    }
}

/// Milliseconds since a run's scheduler began.
struct RunClock: Sendable {
    private let start = ContinuousClock.now

    var now: Int {
        let (seconds, attoseconds) = start.duration(to: .now).components
        return Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
    }
}

/// Tells each fault once.
private struct Notes {
    private var known: Set<String> = []
    private let note: (any Error) -> Void

    init(_ note: @escaping (any Error) -> Void) {
        self.note = note
    }

    mutating func take(_ error: any Error) {
        guard known.count < 100, known.insert("\(error)").inserted else { return }
        note(error)
    }
}
