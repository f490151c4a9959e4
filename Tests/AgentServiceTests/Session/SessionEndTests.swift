import AgentAPI
import AgentService
import Commitments
import Foundation
import Lifecycle
import Platform
import Primitives
import Sealing
import TestSupport
import Testing

@Suite("A session's end", .timeLimit(.minutes(2)))
struct SessionEndTests {
    @Test("comes when it never fills, and erases what came")
    func expiry() async throws {
        let scene = try SessionScene()
        let host = try await scene.lockedHost()
        try await scene.submit(scene.dataStream(to: host), to: host)
        #expect(scene.place.files.count == 1)
        scene.clock.seconds += 99
        await host.advance(to: scene.clock.seconds)
        #expect(host.status.stage == .admitting)
        scene.clock.seconds += 1
        await host.advance(to: scene.clock.seconds)
        #expect(host.status.stage == .ended)
        #expect(scene.place.files == [])
        let late = try scene.componentStream(to: host)
        await #expect(throws: AgentError.admissionExpired) { try await scene.submit(late, to: host) }
    }

    @Test("comes when its outputs waited long enough")
    func retention() async throws {
        let scene = try SessionScene()
        let host = try await scene.finished()
        #expect(scene.place.files == [], "what is kept has no name")
        await host.advance(to: scene.clock.seconds + 49)
        _ = try await scene.outputs(of: scene.auditor, from: host)
        await host.advance(to: scene.clock.seconds + 50)
        #expect(host.status.stage == .ended && scene.place.files == [])
        let token = OutputsIndex.token(of: try #require(Name("auditor")), under: try scene.manifest(), run: 1)
        await #expect(throws: AgentError.retentionOver) { try await host.outputs(token) }
    }

    @Test("comes at any participant's wish before it executes, compiled code and all")
    func withdrawal() async throws {
        let scene = try SessionScene()
        let host = try await scene.lockedHost()
        try await scene.submit(scene.componentStream(to: host), to: host)
        let open = try scene.dataStream(to: host)
        let submission = try await scene.begin(open, to: host)
        let status = try await host.withdraw(scene.stream(.withdrawal, [], by: scene.auditor, to: host))
        #expect(status.stage == .ended)
        await #expect(throws: AgentError.withdrawn) {
            try await submission.append(open[SessionHost.prologueByteCount...])
        }
        #expect(scene.place.files == [])
    }

    @Test(
        "leaves no worker and no file once it is said, however far compiling has come", arguments: [0, 3, 10, 30, 100])
    func nothingLeft(_ milliseconds: Int) async throws {
        let scene = try SessionScene()
        let host = try await scene.lockedHost()
        try await scene.submit(scene.componentStream(to: host), to: host)
        try await Task.sleep(for: .milliseconds(milliseconds))
        _ = try await host.withdraw(scene.stream(.withdrawal, [], by: scene.clinic, to: host))
        // The session's own folder is left, and empty. A worker's folder is removed after its worker.
        #expect(try FileManager.default.contentsOfDirectory(atPath: scene.place.path).count == 1)
        #expect(scene.place.files == [])
        #expect(host.status.stage == .ended && host.status.end == .withdrawn)
    }

    @Test("lets nobody keep a file of it open who had begun to submit")
    func openFiles() async throws {
        var scene = try SessionScene()
        scene.maximumDataBytes = 4 << 20
        scene.data = [UInt8](repeating: 3, count: 4 << 20)
        let host = try await scene.lockedHost()
        let stream = try scene.dataStream(to: host)
        let submission = try await scene.begin(stream, to: host)
        try await submission.append(stream[SessionHost.prologueByteCount..<3_000_000])
        #expect(scene.place.openFiles.count == 1)
        await host.end()
        #expect(scene.place.openFiles == [])
        await #expect(throws: AgentError.stopped) { try await submission.append([0]) }
    }

    @Test("says why to whoever asks for outputs, whatever the token")
    func reasons() async throws {
        let token = FixedBytes<32>(repeating: 1)
        let scene = try SessionScene()
        let expired = try await scene.lockedHost()
        await expired.advance(to: scene.clock.seconds + 100)
        await #expect(throws: AgentError.admissionExpired) { try await expired.outputs(token) }
        let withdrawn = try await scene.lockedHost()
        _ = try await withdrawn.withdraw(scene.stream(.withdrawal, [], by: scene.lab, to: withdrawn))
        await #expect(throws: AgentError.withdrawn) { try await withdrawn.outputs(token) }
        await withdrawn.end()
        #expect(withdrawn.status.end == .withdrawn)
        let stopped = try scene.host()
        await stopped.end()
        await #expect(throws: AgentError.stopped) { try await stopped.outputs(token) }
    }

    @Test("is not at a stranger's wish, nor at that of a stream for something else")
    func refusedWithdrawal() async throws {
        let scene = try SessionScene()
        let host = try await scene.lockedHost()
        let stranger = Party("stranger", 9)
        await #expect(throws: AgentError.signatureRefused) {
            try await host.withdraw(scene.stream(.withdrawal, [], by: stranger, to: host))
        }
        await #expect(throws: AgentError.cannotOpen) {
            try await host.withdraw(scene.stream(.submission, [], by: scene.lab, to: host))
        }
        await #expect(throws: AgentError.malformedHeader) {
            try await host.withdraw(scene.stream(.withdrawal, slot: "rows", [], by: scene.lab, to: host))
        }
        await #expect(throws: AgentError.contentTooLarge) {
            try await host.withdraw(scene.stream(.withdrawal, [1], by: scene.lab, to: host))
        }
        let stream = try scene.stream(.withdrawal, [], by: scene.lab, to: host)
        await #expect(throws: AgentError.incomplete) { try await host.withdraw(Array(stream.dropLast())) }
        await #expect(throws: AgentError.tooManyBytes) { try await host.withdraw(stream + [0]) }
        #expect(host.status.stage == .admitting)
    }

    @Test("is not at a participant's wish once it has run")
    func lateWithdrawal() async throws {
        let scene = try SessionScene()
        let host = try await scene.finished()
        let stream = try scene.stream(.withdrawal, [], by: scene.lab, to: host)
        await #expect(throws: AgentError.tooLateToWithdraw) { try await host.withdraw(stream) }
    }

    @Test("comes at the operator's wish in the middle of a run, which is killed")
    func operatorsEnd() async throws {
        let scene = try SessionScene("Jobs/loops-forever")
        let host = try await scene.lockedHost()
        try await scene.submit(scene.componentStream(to: host), to: host)
        try await scene.submit(scene.dataStream(to: host), to: host)
        #expect(host.status.stage == .executing)
        await host.end()
        #expect(host.status.stage == .ended)
        #expect(scene.place.files == [])
    }

    @Test("is told to everyone who listens")
    func listeners() async throws {
        let scene = try SessionScene()
        let host = try scene.host()
        var first = host.statusChanges().makeAsyncIterator()
        #expect(await first.next() == host.status)
        _ = try await host.lock(scene.stream(.lock, scene.envelope(), by: scene.lab, to: host))
        #expect(await first.next()?.stage == .admitting)
        await host.end()
        #expect(await first.next()?.stage == .ended)
        #expect(await first.next() == nil)
        var late = host.statusChanges().makeAsyncIterator()
        #expect(await late.next()?.stage == .ended)
        #expect(await late.next() == nil)
    }
}
