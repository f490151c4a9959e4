internal import Commitments
internal import Lifecycle
internal import Synchronization

/// Who submits at this moment. Only those come here whose signature as a slot's provider held.
///
/// Two at once for a slot, since a broken connection may linger while its sender tries again. The bytes of the first are
/// those that the lock reserved for the slot; those of a second one count against one common reserve.
final class SubmissionDesk: Sendable {
    static let maximumCountForSlot = 2
    static let maximumCount = 16

    private struct State {
        var counts: [Name: Int] = [:]
        var count = 0
        var spareBytes = 0
        /// Slots that take no more, and why.
        var closed: [Name: AgentError] = [:]
        var closedAll: AgentError?
    }

    private let state = Mutex(State())

    /// Lets one submission begin.
    ///
    /// - Parameter spareBytes: how much all second submissions may have on the way at once.
    func enter(_ slot: Slot, byteCount: Int, spareBytes: Int) throws(AgentError) -> SubmissionPermit {
        let entered = state.withLock { state -> Result<Int, AgentError> in
            if let reason = state.closedAll ?? state.closed[slot.name] { return .failure(reason) }
            let before = state.counts[slot.name, default: 0]
            let spare = before == 0 ? 0 : byteCount
            guard before < Self.maximumCountForSlot, state.count < Self.maximumCount,
                spare <= spareBytes - state.spareBytes
            else { return .failure(.busy) }
            state.counts[slot.name] = before + 1
            state.count += 1
            state.spareBytes += spare
            return .success(spare)
        }
        return SubmissionPermit(slot.name, spareBytes: try entered.get(), desk: self)
    }

    /// No more for this slot, and what is on the way may stop.
    func close(_ slot: Name) {
        state.withLock { $0.closed[slot] = .slotFilled }
    }

    /// No more at all.
    func closeAll(_ reason: AgentError) {
        state.withLock { $0.closedAll = reason }
    }

    fileprivate func refusal(of slot: Name) -> AgentError? {
        state.withLock { $0.closedAll ?? $0.closed[slot] }
    }

    fileprivate func leave(_ slot: Name, spareBytes: Int) {
        state.withLock { state in
            state.counts[slot, default: 1] -= 1
            state.count -= 1
            state.spareBytes -= spareBytes
        }
    }
}

/// One submission's place, given back when it goes away.
final class SubmissionPermit: Sendable {
    private let slot: Name
    private let spareBytes: Int
    private let desk: SubmissionDesk

    fileprivate init(_ slot: Name, spareBytes: Int, desk: SubmissionDesk) {
        self.slot = slot
        self.spareBytes = spareBytes
        self.desk = desk
    }

    deinit {
        desk.leave(slot, spareBytes: spareBytes)
    }

    /// Throws once the slot was filled by another, or the session takes nothing more.
    func requireOpen() throws(AgentError) {
        if let refusal = desk.refusal(of: slot) { throw refusal }
    }
}
