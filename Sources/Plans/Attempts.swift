public import Commitments

/// How many virtual machines may come to hold what a session was given.
public struct Copies: Equatable, Sendable {
    /// The sessions from the first to the last, each feeding the next. Of all such ways one with the most machines.
    public let way: [Name]
    /// The product of their attempts. Saturates at 2^40.
    public let machines: Int

    static let maximum = 1 << 40
}

extension ResolvedPlan {
    /// For each session, how many machines what it is given may come to, along the worst way.
    public var copies: [Copies] {
        let order = SessionOrder(plan)
        var copies = [Copies?](repeating: nil, count: plan.sessions.count)
        for session in order.senderFirst.reversed() {
            let entry = plan.sessions[session]
            let further = order.leaving[session].compactMap { copies[order.receivers[$0]] }
                .max { $0.machines < $1.machines }
            copies[session] = Copies(
                way: [entry.name] + (further?.way ?? []),
                machines: min(Copies.maximum, entry.attempts * (further?.machines ?? 1)))
        }
        return copies.compactMap(\.self)
    }
}
