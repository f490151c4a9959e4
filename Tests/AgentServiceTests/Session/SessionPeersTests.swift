import AgentAPI
import AgentService
import Commitments
import Evidence
import Keys
import Lifecycle
import Platform
import Plans
import Primitives
import Sealing
import Simulation
import TestSupport
import Testing

@Suite("Sessions of a plan, served", .timeLimit(.minutes(5)))
struct SessionPeersTests {
    private func finishedSite(
        _ scene: PlannedScene, _ name: String, _ pool: PlannedScene.Machine
    ) async throws -> PlannedScene.Machine {
        let site = try await scene.machine(name)
        try await scene.introduce(pool, to: site)
        try await scene.introduce(site, to: pool)
        try await scene.bring(to: site)
        await PlannedScene.wait(for: site)
        return site
    }

    @Test("send each other what the plan says, and the receipts meet")
    func completes() async throws {
        let scene = try PlannedScene()
        let pool = try await scene.machine("pool")
        #expect(pool.host.status.peers.map { [$0.total, $0.affirmed] } == [2, 0])
        try await scene.bring(to: pool)
        var sites: [PlannedScene.Machine] = []
        for name in ["site-a", "site-b"] {
            let site = try await finishedSite(scene, name, pool)
            try await scene.submit(try await scene.part(from: site, to: pool), to: pool)
            sites.append(site)
        }
        await PlannedScene.wait(for: pool)
        let (pooled, outputs, notice) = try await scene.received(by: PlanExample.parties[2], from: pool)
        #expect(pooled.ending == .completed && notice.isEmpty)
        #expect(outputs == [try #require(scene.data["site-a"])])
        for (site, slot) in zip(sites, pooled.slots.dropFirst()) {
            let (sent, _, _) = try await scene.received(by: PlanExample.parties[2], from: site)
            #expect(sent.outputs[0].digest == slot.digest, "both receipts have one commitment")
            #expect(slot.session == sent.sessionID)
            let envelopes = try await site.host.deliveries
            let delivery = try Delivery(
                verifying: try #require(envelopes.first), from: site.host.identity.signing)
            #expect(delivery.commitment == slot.digest && delivery.receiver.session == pooled.sessionID)
            #expect(envelopes.count == 1 && delivery.count == 1)
        }
    }

    @Test("tell nobody on the way whether a run released anything: sizes, stages and deliveries are alike")
    func failedSender() async throws {
        var scene = try PlannedScene()
        // Not ASCII, so the gate lets nothing out.
        scene.data["site-b"] = [0xC3, 0xA4, 0x0A]
        let pool = try await scene.machine("pool")
        try await scene.bring(to: pool)
        var sizes: Set<Int> = []
        for name in ["site-a", "site-b"] {
            let site = try await finishedSite(scene, name, pool)
            let part = try await scene.part(from: site, to: pool)
            sizes.insert(part.count)
            let deliveries = try await site.host.deliveries
            #expect(deliveries.count == 1)
            sizes.insert(try #require(deliveries.first).payload.count + 1 << 40)
            try await scene.submit(part, to: pool)
        }
        #expect(sizes.count == 2, "one size of the stream, and one of what is signed")
        await PlannedScene.wait(for: pool)
        let (pooled, outputs, notice) = try await scene.received(by: PlanExample.parties[2], from: pool)
        #expect(pooled.ending == .failed && outputs.isEmpty)
        #expect(notice == "the session site-b, which this one waits for, released nothing")
    }

    @Test("give each machine of a receiver a stream of its own, also one that comes late")
    func attempts() async throws {
        let scene = try PlannedScene()
        let pools = [try await scene.machine("pool"), try await scene.machine("pool")]
        let site = try await finishedSite(scene, "site-a", pools[0])
        let first = try await scene.part(from: site, to: pools[0])
        // Another machine may still come, and what it would get is kept: as ciphertext, in files without names.
        #expect(scene.place.files == [])
        try await scene.introduce(site, to: pools[1])
        // Sealed to one machine, it opens on no other.
        await #expect(throws: AgentError.cannotOpen) { try await scene.submit(first, to: pools[1]) }
        try await scene.introduce(pools[1], to: site)
        let second = try await scene.part(from: site, to: pools[1])
        #expect(first != second && first.count == second.count)
        try await scene.submit(second, to: pools[1])
        try await scene.submit(first, to: pools[0])
        await #expect(throws: AgentError.slotFilled) { try await scene.submit(first, to: pools[0]) }
        let counts = try await site.host.deliveries.map {
            try Delivery(verifying: $0, from: site.host.identity.signing).count
        }
        #expect(counts == [1, 2])
    }

    @Test("take a part from no machine that was not shown to them")
    func unknownSender() async throws {
        let scene = try PlannedScene()
        let pool = try await scene.machine("pool")
        let site = try await scene.machine("site-a")
        try await scene.introduce(pool, to: site)
        try await scene.bring(to: site)
        await PlannedScene.wait(for: site)
        let part = try await scene.part(from: site, to: pool)
        await #expect(throws: AgentError.signatureRefused) { try await scene.submit(part, to: pool) }
    }

    @Test("refuse a part whose beginning or whose padding is not what it must be")
    func hostilePart() async throws {
        let scene = try PlannedScene()
        let pool = try await scene.machine("pool")
        let site = try await scene.machine("site-a")
        try await scene.introduce(site, to: pool)
        let head = PeerContent(isReleased: true, byteCount: 3, salt: PlannedScene.salt).encoded
        let padding = [UInt8](repeating: 0, count: 50)
        let contents: [[UInt8]] = [
            head + Array("abc".utf8) + padding.dropLast() + [1], [2] + head.dropFirst() + padding,
            [0] + head.dropFirst() + padding, Array(head.prefix(40)), head + [1, 2],
        ]
        for content in contents {
            let header = StreamHeader(
                session: pool.host.status.sessionID, purpose: .submission, slot: "moments-a", length: content.count,
                salt: FixedBytes(repeating: 0))
            let stream = try PlannedScene.sealed(
                content, header, to: pool.host.identity.sealing, by: site.keys.signing)
            await #expect(throws: AgentError.self) { try await scene.submit(stream, to: pool) }
        }
        #expect(pool.host.status.filledSlots == 0)
    }

    @Test("lock to nothing that only a part of the participants signed, nor to another plan's manifest")
    func lock() async throws {
        let scene = try PlannedScene()
        let lock = try scene.lock("pool")
        let keys = SessionKeys()
        let host = try SessionHost(
            AgentConfiguration(
                worker: "/bin/true", policy: .reported, bound: lock.agreed.manifest.bound,
                simulatedRoot: FixedBytes(repeating: 5),
                capacity: MachineCapacity(memoryBytes: 8 << 30, fileBytes: 4 << 30), folder: scene.place.path,
                engine: "wasmtime 50.0.1"), keys: keys, evidence: SampleEvidence(identity: keys.identity))
        let partial = try scene.example.signed(by: Array(PlanExample.parties.dropLast())).encoded
        let manifest = lock.agreed.manifest.canonicalBytes
        let other = try scene.example.plan("purpose", to: "Another.").signed().encoded
        let pairs: [(plan: [UInt8], AgentError)] = [(partial, .signaturesMissing), (other, .otherManifest)]
        for (plan, error) in pairs {
            let content =
                Array("{\"version\":1,\"manifest\":".utf8) + manifest + Array(",\"plan\":".utf8) + plan
                + Array("}".utf8)
            let stream = try scene.stream(.lock, content, by: PlanExample.parties[0], to: host)
            await #expect(throws: error) { try await host.lock(stream) }
        }
        let outsider = try scene.stream(.lock, lock.encoded, by: Party("outsider", 9), to: host)
        await #expect(throws: AgentError.signatureRefused) { try await host.lock(outsider) }
        _ = try await host.lock(try scene.stream(.lock, lock.encoded, by: PlanExample.parties[1], to: host))
        #expect(host.status.bound == lock.agreed.manifest.bound)
    }
}

@Suite("Evidence of another session", .timeLimit(.minutes(2)))
struct PeerVerifierTests {
    private struct Pair {
        let scene: PlannedScene
        let pool: PlannedScene.Machine
        let site: PlannedScene.Machine

        init(poolRoot: SHA256Digest?? = .none) async throws {
            scene = try PlannedScene()
            pool = try await scene.machine("pool", root: poolRoot)
            site = try await scene.machine("site-a")
        }

        func show(_ evidence: EvidenceBundle, as bound: BoundDigest? = nil) async throws {
            try await pool.host.introduce(evidence, boundTo: bound ?? site.bound)
        }

        var nonce: FixedBytes<32> { pool.host.status.peerNonce }
    }

    @Test("is affirmed on the session's own nonce, once")
    func affirmed() async throws {
        let pair = try await Pair()
        #expect(!pair.nonce.isZero && pair.nonce != pair.site.host.status.peerNonce)
        try await pair.show(try PlannedScene.evidence(of: pair.site, nonce: pair.nonce))
        try await pair.show(try PlannedScene.evidence(of: pair.site, nonce: pair.nonce))
        #expect(pair.pool.host.status.peers?.affirmed == 1)
    }

    @Test("is refused on another nonce, and on the one of the lock, which anyone can ask for")
    func replayed() async throws {
        let pair = try await Pair()
        for nonce in [FixedBytes<32>(repeating: 0), pair.site.host.status.peerNonce] {
            let evidence = try PlannedScene.evidence(of: pair.site, nonce: nonce)
            await #expect(throws: AgentError.peerRefused) { try await pair.show(evidence) }
        }
    }

    @Test("is refused for another session than its own, another image, another root, and on a processor")
    func foreign() async throws {
        let pair = try await Pair()
        let evidence = try PlannedScene.evidence(of: pair.site, nonce: pair.nonce)
        let other = try await pair.scene.machine("site-b")
        await #expect(throws: AgentError.peerRefused) { try await pair.show(evidence, as: other.bound) }
        await #expect(throws: AgentError.noSuchPeer) { try await pair.show(evidence, as: pair.pool.bound) }
        let image = try PlannedScene.evidence(
            of: pair.site, nonce: pair.nonce, measurement: FixedBytes(repeating: 1))
        await #expect(throws: AgentError.peerRefused) { try await pair.show(image) }
        let stranger = try PlannedScene.evidence(of: pair.site, nonce: pair.nonce, keys: try SimulationKeys())
        await #expect(throws: AgentError.peerRefused) { try await pair.show(stranger) }
        let hardware = try await Pair(poolRoot: .some(nil))
        let simulated = try PlannedScene.evidence(of: hardware.site, nonce: hardware.nonce)
        await #expect(throws: AgentError.peerRefused) { try await hardware.show(simulated) }
    }

    @Test("needs a revocation list that is as new as the plan says, whatever the machine's clock says")
    func lists() async throws {
        let pair = try await Pair()
        let old = try PlannedScene.evidence(of: pair.site, nonce: pair.nonce, listedFrom: "2025-12-31")
        await #expect(throws: AgentError.peerRefused) { try await pair.show(old) }
        var none = try PlannedScene.evidence(of: pair.site, nonce: pair.nonce)
        none.endorsements.revocationList = nil
        await #expect(throws: AgentError.peerRefused) { try await pair.show(none) }
        // It has run out long ago, by whatever clock; that is not judged.
        try await pair.show(try PlannedScene.evidence(of: pair.site, nonce: pair.nonce, listedFrom: "2026-01-02"))
    }

    @Test("stays refused once any list that was seen has revoked its chain, whichever list comes with it")
    func revoked() async throws {
        let pair = try await Pair()
        let plain = try PlannedScene.evidence(of: pair.site, nonce: pair.nonce)
        let serial = try #require(plain.endorsements.intermediate).serialNumber
        let revoking = try PlannedScene.evidence(
            of: pair.site, nonce: pair.nonce, listedFrom: "2026-06-01", revoking: [serial.bytes])
        await #expect(throws: AgentError.peerRefused) { try await pair.show(revoking) }
        await #expect(throws: AgentError.peerRefused) { try await pair.show(plain) }
    }

    @Test("comes in any number at once, and no more machines are taken than the plan has attempts")
    func many() async throws {
        let pair = try await Pair()
        var machines: [PlannedScene.Machine] = []
        for _ in 0..<5 { machines.append(try await pair.scene.machine("site-a")) }
        let bundles = try machines.map { try PlannedScene.evidence(of: $0, nonce: pair.nonce) }
        let taken = await withTaskGroup(of: Bool.self) { group in
            for bundle in bundles { group.addTask { (try? await pair.show(bundle)) != nil } }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(taken == 2)
    }
}
