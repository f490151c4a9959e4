import AgentService
import Commitments
import Lifecycle
import Testing

@Suite("Submissions at once")
struct SubmissionDeskTests {
    private let desk = SubmissionDesk()
    private let slots: [Slot]

    init() throws {
        slots = Slot.all(of: try SessionScene().manifest())
    }

    @Test("are two for a slot, and a place is free again when one goes")
    func forSlot() throws {
        let first = try desk.enter(slots[0], byteCount: 10, spareBytes: 10)
        var second: SubmissionPermit? = try desk.enter(slots[0], byteCount: 10, spareBytes: 10)
        #expect(throws: AgentError.busy) { _ = try desk.enter(slots[0], byteCount: 0, spareBytes: 10) }
        try second?.requireOpen()
        second = nil
        _ = try desk.enter(slots[0], byteCount: 10, spareBytes: 10)
        try first.requireOpen()
    }

    @Test("hold no more second copies than were reserved")
    func spare() throws {
        let first = try desk.enter(slots[0], byteCount: 10, spareBytes: 15)
        let second = try desk.enter(slots[0], byteCount: 10, spareBytes: 15)
        let other = try desk.enter(slots[1], byteCount: 10, spareBytes: 15)
        #expect(throws: AgentError.busy) { _ = try desk.enter(slots[1], byteCount: 6, spareBytes: 15) }
        _ = try desk.enter(slots[1], byteCount: 5, spareBytes: 15)
        for permit in [first, second, other] { try permit.requireOpen() }
    }

    @Test("are bounded over all slots")
    func inAll() throws {
        var manySlots: [Slot] = []
        for number in 0...SubmissionDesk.maximumCount {
            var scene = try SessionScene()
            scene.dataName = "rows-\(number)"
            manySlots.append(try #require(Slot.all(of: try scene.manifest()).last))
        }
        let permits = try manySlots.dropLast().map { try desk.enter($0, byteCount: 1, spareBytes: 0) }
        #expect(throws: AgentError.busy) { _ = try desk.enter(manySlots[16], byteCount: 1, spareBytes: 0) }
        #expect(permits.count == SubmissionDesk.maximumCount)
        for permit in permits { try permit.requireOpen() }
    }

    @Test("end when their slot is filled, and when the session takes nothing more")
    func closed() throws {
        let first = try desk.enter(slots[0], byteCount: 1, spareBytes: 0)
        let second = try desk.enter(slots[1], byteCount: 1, spareBytes: 0)
        desk.close(slots[0].name)
        #expect(throws: AgentError.slotFilled) { try first.requireOpen() }
        #expect(throws: AgentError.slotFilled) { _ = try desk.enter(slots[0], byteCount: 1, spareBytes: 0) }
        try second.requireOpen()
        desk.closeAll(.ended)
        #expect(throws: AgentError.ended) { try second.requireOpen() }
        #expect(throws: AgentError.ended) { _ = try desk.enter(slots[1], byteCount: 1, spareBytes: 0) }
    }
}
