import AgentAPI
import AgentService
import Commitments
import Evidence
import Foundation
import Keys
import Primitives
import Simulation
import Synchronization
import TestSupport
import Testing

@Suite("The evidence batcher")
struct EvidenceBatcherTests {
    private static let keys = SessionKeys().identity
    private static let before = BoundDigest.none
    private static let after = BoundDigest(FixedBytes(repeating: 0x77))

    private func nonce(_ number: Int) -> FixedBytes<32> {
        SHA256Digest(sha256: Array("nonce \(number)".utf8))
    }

    /// Whether a verifier who drew `nonce` takes the bundle, and the digest that it names.
    private func requireGenuine(_ answer: EvidenceAnswer, _ nonce: FixedBytes<32>) throws -> BoundDigest {
        let bytes = answer.encoded
        #expect(answer.byteCount == bytes.count)
        let bundle = try EvidenceBundle(decoding: bytes)
        #expect(bundle.encoded == bytes)
        let terms = SessionTerms(
            nonce: nonce, boundTo: Self.after,
            platform: .simulated(binding: .lock, measurements: [FixedBytes(repeating: 0xA5)]))
        var verifier = Verifier(at: try #require(Timestamp("2026-11-23")), policy: .none)
        verifier.simulatedRoot = try TestPlatform.shared.get().rootDigest
        guard case .affirmed = verifier.appraise(bundle, under: terms) else {
            Issue.record("\(verifier.appraise(bundle, under: terms).findings.map(\.message))")
            return bundle.session.bound
        }
        return bundle.session.bound
    }

    @Test("gives everyone who waits together one report, and each a way to it that a verifier takes")
    func sharing() async throws {
        let platform = try TestPlatform()
        platform.behaviour.withLock { $0.isHeld = true }
        let batcher = EvidenceBatcher(source: platform, keys: Self.keys)
        let first = Task { try await batcher.answer(to: nonce(0), boundTo: Self.before) }
        try await offPool { while platform.behaviour.withLock({ $0.reportCount }) == 0 { usleep(100) } }
        // These wait while the first report is made, some of them for another manifest.
        let others = (1...40).map { number in
            let bound = number <= 33 ? Self.before : Self.after
            return Task { try await batcher.answer(to: nonce(number), boundTo: bound) }
        }
        try await offPool { while batcher.waitingCount < 40 { usleep(100) } }
        platform.behaviour.withLock { $0.isHeld = false }
        platform.release()
        #expect(try requireGenuine(await first.value, nonce(0)) == Self.before)
        for (index, task) in others.enumerated() {
            let digest = try requireGenuine(await task.value, nonce(index + 1))
            #expect(digest == (index < 33 ? Self.before : Self.after))
        }
        // Tasks may have come in any order, so those for one manifest may stand between those for the other.
        let count = platform.behaviour.withLock { $0.reportCount }
        #expect(count >= 3 && count < 20)
        await batcher.close()
    }

    @Test("turns away more than can wait, and takes them when there is room")
    func bound() async throws {
        let platform = try TestPlatform()
        platform.behaviour.withLock { $0.isHeld = true }
        let batcher = EvidenceBatcher(source: platform, keys: Self.keys, maximumWaitingCount: 2)
        let first = Task { try await batcher.answer(to: nonce(0), boundTo: Self.before) }
        try await offPool { while platform.behaviour.withLock({ $0.reportCount }) == 0 { usleep(100) } }
        let two = (1...2).map { number in
            Task { try await batcher.answer(to: nonce(number), boundTo: Self.before) }
        }
        try await offPool { while batcher.waitingCount < 2 { usleep(100) } }
        await #expect(throws: EvidenceRefusal.busy) {
            try await batcher.answer(to: nonce(3), boundTo: Self.before)
        }
        platform.behaviour.withLock { $0.isHeld = false }
        platform.release()
        _ = try await first.value
        for task in two { _ = try await task.value }
        _ = try requireGenuine(await batcher.answer(to: nonce(3), boundTo: Self.before), nonce(3))
        await batcher.close()
    }

    @Test("has no evidence where the platform fails or answers another question, and has it again afterwards")
    func failures() async throws {
        let platform = try TestPlatform()
        let batcher = EvidenceBatcher(source: platform, keys: Self.keys)
        for change in [
            { (behaviour: inout TestPlatform.Behaviour) in behaviour.fails = true },
            { (behaviour: inout TestPlatform.Behaviour) in behaviour.givesOtherData = true },
        ] {
            platform.behaviour.withLock { change(&$0) }
            await #expect(throws: EvidenceRefusal.unavailable) {
                try await batcher.answer(to: nonce(1), boundTo: Self.before)
            }
            await #expect(throws: EvidenceRefusal.unavailable) {
                try await batcher.bundle(nonce: nonce(1), boundTo: Self.after)
            }
            platform.behaviour.withLock { ($0.fails, $0.givesOtherData) = (false, false) }
        }
        _ = try requireGenuine(await batcher.answer(to: nonce(1), boundTo: Self.before), nonce(1))
        await batcher.close()
        await #expect(throws: EvidenceRefusal.unavailable) {
            try await batcher.answer(to: nonce(1), boundTo: Self.before)
        }
    }

    @Test("makes the record of a lock for that manifest alone, shared with nobody")
    func record() async throws {
        let batcher = EvidenceBatcher(source: try TestPlatform(), keys: Self.keys)
        let bundle = try await batcher.bundle(nonce: FixedBytes(repeating: 0), boundTo: Self.after)
        #expect(bundle.session == SessionClaim(keys: Self.keys, bound: Self.after))
        #expect(bundle.answer.path == InclusionPath(index: 0, size: 1, hashes: []))
        #expect(
            bundle.report.reportData
                == SessionBinding(
                    nonceRoot: try #require(bundle.answer.path.root(of: FixedBytes(repeating: 0))),
                    bound: Self.after, keys: Self.keys
                ).reportData)
        await batcher.close()
    }
}
