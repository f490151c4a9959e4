import Commitments
import Lifecycle
import Primitives
import Testing

@Suite("A session")
struct SessionTests {
    private let fixture = SessionFixture()

    @Test("refuses a manifest that the machine was not launched for")
    func otherManifest() throws {
        var session = Session(identity: fixture.identity, hostData: FixedBytes(repeating: 1))
        #expect(throws: SessionError.otherManifest) { try session.lock(fixture.manifest(), at: 0) }
        #expect(session.stage == .awaitingManifest)
    }

    @Test("refuses a binding that disagrees with HOST_DATA, both ways")
    func binding() throws {
        var zero = Session(identity: fixture.identity, hostData: FixedBytes(repeating: 0))
        #expect(throws: SessionError.bindingDiffers) { try zero.lock(fixture.manifest(binding: "launch"), at: 0) }
        let manifest = try fixture.manifest(binding: "lock")
        var launched = Session(identity: fixture.identity, hostData: manifest.manifest.digest)
        #expect(throws: SessionError.bindingDiffers) { try launched.lock(manifest, at: 0) }
    }

    @Test("locks once")
    func secondLock() throws {
        var session = try fixture.locked()
        let before = session.stage
        #expect(throws: SessionError.alreadyLocked) { try session.lock(fixture.manifest(), at: 1) }
        #expect(session.stage == before)
    }

    @Test("takes nothing before the lock")
    func unlocked() throws {
        var session = Session(identity: fixture.identity, hostData: FixedBytes(repeating: 0))
        #expect(throws: SessionError.notLocked) { try fixture.submit("model", to: &session) }
        #expect(throws: SessionError.notLocked) { try session.withdraw(fixture.name("lab")) }
    }

    @Test(
        "executes with the last slot, whatever the order",
        arguments: [
            ["model", "rows", "extra"], ["model", "extra", "rows"], ["rows", "model", "extra"],
            ["rows", "extra", "model"], ["extra", "model", "rows"], ["extra", "rows", "model"],
        ])
    func anyOrder(_ order: [String]) throws {
        var session = try fixture.locked()
        var actions: [Session.Action] = []
        for slot in order { actions += try fixture.submit(slot, to: &session) }
        #expect(actions == [.compile, .destroySealingKey, .execute])
        guard case .executing(let admitted) = session.stage else { Issue.record("\(session.stage)"); return }
        #expect(admitted.slots.map(\.slot.name.description) == ["model", "rows", "extra"])
    }

    @Test("compiles once the last component is there, while data is still missing")
    func earlyCompile() throws {
        var session = try fixture.locked()
        #expect(try fixture.submit("extra", to: &session) == [])
        #expect(try fixture.submit("model", to: &session) == [.compile])
    }

    @Test("refuses the wrong sender, slot, session, size and content, and stays as it was")
    func refusals() throws {
        let session = try fixture.locked()
        let id = try fixture.id()
        let clinic = try fixture.name("clinic")
        #expect(throws: SessionError.notTheProvider(try fixture.name("model"))) {
            try session.expect("model", from: clinic, session: id, length: 1)
        }
        #expect(throws: SessionError.noSuchSlot("nothing")) {
            try session.expect("nothing", from: clinic, session: id, length: 1)
        }
        #expect(throws: SessionError.otherSession) {
            try session.expect("rows", from: clinic, session: FixedBytes(repeating: 0), length: 1)
        }
        #expect(throws: SessionError.tooLarge(try fixture.name("rows"), maximum: 100, found: 101)) {
            try session.expect("rows", from: clinic, session: id, length: 101)
        }
        var changed = session
        #expect(throws: SessionError.digestDiffers(try fixture.name("rows"))) {
            try fixture.submit("rows", to: &changed, digest: FixedBytes(repeating: 7))
        }
        #expect(changed.stage == session.stage)
    }

    @Test("fills a slot once, also when two submissions were under way together")
    func replay() throws {
        var session = try fixture.locked()
        let clinic = try fixture.name("clinic")
        let first = try session.expect("rows", from: clinic, session: fixture.id(), length: 10)
        let second = try session.expect("rows", from: clinic, session: fixture.id(), length: 10)
        _ = try session.admit(first, digest: fixture.data, byteCount: 10)
        #expect(throws: SessionError.slotFilled(first.name)) {
            try session.admit(second, digest: fixture.data, byteCount: 10)
        }
    }

    @Test("ends by a participant's withdrawal, and by nobody else's")
    func withdrawal() throws {
        var session = try fixture.locked()
        #expect(throws: SessionError.notAParticipant) { try session.withdraw(fixture.name("stranger")) }
        #expect(try session.withdraw(fixture.name("lab")) == [.destroySealingKey, .erase])
        #expect(throws: SessionError.ended(.withdrawn)) { try fixture.submit("model", to: &session) }
        #expect(throws: SessionError.ended(.withdrawn)) { try session.lock(fixture.manifest(), at: 1) }
    }

    @Test("cannot be withdrawn once it executes")
    func lateWithdrawal() throws {
        var session = try fixture.executing()
        #expect(throws: SessionError.notAdmitting) { try session.withdraw(fixture.name("lab")) }
        #expect(throws: SessionError.notAdmitting) { try fixture.submit("rows", to: &session) }
    }

    @Test("ends when it never fills, and not a second sooner")
    func admissionExpiry() throws {
        var session = try fixture.locked()
        #expect(session.advance(to: 99) == [])
        #expect(session.advance(to: 100) == [.destroySealingKey, .erase])
        #expect(session.stage == .ended(.admissionExpired))
        #expect(session.advance(to: 1_000) == [])
    }

    @Test("releases all outputs or none")
    func conclusion() throws {
        var session = try fixture.executing()
        #expect(session.advance(to: 1_000_000) == [])
        #expect(throws: SessionError.outputsDiffer) { try session.conclude(.completed([]), at: 10) }
        let output = OutputCommitment(
            name: try fixture.name("result"), salt: FixedBytes(repeating: 1), digest: fixture.data)
        #expect(throws: SessionError.outputsDiffer) { try session.conclude(.completed([output, output]), at: 10) }
        #expect(try session.conclude(.completed([output]), at: 10) == [.sealOutputs])
        #expect(throws: SessionError.notExecuting) { try session.conclude(.failed, at: 11) }
        #expect(session.advance(to: 59) == [])
        #expect(session.advance(to: 60) == [.destroySealingKey, .erase])
        #expect(session.stage == .ended(.retentionOver))
    }
}
