import Commitments
import Foundation
import Keys
import Lifecycle
import Plans
import Primitives
import TestSupport
import Testing

@Suite("Sessions of a plan")
struct PeersTests {
    private func ready(_ scene: inout PeersScene, _ name: String, released: Bool = true) throws -> Int {
        let one = scene.indices(of: name)[0]
        try scene.bring(to: one)
        try scene.conclude(one, released: released)
        try scene.seal(one)
        return one
    }

    private func meet(_ scene: inout PeersScene, _ one: Int, _ other: Int) throws {
        try scene.introduce(one, to: other)
        try scene.introduce(other, to: one)
    }

    @Test("run once each of those that feed them has released what it sends")
    func released() throws {
        var scene = try PeersScene()
        let pool = scene.indices(of: "pool")[0]
        try scene.bring(to: pool)
        for name in ["site-a", "site-b"] {
            let site = try ready(&scene, name)
            try meet(&scene, site, pool)
            #expect(scene.machines[pool].executions == 0)
            try scene.move(from: site, sealedTo: scene.machines[pool].session.sessionID, to: pool)
        }
        #expect(scene.machines[pool].executions == 1 && scene.machines[pool].skips.isEmpty)
    }

    @Test("run nothing, and release nothing, where one of those that feed them released nothing")
    func failedSender() throws {
        var scene = try PeersScene()
        let pool = scene.indices(of: "pool")[0]
        try scene.bring(to: pool)
        for (name, released) in [("site-a", false), ("site-b", true)] {
            let site = try ready(&scene, name, released: released)
            try meet(&scene, site, pool)
            try scene.move(from: site, sealedTo: scene.machines[pool].session.sessionID, to: pool)
            // Nothing is to be seen before everything is there.
            if name == "site-a" {
                guard case .admitting = scene.machines[pool].session.stage else {
                    Issue.record("the failure shows early")
                    return
                }
            }
        }
        #expect(scene.machines[pool].executions == 0)
        #expect(scene.machines[pool].skips == [try #require(Name("site-a"))])
        try scene.conclude(pool, released: false)
        guard case .concluding(let conclusion) = scene.machines[pool].session.stage else { return }
        let receipt = Receipt(conclusion, of: scene.machines[pool].keys, engine: "wasmtime 50.0.1")
        #expect(receipt.ending == .failed && receipt.outputs.isEmpty)
    }

    @Test("say in the receipt which session of which plan they are, and who filled each slot")
    func receipt() throws {
        var scene = try PeersScene()
        let pool = scene.indices(of: "pool")[0]
        try scene.bring(to: pool)
        var senders: [SHA256Digest] = []
        for name in ["site-a", "site-b"] {
            let site = try ready(&scene, name)
            try meet(&scene, site, pool)
            try scene.move(from: site, sealedTo: scene.machines[pool].session.sessionID, to: pool)
            senders.append(scene.machines[site].session.sessionID)
        }
        try scene.conclude(pool, released: true)
        guard case .concluding(let conclusion) = scene.machines[pool].session.stage else {
            Issue.record("not concluding")
            return
        }
        let party = Party("machine", UInt8(10 + pool))
        let receipt = Receipt(conclusion, of: scene.machines[pool].keys, engine: "wasmtime 50.0.1")
        #expect(receipt.plan == PlanMembership(digest: scene.plan.plan.digest, session: try #require(Name("pool"))))
        #expect(receipt.bound == scene.machines[pool].agreed.manifest.bound)
        #expect(receipt.sessionID == scene.machines[pool].session.sessionID)
        #expect(receipt.slots.map(\.session) == [nil] + senders)
        #expect(try Receipt(verifying: receipt.signed(by: party.signing), from: party.publicKeys) == receipt)
        // Under another name it is another session's.
        let text = String(decoding: receipt.payload, as: UTF8.self).replacing(
            "\"name\":\"pool\"", with: "\"name\":\"loop\"")
        let forged = Envelope(signing: Array(text.utf8), as: Receipt.payloadType, by: party.signing)
        #expect(throws: ReceiptError.otherSession) { try Receipt(verifying: forged, from: party.publicKeys) }
    }

    @Test("take nobody for a peer whom no flow names beside them")
    func strangers() throws {
        var scene = try PeersScene()
        let (a, b) = (scene.indices(of: "site-a")[0], scene.indices(of: "site-b")[0])
        #expect(throws: SessionError.noSuchPeer) { try scene.introduce(a, to: b) }
        #expect(throws: SessionError.noSuchPeer) { try scene.introduce(a, to: a) }
        let other = try PeersScene(PlanExample().plan("purpose", to: "Another."))
        var session = scene.machines[a].session
        let stranger = other.machines[other.indices(of: "pool")[0]]
        #expect(throws: SessionError.noSuchPeer) {
            try session.expectPeer(boundTo: stranger.agreed.manifest.bound, stranger.keys)
        }
        #expect(
            try session.affirm(
                AffirmedPeer(
                    try #require(scene.machines[a].agreed.peers.first), keys: stranger.keys,
                    reportDigest: FixedBytes(repeating: 0))
            ).isEmpty)
    }

    @Test("take as many machines of a peer as it has attempts, and no affirmed one loses its place")
    func attempts() throws {
        var scene = try PeersScene()
        let site = scene.indices(of: "site-a")[0]
        for pool in scene.indices(of: "pool") { try scene.introduce(pool, to: site) }
        let known = scene.machines[site].session.course?.peers
        #expect(known?.count == 2)
        let third = Party("machine", 90).publicKeys
        let bound = try #require(scene.machines[site].agreed.peers.first).bound
        #expect(throws: SessionError.peerNotWanted) {
            try scene.machines[site].session.expectPeer(boundTo: bound, third)
        }
        try scene.introduce(scene.indices(of: "pool")[1], to: site)
        #expect(scene.machines[site].session.course?.peers == known, "showing it again changes nothing")
    }

    @Test("want no sender whose slot is filled")
    func filled() throws {
        var scene = try PeersScene()
        let pool = scene.indices(of: "pool")[0]
        let sites = scene.indices(of: "site-a")
        let site = try ready(&scene, "site-a")
        try meet(&scene, site, pool)
        try scene.move(from: site, sealedTo: scene.machines[pool].session.sessionID, to: pool)
        #expect(throws: SessionError.peerNotWanted) { try scene.introduce(sites[1], to: pool) }
        // The very stream again: a slot is filled once.
        #expect(throws: SessionError.slotFilled(try #require(Name("moments-a")))) {
            try scene.move(from: site, sealedTo: scene.machines[pool].session.sessionID, to: pool)
        }
    }

    @Test("take no slot's content from a session that another slot's flow names, nor from a participant")
    func otherSlot() throws {
        var scene = try PeersScene()
        let pool = scene.indices(of: "pool")[0]
        let session = scene.machines[pool].session
        let names = try (#require(Name("site-a")), #require(Name("site-b")), #require(Name("moments-b")))
        for sender in [End.session(names.0), .participant(names.1), .participant(try #require(Name("hospital-a")))] {
            #expect(throws: SessionError.notTheProvider(names.2)) {
                try session.expect("moments-b", of: nil, from: sender, session: session.sessionID, length: 50)
            }
        }
        #expect(throws: SessionError.tooLarge(names.2, maximum: 1041, found: 1042)) {
            try session.expect("moments-b", of: nil, from: .session(names.1), session: session.sessionID, length: 1042)
        }
        try scene.introduce(scene.indices(of: "site-a")[0], to: pool)
    }

    @Test("keep what they send until every attempt of every receiver has had it")
    func forgetting() throws {
        var scene = try PeersScene()
        let pools = scene.indices(of: "pool")
        let site = try ready(&scene, "site-a")
        try scene.introduce(pools[0], to: site)
        #expect(scene.machines[site].handedOver.count == 1 && !scene.machines[site].hasForgotten)
        try scene.introduce(pools[1], to: site)
        #expect(scene.machines[site].handedOver.count == 2 && scene.machines[site].hasForgotten)
    }

    @Test("keep every promise in whatever order a host moves things", arguments: [1, 2, 3] as [UInt64])
    func everyOrder(_ seed: UInt64) throws {
        var numbers = SeededNumbers(seed: seed)
        let fresh = try PeersScene()
        for _ in 0..<400 {
            var scene = fresh
            let count = scene.machines.count
            for _ in 0..<120 {
                let (x, y, z) = (
                    Int.random(in: 0..<count, using: &numbers), Int.random(in: 0..<count, using: &numbers),
                    Int.random(in: 0..<count, using: &numbers)
                )
                let deeds: [PeersScene.Deed] = [
                    .introduce(x, to: y), .bring(x), .conclude(x, released: y % 4 != 0), .seal(x),
                    .move(from: x, sealedTo: y, to: y), .move(from: x, sealedTo: y, to: z),
                ]
                _ = try scene.perform(deeds[Int.random(in: 0..<deeds.count, using: &numbers)])
            }
            try scene.hold()
        }
    }

    @Test("keep every promise in every state that a host can bring them to, and show none of their outcomes")
    func everyState() throws {
        // Two machines for the pool take minutes.
        let machines = ProcessInfo.processInfo.environment["TWOCVM_EXPLORE_MACHINES"].flatMap(Int.init) ?? 1
        let found = try PeersExploration(attempts: [1, 1, machines])
        print(
            "explored \(found.stateCount) states of a plan by \(found.eventCount) events to depth \(found.depth), with "
                + "\(machines) machines for the pool")
        #expect(found.stateCount > 1000)
    }
}

@Suite("What one session sends another")
struct PeerContentTests {
    private let salt = FixedBytes<32>(repeating: 9)

    @Test("begins with whether it was released, its size and its salt")
    func form() throws {
        let head = PeerContent(isReleased: true, byteCount: 258, salt: salt)
        #expect(head.encoded == [1, 0, 0, 0, 0, 0, 0, 1, 2] + salt.bytes)
        #expect(PeerContent(decoding: head.encoded[...], contentByteCount: 299) == head)
        let nothing = PeerContent(isReleased: false, byteCount: 0, salt: salt)
        #expect(PeerContent(decoding: nothing.encoded[...], contentByteCount: 41) == nothing)
    }

    @Test("is refused where it says more than there is, or something else")
    func hostile() {
        let head = PeerContent(isReleased: true, byteCount: 258, salt: salt).encoded
        #expect(PeerContent(decoding: head[...], contentByteCount: 298) == nil)
        #expect(PeerContent(decoding: head[...], contentByteCount: 0) == nil)
        #expect(PeerContent(decoding: head.dropLast(), contentByteCount: 1000) == nil)
        #expect(PeerContent(decoding: (head + [0])[...], contentByteCount: 1000) == nil)
        #expect(PeerContent(decoding: ([2] + head.dropFirst())[...], contentByteCount: 1000) == nil)
        #expect(PeerContent(decoding: ([0] + head.dropFirst())[...], contentByteCount: 1000) == nil)
        let nothing = PeerContent(isReleased: false, byteCount: 0, salt: salt).encoded
        #expect(PeerContent(decoding: ([2] + nothing.dropFirst())[...], contentByteCount: 1000) == nil)
        let huge = [1] + [UInt8](repeating: 0xFF, count: 8) + salt.bytes
        #expect(PeerContent(decoding: huge[...], contentByteCount: .max) == nil)
    }

    @Test("has tokens that name a flow and its receiver, and nothing else")
    func tokens() throws {
        let plan = try PlanExample().decoded()
        let tokens = plan.flows.map { FlowToken($0, plan: plan.digest) }
        #expect(Set(tokens.map(\.edge)).count == 2)
        let expected = SHA256Digest(
            sha256: Array("2cvm flow v1".utf8) + [0] + plan.digest.bytes
                + Array("site-a\u{0}moments\u{0}pool\u{0}moments-a".utf8))
        #expect(tokens[0].edge == expected)
        let receiver = SHA256Digest(sha256: [1])
        #expect(
            tokens[0].stream(to: receiver)
                == SHA256Digest(sha256: Array("2cvm flow stream v1".utf8) + [0] + expected.bytes + receiver.bytes))
        #expect(FlowToken.stream(of: expected, to: receiver) == tokens[0].stream(to: receiver))
    }
}
