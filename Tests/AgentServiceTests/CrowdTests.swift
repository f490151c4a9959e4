import AgentService
import Testing

@Suite("A crowd before a door")
struct CrowdTests {
    @Test("loses the one who came first when there is no more room, if all came from one place")
    func oldest() {
        var crowd = Crowd<Int, String>(maximumCount: 3, maximumByteCount: 100)
        for member in 1...3 { #expect(crowd.enter(member, from: "a") == .admitted) }
        #expect(crowd.enter(4, from: "a") == .replaced(1))
        #expect(crowd.enter(5, from: "a") == .replaced(2))
        #expect(crowd.count == 3)
    }

    @Test("loses one of those who came with most, whoever came before them")
    func origins() {
        var crowd = Crowd<Int, String>(maximumCount: 3, maximumByteCount: 100)
        _ = crowd.enter(1, from: "honest")
        _ = crowd.enter(2, from: "many")
        _ = crowd.enter(3, from: "many")
        #expect(crowd.enter(4, from: "many") == .replaced(2))
        #expect(crowd.enter(5, from: "other") == .replaced(3))
        // One each: again the oldest.
        #expect(crowd.enter(6, from: "third") == .replaced(1))
    }

    @Test("loses nobody who has to stay, and has no room when all have to")
    func staying() {
        var crowd = Crowd<Int, String>(maximumCount: 3, maximumByteCount: 100)
        for member in 1...3 { _ = crowd.enter(member, from: "a") }
        crowd.set(1, mayGo: false)
        #expect(crowd.enter(4, from: "b") == .replaced(2))
        for member in [3, 4] { crowd.set(member, mayGo: false) }
        #expect(crowd.enter(5, from: "c") == .refused)
        crowd.set(4, mayGo: true)
        #expect(crowd.enter(5, from: "c") == .replaced(4))
    }

    @Test("makes nobody younger for what they do")
    func age() {
        var crowd = Crowd<Int, String>(maximumCount: 3, maximumByteCount: 100)
        for member in 1...3 { _ = crowd.enter(member, from: "a") }
        crowd.set(1, mayGo: false)
        _ = crowd.hold(10, by: 1)
        crowd.release(1)
        crowd.set(1, mayGo: true)
        #expect(crowd.enter(4, from: "a") == .replaced(1))
    }

    @Test("holds no more bytes than it may, and those go first who come with most of them")
    func bytes() {
        var crowd = Crowd<Int, String>(maximumCount: 3, maximumByteCount: 100)
        _ = crowd.enter(1, from: "a")
        _ = crowd.enter(2, from: "b")
        _ = crowd.enter(3, from: "b")
        #expect(crowd.hold(30, by: 1).isEmpty)
        #expect(crowd.hold(20, by: 2).isEmpty)
        #expect(crowd.hold(40, by: 3).isEmpty)
        #expect(crowd.hold(20, by: 1) == [2])
        #expect(crowd.byteCount == 90 && crowd.count == 2)
        #expect(crowd.hold(1000, by: 1) == [1])
        #expect(crowd.byteCount == 40)
        crowd.release(3)
        #expect(crowd.byteCount == 0 && crowd.count == 1)
    }

    @Test("bears what is said of those who are gone")
    func gone() {
        var crowd = Crowd<Int, String>(maximumCount: 3, maximumByteCount: 100)
        _ = crowd.enter(1, from: "a")
        crowd.leave(1)
        crowd.leave(1)
        crowd.set(1, mayGo: false)
        #expect(crowd.hold(10, by: 1).isEmpty)
        crowd.release(1)
        #expect(crowd.count == 0 && crowd.byteCount == 0)
    }
}

@Suite("A peer's network")
struct PeerNetworkTests {
    @Test(
        "is one IPv4 address, or what one IPv6 customer has",
        arguments: [
            ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "192.0.2.2", false),
            ("192.0.2.1", "::ffff:192.0.2.1", true), ("2001:db8:1:2::1", "2001:db8:1:2:3:4:5:6", true),
            ("2001:db8:1:2::1", "2001:db8:1:3::1", false), ("2001:db8::1", "2001:db8:0:0:1::", true),
            ("2001:db8::1", "2001:db8:1::1", false), ("::1", "::2", true), ("::1", "1::", false),
            ("fe80::1", "192.0.2.1", false),
        ])
    func equal(_ one: String, _ other: String, _ isOne: Bool) {
        #expect((PeerNetwork(one) == PeerNetwork(other)) == isOne)
    }

    @Test("is one for all whose address the system does not know")
    func unknown() {
        #expect(PeerNetwork(nil) == PeerNetwork(nil) && PeerNetwork(nil) != PeerNetwork("192.0.2.1"))
    }
}
