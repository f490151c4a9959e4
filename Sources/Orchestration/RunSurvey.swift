internal import AgentAPI
internal import Client
internal import Scheduling

/// How far a run is, from its folder and from what its machines say at this moment.
package struct RunSurvey: Sendable {
    /// What is known of a session.
    package enum State: String, Sendable {
        case none, starting, silent, awaitingLock, admitting, working, finished, over, done
    }

    /// One session, by its newest machine.
    package struct Session: Sendable {
        package let bound: String
        package let attempts: Int
        package var attempt = 0
        package var state = State.none
        package var address: String?
        package var slots: (filled: Int, total: Int)?
    }

    package private(set) var sessions: [Session]
    package let machineCount: Int
    package let handedCount: Int

    package var doneCount: Int { sessions.count { $0.state == .done } }

    /// Requests at once.
    private static let maximumActiveCount = 32

    /// Looks at a folder, and asks every machine that has not ended.
    package init(_ store: RunStore) async throws {
        let machines = try store.machines()
        let running = machines.filter { $0.value.end == nil && $0.value.address != nil }.keys.sorted()
        let statuses = await Self.ask(running, in: store)
        handedCount = Set(try store.handovers().map(\.edge)).count
        machineCount = statuses.count
        sessions = store.schedule.sessions.map { Session(bound: "\($0.bound)", attempts: $0.attempts) }
        for machine in machines.keys.sorted() {
            guard let record = machines[machine], sessions[machine.session].state != .done else { continue }
            sessions[machine.session].take(record, of: machine, statuses[machine])
        }
    }

    private static func ask(_ machines: [MachineID], in store: RunStore) async -> [MachineID: AgentStatus] {
        await withTaskGroup(of: (MachineID, AgentStatus?).self) { group in
            var (statuses, waiting) = ([MachineID: AgentStatus](), machines[...])
            let ask = { @Sendable (machine: MachineID) async -> (MachineID, AgentStatus?) in
                guard let text = store.address(of: machine), let address = try? AgentAddress(text) else {
                    return (machine, nil)
                }
                return (machine, try? await AgentClient(address).status())
            }
            for _ in 0..<maximumActiveCount {
                if let machine = waiting.popFirst() { group.addTask { await ask(machine) } }
            }
            while let (machine, status) = await group.next() {
                statuses[machine] = status
                if let machine = waiting.popFirst() { group.addTask { await ask(machine) } }
            }
            return statuses
        }
    }
}

extension RunSurvey.Session {
    fileprivate mutating func take(_ record: MachineRecord, of machine: MachineID, _ status: AgentStatus?) {
        attempt = machine.attempt
        (address, slots) = (record.end == nil ? record.address : nil, nil)
        if record.isCollected {
            (state, address) = (.done, nil)
            return
        }
        guard record.end == nil else { return state = .over }
        guard record.address != nil else { return state = .starting }
        guard let status else { return state = .silent }
        switch MachineStatus(status).stage {
        case .awaitingLock: state = .awaitingLock
        case .admitting:
            state = .admitting
            slots = (status.filledSlots, status.totalSlots)
        case .working: state = .working
        case .finished: state = .finished
        case .ended, .withdrawn: state = .over
        }
    }
}
