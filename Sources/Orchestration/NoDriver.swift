package import Scheduling

/// Starts nothing: somebody else does, a cluster's own objects for example. What runs shows in the run's folder.
package struct NoDriver: Driver {
    package let queues = true
    private let schedule: Schedule

    package init(_ schedule: Schedule) {
        self.schedule = schedule
    }

    package func start(_ sessions: [Int]) async throws(DriverError) {}

    /// Another machine may come for every session that may have one.
    package func tasks(_ machines: [MachineID: MachineRecord]) async throws(DriverError) -> [EngineTask] {
        var claims: [Int: Int] = [:]
        var tasks: [EngineTask] = []
        for (machine, record) in machines {
            claims[machine.session, default: 0] += 1
            // One that has an address answers there, or does not run.
            guard record.address == nil, record.end == nil else { continue }
            tasks.append(EngineTask(id: record.task, session: machine.session, isRunning: true))
        }
        for (index, session) in schedule.sessions.enumerated() where claims[index] ?? 0 < session.attempts {
            tasks.append(EngineTask(id: "session \(index)", session: index, isRunning: false))
        }
        return tasks
    }

    package func cancel(_ task: String) async throws(DriverError) {}
}
