import AgentAPI
import AgentService
import Commitments
import Keys
import Lifecycle
import Primitives
import Sealing
import TestSupport
import Testing

/// Questions that come one after the other, with the real worker.
@Suite("A session of several runs", .serialized)
struct SeveralRunsTests {
    private func scene(_ component: String = "Jobs/copies-a-file", runs: Int = 3) throws -> SessionScene {
        var scene = try SessionScene(component)
        scene.runs = runs
        scene.pinsData = false
        return scene
    }

    private func ask(
        _ question: String, _ run: RunReference, of scene: SessionScene, _ host: SessionHost
    ) async throws {
        let stream = try scene.stream(
            .submission, slot: "rows", Array(question.utf8), by: scene.clinic, to: host, salt: scene.salt, run: run)
        try await scene.submit(stream, to: host)
    }

    private func reference(after receipt: Receipt) -> RunReference {
        RunReference(number: receipt.run.number + 1, previous: receipt.digest)
    }

    @Test("takes each question in its own run, keeps nothing of it, and chains the receipts")
    func chain() async throws {
        let scene = try scene()
        let host = try await scene.lockedHost()
        try await scene.submit(scene.componentStream(to: host), to: host)
        var run = RunReference.first
        var receipts: [Receipt] = []
        for question in ["first", "second", "third"] {
            try await ask(question, run, of: scene, host)
            await SessionScene.wait(forEndOf: run.number, of: host)
            let received = try await scene.outputs(of: scene.clinic, from: host, run: run.number)
            #expect(received.outputs == [Array(question.utf8)])
            // The next worker's job is there already. No question is left, and a stream has no name.
            #expect(scene.place.files.filter { $0.contains("/staging/") || $0.contains("/job/in/") } == [])
            receipts.append(received.receipt)
            run = reference(after: received.receipt)
        }
        #expect(host.status.stage == .finished)
        let chain = try ReceiptChain(receipts)
        #expect(chain.hasEnded && chain.newestRun == 3)
    }

    @Test("refuses a question of an earlier run, also the very stream that came then")
    func replay() async throws {
        let scene = try scene()
        let host = try await scene.lockedHost()
        try await scene.submit(scene.componentStream(to: host), to: host)
        let first = try scene.stream(
            .submission, slot: "rows", Array("first".utf8), by: scene.clinic, to: host, salt: scene.salt, run: .first)
        try await scene.submit(first, to: host)
        await SessionScene.wait(forEndOf: 1, of: host)
        await #expect(throws: AgentError.otherRun) { try await scene.begin(first, to: host) }
        let unnamed = try scene.stream(
            .submission, slot: "rows", Array("first".utf8), by: scene.clinic, to: host, salt: scene.salt)
        await #expect(throws: AgentError.otherRun) { try await scene.begin(unnamed, to: host) }
        #expect(host.status.stage == .admitting && host.status.run?.number == 2)
    }

    @Test("ends at a withdrawal while a worker runs, and what was released before stays")
    func withdrawal() async throws {
        let scene = try scene()
        let host = try await scene.lockedHost()
        try await scene.submit(scene.componentStream(to: host), to: host)
        try await ask("first", .first, of: scene, host)
        await SessionScene.wait(forEndOf: 1, of: host)
        let first = try await scene.outputs(of: scene.clinic, from: host)
        #expect(first.receipt.ending == .completed && !first.receipt.isLast)
        try await ask("Loop", reference(after: first.receipt), of: scene, host)
        await SessionScene.wait(for: .executing, of: host)
        _ = try await host.withdraw(try scene.stream(.withdrawal, [], by: scene.lab, to: host))
        await SessionScene.wait(for: .finished, of: host)
        let last = try await scene.outputs(of: scene.clinic, from: host, run: 2)
        #expect(last.receipt.ending == .failed && last.receipt.isLast && last.outputs == [])
        #expect(try ReceiptChain([first.receipt, last.receipt]).hasEnded)
        #expect(try await scene.outputs(of: scene.clinic, from: host).receipt == first.receipt)
        #expect(scene.place.files == [])
    }

    @Test("looks the same from outside, whether a question and its result are approved or refused")
    func sameFromOutside() async throws {
        var sizes: Set<[Int]> = [], statuses: Set<String> = []
        for (question, result) in [(true, true), (true, false), (false, true)] {
            var scene = try scene(runs: 2)
            scene.approvers = [scene.lab, scene.auditor]
            let host = try await scene.lockedHost()
            try await scene.submit(scene.componentStream(to: host), to: host)
            try await ask("first", .first, of: scene, host)
            await SessionScene.wait(for: .reviewing, of: host)
            var seen: [Int] = []
            seen += try await decide(.question, agreeing: question, of: scene, host)
            await SessionScene.wait(for: .holding, of: host)
            seen += try await decide(.result, agreeing: result, of: scene, host)
            await SessionScene.wait(forEndOf: 1, of: host)
            let received = try await scene.outputs(of: scene.clinic, from: host)
            #expect((received.receipt.ending == .completed) == (question && result))
            for party in scene.parties {
                seen.append(try await scene.outputs(of: party, from: host).streamByteCount)
            }
            sizes.insert(seen)
            let status = host.status
            let counts = [status.filledSlots, status.totalSlots, status.run?.number, status.run?.kept]
            statuses.insert("\(status.stage) \(counts)")
        }
        #expect(sizes.count == 1 && statuses.count == 1)
    }

    /// Both approvers read their stream; the lab answers as told, and the auditor yes. Sizes of the streams.
    private func decide(
        _ subject: Review.Subject, agreeing: Bool, of scene: SessionScene, _ host: SessionHost
    ) async throws -> [Int] {
        var sizes: [Int] = []
        for party in [scene.lab, scene.auditor] {
            let review = try await scene.review(of: party, on: subject, from: host)
            sizes.append(review.byteCount)
            let answer = Decision(
                session: host.status.sessionID, run: review.index.run, to: subject, reviewed: review.index.digest,
                agrees: party.name == "lab" ? agreeing : true)
            let stream = try scene.answerStream(answer, by: party, to: host)
            _ = try await host.answer(stream)
            if party.name == "lab" {
                await #expect(throws: AgentError.answered) { try await host.answer(stream) }
            }
        }
        return sizes
    }
}
