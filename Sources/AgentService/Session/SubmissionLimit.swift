package import AgentAPI
package import Commitments
internal import Synchronization

/// Who submits at this moment, by the rule of ``SubmissionOrder``, and how to end it.
package final class SubmissionLimit: Sendable {
    private struct State {
        var order = SubmissionOrder()
        var permits: [Int: Permit] = [:]
        /// Slots that take no more, and why.
        var closed: [Name: AgentError] = [:]
        var closedAll: AgentError?
    }

    private struct Permit {
        let slot: Name
        var end: (@Sendable (AgentError) -> Void)?
    }

    private let state = Mutex(State())

    /// A limit at which nobody is.
    package init() {}

    /// Lets one submission begin.
    ///
    /// - Parameter spareBytes: how much all second submissions may have on the way at once.
    package func enter(
        _ arrival: SubmissionOrder.Arrival, spareBytes: Int
    ) throws(AgentError) -> SubmissionPermit {
        let entered = state.withLock { state -> Result<(Int, [Permit]), AgentError> in
            if let reason = state.closedAll ?? state.closed[arrival.slot] { return .failure(reason) }
            guard let entrance = state.order.enter(arrival, spareBytes: spareBytes) else { return .failure(.busy) }
            state.permits[entrance.number] = Permit(slot: arrival.slot)
            return .success((entrance.number, entrance.evicted.compactMap { state.permits.removeValue(forKey: $0) }))
        }
        let (number, evicted) = try entered.get()
        for permit in evicted { permit.end?(.busy) }
        return SubmissionPermit(number, limit: self)
    }

    /// No more for this slot, and what is on the way ends.
    package func close(_ slot: Name) {
        let lost = state.withLock { state in
            state.closed[slot] = .slotFilled
            return state.permits.values.filter { $0.slot == slot }
        }
        for permit in lost { permit.end?(.slotFilled) }
    }

    /// The slot takes content again, for another run.
    package func reopen(_ slot: Name) {
        state.withLock { $0.closed[slot] = nil }
    }

    /// No more at all, and what is on the way ends.
    package func closeAll(_ reason: AgentError) {
        let lost = state.withLock { state in
            state.closedAll = reason
            return Array(state.permits.values)
        }
        for permit in lost { permit.end?(reason) }
    }

    fileprivate func refusal(of number: Int) -> AgentError? {
        state.withLock { state in
            guard let permit = state.permits[number] else { return state.closedAll ?? .busy }
            return state.closedAll ?? state.closed[permit.slot]
        }
    }

    fileprivate func set(_ end: @escaping @Sendable (AgentError) -> Void, for number: Int) {
        state.withLock { $0.permits[number]?.end = end }
        if let refusal = refusal(of: number) { end(refusal) }
    }

    fileprivate func settle(_ number: Int) {
        state.withLock { $0.permits[number]?.end = nil }
    }

    fileprivate func leave(_ number: Int) {
        state.withLock { state in
            state.order.leave(number)
            state.permits[number] = nil
        }
    }
}

/// One submission's place, given back when it goes away.
package final class SubmissionPermit: Sendable {
    private let number: Int
    private let limit: SubmissionLimit

    fileprivate init(_ number: Int, limit: SubmissionLimit) {
        self.number = number
        self.limit = limit
    }

    deinit {
        limit.leave(number)
    }

    /// Says what ends the submission when its place is lost: at once, where it is lost already. It may be told twice.
    package func onLoss(_ end: @escaping @Sendable (AgentError) -> Void) {
        limit.set(end, for: number)
    }

    /// Says that the submission is whole: losing its place ends nothing any more.
    package func settle() {
        limit.settle(number)
    }

    /// Throws once the place is lost: the slot was filled by another, something new needed the place of a repetition,
    /// or the session takes nothing more.
    package func requireOpen() throws(AgentError) {
        if let refusal = limit.refusal(of: number) { throw refusal }
    }
}
