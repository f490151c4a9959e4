internal import Commitments

/// The sessions of a plan as a graph: who feeds whom.
///
/// Everything has a number here, its place in the plan, since it is searched once for each participant.
struct SessionOrder {
    /// Each session's flows, by their places in the plan.
    private(set) var leaving: [[Int]]
    /// The session that each flow leads to.
    let receivers: [Int]
    /// Each session before all that it feeds. Sessions of a cycle are missing.
    private(set) var senderFirst: [Int] = []
    /// The first cycle that was found, and the flow that closes it.
    private(set) var cycle: (names: [Name], flow: Int)?

    init(_ plan: Plan) {
        let names = plan.sessions.map(\.name)
        let numbers = Dictionary(names.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
        leaving = Array(repeating: [], count: names.count)
        var receivers: [Int] = []
        var waiting = [Int](repeating: 0, count: names.count)
        for (index, flow) in plan.flows.enumerated() {
            guard let from = numbers[flow.from], let to = numbers[flow.to] else {
                preconditionFailure("flows are between sessions of the plan")
            }
            leaving[from].append(index)
            receivers.append(to)
            waiting[to] += 1
        }
        self.receivers = receivers
        senderFirst = names.indices.filter { waiting[$0] == 0 }
        var next = 0
        while next < senderFirst.count {
            for flow in leaving[senderFirst[next]] {
                waiting[receivers[flow]] -= 1
                if waiting[receivers[flow]] == 0 { senderFirst.append(receivers[flow]) }
            }
            next += 1
        }
        if senderFirst.count < names.count { cycle = findCycle(names, among: waiting) }
    }

    /// Each session that still waits is fed by another that does, so going back leads into a cycle.
    private func findCycle(_ names: [Name], among waiting: [Int]) -> (names: [Name], flow: Int)? {
        var feeder: [Int: (session: Int, flow: Int)] = [:]
        for session in names.indices where waiting[session] > 0 {
            for flow in leaving[session] where feeder[receivers[flow]] == nil {
                feeder[receivers[flow]] = (session, flow)
            }
        }
        guard var place = names.indices.first(where: { waiting[$0] > 0 }) else { return nil }
        var way: [Int] = []
        var seen: Set<Int> = []
        while seen.insert(place).inserted {
            way.append(place)
            guard let before = feeder[place] else { return nil }
            place = before.session
        }
        guard let start = way.firstIndex(of: place), let closing = feeder[place] else { return nil }
        return ((way[start...] + [place]).reversed().map { names[$0] }, closing.flow)
    }

    /// The sessions that something in one of `first` can come to, these included.
    func reached(from first: [Int]) -> [Bool] {
        var isReached = [Bool](repeating: false, count: leaving.count)
        var open = first
        for session in first { isReached[session] = true }
        while let session = open.popLast() {
            for flow in leaving[session] where !isReached[receivers[flow]] {
                isReached[receivers[flow]] = true
                open.append(receivers[flow])
            }
        }
        return isReached
    }
}
