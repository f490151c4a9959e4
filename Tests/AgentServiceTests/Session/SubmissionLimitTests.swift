import AgentAPI
import AgentService
import Commitments
import Primitives
import Synchronization
import Testing

/// A beginning, told from others by a number.
private func arrival(_ slot: String, _ mark: UInt8, byteCount: Int = 10) throws -> SubmissionOrder.Arrival {
    SubmissionOrder.Arrival(
        slot: try #require(Name(slot)), mark: FixedBytes(repeating: mark), byteCount: byteCount)
}

/// The order as a reference, so that an expectation can change it.
private final class Order {
    private var order = SubmissionOrder()

    func enter(_ arrival: SubmissionOrder.Arrival, spareBytes: Int) -> SubmissionOrder.Entrance? {
        order.enter(arrival, spareBytes: spareBytes)
    }

    func leave(_ number: Int) { order.leave(number) }
}

@Suite("The order of submissions")
struct SubmissionOrderTests {
    @Test("has two places for a slot, and one is free again when its holder goes")
    func forSlot() throws {
        let order = Order()
        let first = try #require(order.enter(arrival("a", 1), spareBytes: 10))
        let second = try #require(order.enter(arrival("a", 2), spareBytes: 10))
        #expect(first.evicted == [] && second.evicted == [])
        #expect(try order.enter(arrival("a", 3, byteCount: 0), spareBytes: 10) == nil)
        order.leave(second.number)
        #expect(try order.enter(arrival("a", 4), spareBytes: 10) != nil)
    }

    @Test("holds no more second copies than were reserved")
    func spare() throws {
        let order = Order()
        for (slot, mark) in [("a", 1), ("a", 2), ("b", 3)] as [(String, UInt8)] {
            #expect(try order.enter(arrival(slot, mark), spareBytes: 15) != nil)
        }
        #expect(try order.enter(arrival("b", 4, byteCount: 6), spareBytes: 15) == nil)
        #expect(try order.enter(arrival("b", 5, byteCount: 5), spareBytes: 15) != nil)
    }

    @Test("is bounded over all slots")
    func inAll() throws {
        let order = Order()
        for number in 0..<SubmissionOrder.maximumCount {
            #expect(try order.enter(arrival("slot-\(number)", UInt8(number)), spareBytes: 0) != nil)
        }
        #expect(try order.enter(arrival("one-more", 99), spareBytes: 0) == nil)
    }

    @Test("lets what was recorded disturb nobody while the one that it was recorded of is on its way")
    func repeatedAtOnce() throws {
        let order = Order()
        let first = try #require(order.enter(arrival("a", 1), spareBytes: 10))
        #expect(try order.enter(arrival("a", 1), spareBytes: 10) == nil)
        #expect(try order.enter(arrival("a", 1), spareBytes: 10) == nil)
        let second = try #require(order.enter(arrival("a", 2), spareBytes: 10))
        #expect(second.evicted == [] && second.number != first.number)
    }

    @Test("gives what is new the place of what was recorded, in its slot, in all, and for its bytes")
    func repeatedLater() throws {
        let order = Order()
        // A sender's two broken attempts, and both again by somebody who heard them.
        for mark in [1, 2] as [UInt8] {
            let first = try #require(order.enter(arrival("a", mark), spareBytes: 10))
            order.leave(first.number)
        }
        let one = try #require(order.enter(arrival("a", 1), spareBytes: 10))
        let two = try #require(order.enter(arrival("a", 2), spareBytes: 10))
        let new = try #require(order.enter(arrival("a", 3), spareBytes: 10))
        #expect(new.evicted == [one.number])
        let newer = try #require(order.enter(arrival("a", 4), spareBytes: 10))
        #expect(newer.evicted == [two.number])
        // Now both are new, and a repetition takes nothing from them.
        #expect(try order.enter(arrival("a", 1), spareBytes: 10) == nil)
        #expect(try order.enter(arrival("a", 5), spareBytes: 10) == nil)
    }

    @Test("lets a stream that was sealed before be sent again, where there is a place")
    func sentAgain() throws {
        let order = Order()
        let first = try #require(order.enter(arrival("a", 1), spareBytes: 10))
        order.leave(first.number)
        #expect(try order.enter(arrival("a", 1), spareBytes: 10)?.evicted == [])
    }

    @Test("fills no place in all that another participant needs by what was recorded")
    func repeatedEverywhere() throws {
        let order = Order()
        for number in 0..<SubmissionOrder.maximumCount {
            let first = try #require(order.enter(arrival("slot-\(number)", UInt8(number)), spareBytes: 0))
            order.leave(first.number)
        }
        var repeated: [Int] = []
        for number in 0..<SubmissionOrder.maximumCount {
            repeated.append(
                try #require(order.enter(arrival("slot-\(number)", UInt8(number)), spareBytes: 0)).number)
        }
        let new = try #require(order.enter(arrival("one-more", 99), spareBytes: 0))
        #expect(new.evicted == [repeated[0]])
    }

    @Test("remembers what a refused sender had begun, so that it is not new when somebody else sends it")
    func refused() throws {
        let order = Order()
        for mark in [1, 2] as [UInt8] { #expect(try order.enter(arrival("a", mark), spareBytes: 10) != nil) }
        #expect(try order.enter(arrival("a", 3), spareBytes: 10) == nil)
        order.leave(1)
        let again = try #require(order.enter(arrival("a", 3), spareBytes: 10))
        #expect(try order.enter(arrival("a", 4), spareBytes: 10)?.evicted == [again.number])
    }

    @Test("is not made to forget one slot's by what another's provider sends")
    func memory() throws {
        let order = Order()
        let first = try #require(order.enter(arrival("a", 1), spareBytes: 10))
        order.leave(first.number)
        for mark in 0..<200 {
            guard let one = try order.enter(arrival("b", UInt8(mark)), spareBytes: 10) else { continue }
            order.leave(one.number)
        }
        let again = try #require(order.enter(arrival("a", 1), spareBytes: 10))
        #expect(try order.enter(arrival("a", 2), spareBytes: 10) != nil)
        #expect(try order.enter(arrival("a", 3), spareBytes: 10)?.evicted == [again.number])
    }
}

@Suite("Submissions at once")
struct SubmissionLimitTests {
    private let limit = SubmissionLimit()

    @Test("end when their slot is filled, and when the session takes nothing more")
    func closed() throws {
        let reasons = Mutex<[AgentError]>([])
        let first = try limit.enter(arrival("a", 1), spareBytes: 0)
        let second = try limit.enter(arrival("b", 2), spareBytes: 0)
        for permit in [first, second] { permit.onLoss { reason in reasons.withLock { $0.append(reason) } } }
        limit.close(try #require(Name("a")))
        #expect(throws: AgentError.slotFilled) { try first.requireOpen() }
        #expect(throws: AgentError.slotFilled) { _ = try limit.enter(arrival("a", 3), spareBytes: 0) }
        try second.requireOpen()
        limit.closeAll(.withdrawn)
        #expect(throws: AgentError.withdrawn) { try second.requireOpen() }
        #expect(throws: AgentError.withdrawn) { _ = try limit.enter(arrival("b", 4), spareBytes: 0) }
        #expect(reasons.withLock { $0 } == [.slotFilled, .withdrawn, .withdrawn])
        // Who asks to be told too late is told at once.
        second.onLoss { reason in reasons.withLock { $0.append(reason) } }
        #expect(reasons.withLock(\.count) == 4)
    }

    @Test("give their place back when they go, and lose it to what is new when they are a repetition")
    func places() throws {
        let reasons = Mutex<[AgentError]>([])
        for mark in [1, 2] as [UInt8] { _ = try limit.enter(arrival("a", mark), spareBytes: 10) }
        let one = try limit.enter(arrival("a", 1), spareBytes: 10)
        one.onLoss { reason in reasons.withLock { $0.append(reason) } }
        let two = try limit.enter(arrival("a", 2), spareBytes: 10)
        #expect(throws: AgentError.busy) { _ = try limit.enter(arrival("a", 2), spareBytes: 10) }
        let new = try limit.enter(arrival("a", 3), spareBytes: 10)
        #expect(throws: AgentError.busy) { try one.requireOpen() }
        #expect(reasons.withLock { $0 } == [.busy])
        try two.requireOpen()
        try new.requireOpen()
    }

    @Test("that are whole are not ended by their own slot's being filled")
    func settled() throws {
        let isEnded = Mutex(false)
        let permit = try limit.enter(arrival("a", 1), spareBytes: 0)
        permit.onLoss { _ in isEnded.withLock { $0 = true } }
        permit.settle()
        limit.close(try #require(Name("a")))
        #expect(!isEnded.withLock { $0 })
    }
}
