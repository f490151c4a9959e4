internal import Commitments
internal import Keys
internal import Primitives

/// What there is of a session, from all that is known.
struct SessionView {
    /// Machines that run, or answered a moment ago, of this very session.
    var live: [MachineID] = []
    /// Tasks that have not come to a machine yet.
    var pending = 0
    /// Machines that there ever were.
    var claimed = 0
    /// What participants get of it is in the folder.
    var isSatisfied = false
    var isWithdrawn = false
    /// A machine of it was told to end although it had not given its results: those of others could not come.
    var isStopped = false
}

extension Reconciler {
    /// How long a machine counts that the engine does not list: its host may have lost the engine, and gone on.
    private static let grace = 15_000
    /// After so many questions without an answer a machine is not there.
    private static let enoughSilences = 4

    /// Every session, in the schedule's order.
    func views(at now: Time) -> [SessionView] {
        var views = [SessionView](repeating: SessionView(), count: schedule.sessions.count)
        let running = runningMachines
        var tasksWithMachine: Set<String> = []
        for machine in records.keys.sorted() {
            guard let record = records[machine] else { continue }
            if running.contains(machine) { tasksWithMachine.insert(record.task) }
            views[machine.session].claimed += 1
            if record.isCollected { views[machine.session].isSatisfied = true }
            if record.end == .withdrawn { views[machine.session].isWithdrawn = true }
            if record.end == .stopped { views[machine.session].isStopped = true }
            guard record.end == nil, !isMisplaced(machine) else { continue }
            let contact = contacts[machine]
            if contact?.status?.stage == .withdrawn { views[machine.session].isWithdrawn = true }
            let answered = contact?.answeredAt.map { now - $0 < Self.grace } ?? false
            let isOver = contact?.status.map { $0.stage == .ended || $0.stage == .withdrawn } ?? false
            // Nobody has listened for it long enough.
            let isUnheard =
                record.address != nil && contact?.answeredAt == nil && (contact?.silences ?? 0) < Self.enoughSilences
            if !isOver, running.contains(machine) || answered || isUnheard {
                views[machine.session].live.append(machine)
            }
        }
        for task in tasks where !tasksWithMachine.contains(task.id) { views[task.session].pending += 1 }
        for (session, start) in starts {
            // What was asked for after the engine was looked at is not on its list yet.
            let isListed = start.takenAt.map { taken in observedAt.map { $0 > taken } ?? false } ?? true
            if underWay.contains(.start(session: session)) || !isListed {
                views[session].pending = max(1, views[session].pending)
            }
        }
        return views
    }

    /// A task that the engine started again has several machines, and the last one runs.
    private var runningMachines: Set<MachineID> {
        var last: [String: MachineID] = [:]
        for (machine, record) in records {
            // Another session's claim under this task's name is nobody's.
            if let other = last[record.task], other.session == machine.session, other > machine { continue }
            last[record.task] = machine
        }
        var running: Set<MachineID> = []
        for task in tasks where task.isRunning {
            if let machine = last[task.id], machine.session == task.session { running.insert(machine) }
        }
        return running
    }

    /// Whether another session answers where this one should.
    func isMisplaced(_ machine: MachineID) -> Bool {
        guard let status = contacts[machine]?.status else { return false }
        let session = schedule.sessions[machine.session]
        if status.bound == session.bound { return false }
        return !status.bound.isNone || session.binding == .launch
    }

    /// What a machine said, if it is locked to its own session.
    func lockedStatus(_ machine: MachineID) -> MachineStatus? {
        guard let status = contacts[machine]?.status, status.isLocked,
            status.bound == schedule.sessions[machine.session].bound
        else { return nil }
        return status
    }

    /// Whether some machine of a session waits for what an edge brings.
    func isOwed(_ index: Int, _ views: [SessionView]) -> Bool {
        let edge = schedule.edges[index]
        guard !views[edge.to].isSatisfied else { return false }
        let statuses = views[edge.to].live.compactMap(lockedStatus)
        // One that has begun to work has everything.
        guard !statuses.contains(where: { $0.stage == .working || $0.stage == .finished }) else { return false }
        return statuses.contains { !handed.contains(Handover(edge: index, receiver: $0.session)) }
    }

    /// Whether a sender's machine that has finished is kept for what an edge brings.
    func isOutstanding(_ index: Int, _ views: [SessionView]) -> Bool {
        let edge = schedule.edges[index]
        let receiver = views[edge.to]
        if receiver.isSatisfied || isOwed(index, views) { return !receiver.isSatisfied }
        guard receiver.live.allSatisfy({ lockedStatus($0) == nil }) else { return false }
        // A receiver that waits for a place may wait for this very one, which it gets where the sender can come again.
        let mayComeAgain = views[edge.from].claimed < schedule.sessions[edge.from].attempts
        return !(receiver.live.isEmpty && receiver.pending > 0 && mayComeAgain)
    }

    /// Whether a session needs a machine: participants lack its results, or a session that it feeds waits.
    func needsMachine(_ session: Int, _ views: [SessionView]) -> Bool {
        !views[session].isSatisfied || schedule.leaving[session].contains { isOwed($0, views) }
    }

    /// Sessions without a machine that may have no other.
    func lostSessions(_ views: [SessionView]) -> Set<Int> {
        var lost: Set<Int> = []
        for (index, view) in views.enumerated() where view.live.isEmpty && view.pending == 0 {
            guard needsMachine(index, views), !view.isStopped else { continue }
            let attempts = schedule.sessions[index].attempts
            if view.claimed >= attempts || view.isWithdrawn || hasStartedInVain(index) { lost.insert(index) }
        }
        return lost
    }

    /// The engine takes tasks, and none of them comes as far as a machine.
    private func hasStartedInVain(_ session: Int) -> Bool {
        (starts[session]?.count ?? 0) >= schedule.sessions[session].attempts + 4
    }

    /// Sessions that wait for a part that cannot come any more.
    func doomedSessions(_ views: [SessionView], lost: Set<Int>) -> Set<Int> {
        var doomed: Set<Int> = []
        // Senders stand behind their receivers.
        for index in views.indices.reversed() where !views[index].isSatisfied {
            let statuses = views[index].live.compactMap(lockedStatus)
            if statuses.contains(where: { $0.stage == .working || $0.stage == .finished }) { continue }
            let isDoomed = schedule.arriving[index].contains { edge in
                let sender = schedule.edges[edge].from
                guard lost.contains(sender) || doomed.contains(sender) else { return false }
                return !statuses.contains { handed.contains(Handover(edge: edge, receiver: $0.session)) }
            }
            if isDoomed { doomed.insert(index) }
        }
        return doomed
    }

    /// Where the run stands.
    public func state(at now: Time) -> RunState {
        let views = views(at: now)
        if views.allSatisfy(\.isSatisfied) { return .finished }
        guard observedAt != nil else { return .running }
        let lost = lostSessions(views)
        let doomed = doomedSessions(views, lost: lost)
        let isOver = views.indices.allSatisfy { views[$0].isSatisfied || lost.contains($0) || doomed.contains($0) }
        return isOver ? .failed(sessions: lost.sorted()) : .running
    }

    /// How many sessions have given everything, and how many machines there are.
    public func counts(at now: Time) -> (done: Int, live: Int, pending: Int) {
        let views = views(at: now)
        return (
            views.count(where: \.isSatisfied), views.reduce(0) { $0 + $1.live.count },
            views.reduce(0) { $0 + $1.pending }
        )
    }
}
