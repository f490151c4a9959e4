import AgentAPI
import AgentService
import Foundation
import Lifecycle
import Platform
import Primitives
import Sealing
import Synchronization
import TestSupport
import Testing

@Suite("Submissions to a session", .timeLimit(.minutes(2)))
struct SessionSubmissionTests {
    @Test("are taken after the lock and before the run")
    func stages() async throws {
        let scene = try SessionScene()
        let early = try scene.host()
        await #expect(throws: AgentError.notLocked) { try await scene.submit(scene.dataStream(to: early), to: early) }
        let host = try await scene.finished()
        let late = try scene.dataStream(to: host)
        await #expect(throws: AgentError.notAdmitting) { try await scene.submit(late, to: host) }
    }

    @Test("fill a slot once")
    func once() async throws {
        let scene = try SessionScene()
        let host = try await scene.lockedHost()
        #expect(try await scene.submit(scene.dataStream(to: host), to: host).filledSlots == 1)
        await #expect(throws: AgentError.slotFilled) { try await scene.submit(scene.dataStream(to: host), to: host) }
        #expect(host.status.filledSlots == 1)
    }

    @Test("come from the slot's provider")
    func provider() async throws {
        let scene = try SessionScene()
        let host = try await scene.lockedHost()
        await #expect(throws: AgentError.notTheProvider) {
            try await scene.submit(
                scene.stream(.submission, slot: "rows", scene.data, by: scene.lab, to: host, salt: scene.salt),
                to: host)
        }
    }

    @Test("tell a stranger nothing of which slots there are", arguments: ["rows", "nothing", ""])
    func stranger(_ slot: String) async throws {
        let scene = try SessionScene()
        let host = try await scene.lockedHost()
        let stranger = Party("stranger", 9)
        await #expect(throws: AgentError.signatureRefused) {
            try await scene.submit(
                scene.stream(.submission, slot: slot, scene.data, by: stranger, to: host), to: host)
        }
        await #expect(throws: slot == "rows" ? AgentError.notTheProvider : .noSuchSlot) {
            try await scene.submit(
                scene.stream(.submission, slot: slot, scene.data, by: scene.auditor, to: host), to: host)
        }
    }

    @Test("are what the manifest pins, and the slot stays open for it")
    func altered() async throws {
        let scene = try SessionScene()
        let host = try await scene.lockedHost()
        var code = scene.component
        code[code.count - 1] ^= 1
        await #expect(throws: AgentError.digestDiffers) {
            try await scene.submit(scene.stream(.submission, slot: "model", code, by: scene.lab, to: host), to: host)
        }
        await #expect(throws: AgentError.digestDiffers) {
            try await scene.submit(
                scene.stream(.submission, slot: "rows", scene.data, by: scene.clinic, to: host), to: host)
        }
        await #expect(throws: AgentError.malformedHeader) {
            try await scene.submit(
                scene.stream(.submission, slot: "model", scene.component, by: scene.lab, to: host, salt: scene.salt),
                to: host)
        }
        await scene.place.empties()
        #expect(try await scene.submit(scene.componentStream(to: host), to: host).filledSlots == 1)
    }

    @Test("are no larger than the manifest allows")
    func tooLarge() async throws {
        let scene = try SessionScene()
        let host = try await scene.lockedHost()
        let large = [UInt8](repeating: 1, count: scene.maximumDataBytes + 1)
        await #expect(throws: AgentError.tooLarge) {
            try await scene.submit(
                scene.stream(.submission, slot: "rows", large, by: scene.clinic, to: host), to: host)
        }
    }

    @Test("open in their own session, and for their own purpose")
    func replay() async throws {
        let scene = try SessionScene()
        let (first, second) = (try await scene.lockedHost(), try await scene.lockedHost())
        let stream = try scene.dataStream(to: first)
        await #expect(throws: AgentError.cannotOpen) { try await scene.submit(stream, to: second) }
        let withdrawal = try scene.stream(.withdrawal, [], by: scene.clinic, to: first)
        await #expect(throws: AgentError.cannotOpen) { try await scene.submit(withdrawal, to: first) }
    }

    @Test("do not fit another slot under a header that was taken from another stream")
    func spliced() async throws {
        let scene = try SessionScene()
        let host = try await scene.lockedHost()
        let data = try scene.dataStream(to: host)
        let code = try scene.componentStream(to: host)
        let prologue = SessionHost.prologueByteCount
        let submission = try await scene.begin(data, to: host)
        await #expect(throws: AgentError.cannotOpen) {
            try await submission.append(code[prologue...].prefix(submission.remainingByteCount))
        }
    }

    @Test("leave nothing when they break off, and the slot stays open")
    func aborted() async throws {
        var scene = try SessionScene()
        scene.maximumDataBytes = 4 << 20
        scene.data = [UInt8](repeating: 3, count: 4 << 20)
        let host = try await scene.lockedHost()
        let stream = try scene.dataStream(to: host)
        for _ in 0..<SubmissionOrder.maximumCountForSlot + 1 {
            let submission = try await scene.begin(stream, to: host)
            try await submission.append(stream[SessionHost.prologueByteCount..<3_000_000])
            #expect(scene.place.files.count >= 1)
            await #expect(throws: AgentError.incomplete) { try await submission.finish() }
        }
        await scene.place.empties()
        #expect(try await scene.submit(stream, to: host).filledSlots == 1)
    }

    @Test("end with their last chunk")
    func trailing() async throws {
        let scene = try SessionScene()
        let host = try await scene.lockedHost()
        let stream = try scene.dataStream(to: host)
        let submission = try await scene.begin(stream, to: host)
        await #expect(throws: AgentError.tooManyBytes) {
            try await submission.append((stream + [0])[SessionHost.prologueByteCount...])
        }
    }

    @Test("may be two at once to one slot, of which one wins")
    func race() async throws {
        let scene = try SessionScene()
        let host = try await scene.lockedHost()
        let stream = try scene.dataStream(to: host)
        let other = try scene.dataStream(to: host)[SessionHost.prologueByteCount...]
        let rest = stream[SessionHost.prologueByteCount...]
        let first = try await scene.begin(stream, to: host)
        let second = try await scene.begin(try scene.dataStream(to: host), to: host)
        let third = try scene.dataStream(to: host)
        await #expect(throws: AgentError.busy) { _ = try await scene.begin(third, to: host) }
        try await first.append(rest)
        try await second.append(other.prefix(5))
        #expect(second.remainingByteCount == rest.count - 5)
        #expect(try await first.finish().filledSlots == 1)
        await #expect(throws: AgentError.slotFilled) { try await second.append(other.dropFirst(5)) }
        await #expect(throws: AgentError.slotFilled) { try await second.finish() }
    }

    @Test("whose beginning was recorded and sent again take nothing from their sender")
    func recorded() async throws {
        let scene = try SessionScene()
        let host = try await scene.lockedHost()
        var recorded: [[UInt8]] = []
        for _ in 0..<2 {
            // The sender's connection breaks, twice.
            let stream = try scene.dataStream(to: host)
            _ = try await scene.begin(stream, to: host)
            recorded.append(stream)
        }
        let reasons = Mutex<[AgentError]>([])
        var held: [IncomingSubmission] = []
        for stream in recorded {
            held.append(
                try await host.beginSubmission(Array(stream.prefix(SessionHost.prologueByteCount))) { reason in
                    reasons.withLock { $0.append(reason) }
                })
        }
        let stream = try scene.dataStream(to: host)
        let submission = try await scene.begin(stream, to: host)
        #expect(reasons.withLock { $0 } == [.busy])
        await #expect(throws: AgentError.busy) {
            try await held[0].append(recorded[0][SessionHost.prologueByteCount...])
        }
        let prologue = Array(stream.prefix(SessionHost.prologueByteCount))
        await #expect(throws: AgentError.busy) { _ = try await host.beginSubmission(prologue) }
        try await submission.append(stream[SessionHost.prologueByteCount...])
        #expect(try await submission.finish().filledSlots == 1)
    }

    @Test("both whole, are told apart at the admission")
    func raceToTheEnd() async throws {
        let scene = try SessionScene()
        let host = try await scene.lockedHost()
        let stream = try scene.dataStream(to: host)
        let other = try scene.dataStream(to: host)
        let first = try await scene.begin(stream, to: host)
        let second = try await scene.begin(other, to: host)
        try await first.append(stream[SessionHost.prologueByteCount...])
        try await second.append(other[SessionHost.prologueByteCount...])
        _ = try await second.finish()
        await #expect(throws: AgentError.slotFilled) { try await first.finish() }
        #expect(host.status.filledSlots == 1)
    }

    @Test("that find the session's memory full are told so, and leave the slot open for others")
    func full() async throws {
        var scene = try SessionScene()
        scene.maximumDataBytes = 4 << 20
        scene.data = [UInt8](repeating: 3, count: 4 << 20)
        let memory = MemoryFileSystems()
        do {
            try memory.mount(at: scene.place.path, bytes: 1 << 20, entries: 64, owner: nil)
        } catch {
            try Test.skip("this machine mounts no file system for tests")
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: scene.place.path)
        let host = try await scene.lockedHost()
        let stream = try scene.dataStream(to: host)
        for _ in 0..<SubmissionOrder.maximumCountForSlot + 1 {
            await #expect(throws: AgentError.storageFull) { try await scene.submit(stream, to: host) }
        }
        #expect(host.status.filledSlots == 0)
        await scene.place.empties()
        #expect(try await scene.submit(scene.componentStream(to: host), to: host).filledSlots == 1)
        await host.end()
    }
}
