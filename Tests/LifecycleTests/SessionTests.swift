import Commitments
import Keys
import Lifecycle
import Primitives
import Testing

@Suite("A session")
struct SessionTests {
    private let fixture = SessionFixture()

    @Test("refuses a manifest that the machine was not launched for")
    func otherManifest() throws {
        var session = Session(identity: fixture.identity, boundTo: BoundDigest(FixedBytes(repeating: 1)))
        #expect(throws: SessionError.otherManifest) { try session.lock(fixture.manifest(), fitsMachine: true) }
        #expect(session.stage == .awaitingManifest)
    }

    @Test("refuses a binding that disagrees with HOST_DATA, both ways")
    func binding() throws {
        var zero = Session(identity: fixture.identity, boundTo: .none)
        let other = try fixture.manifest(binding: "launch")
        #expect(throws: SessionError.bindingDiffers) { try zero.lock(other, fitsMachine: true) }
        let manifest = try fixture.manifest(binding: "lock")
        var launched = Session(identity: fixture.identity, boundTo: manifest.manifest.bound)
        #expect(throws: SessionError.bindingDiffers) { try launched.lock(manifest, fitsMachine: true) }
    }

    @Test("locks once")
    func secondLock() throws {
        var session = try fixture.locked()
        let before = session.stage
        #expect(throws: SessionError.alreadyLocked) { try session.lock(fixture.manifest(), fitsMachine: true) }
        #expect(session.stage == before)
    }

    @Test("takes nothing before the lock")
    func unlocked() throws {
        var session = Session(identity: fixture.identity, boundTo: .none)
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
        guard case .executing(let admitted) = session.stage else { Issue.record("\(session.stage)"); return }
        #expect(actions == [.compile(admitted.manifest), .destroySealingKey, .execute(admitted)])
        #expect(admitted.slots.map(\.slot.name.description) == ["model", "rows", "extra"])
    }

    @Test("compiles once the last component is there, while data is still missing")
    func earlyCompile() throws {
        var session = try fixture.locked()
        #expect(try fixture.submit("extra", to: &session) == [])
        #expect(try fixture.submit("model", to: &session) == [.compile(try fixture.manifest().manifest)])
    }

    @Test("refuses the wrong sender, slot, session, size and content, and stays as it was")
    func refusals() throws {
        let session = try fixture.locked()
        let id = try fixture.id()
        let clinic = try fixture.name("clinic")
        #expect(throws: SessionError.notTheProvider(try fixture.name("model"))) {
            try session.expect("model", of: nil, from: .participant(clinic), session: id, length: 1)
        }
        #expect(throws: SessionError.noSuchSlot("nothing")) {
            try session.expect("nothing", of: nil, from: .participant(clinic), session: id, length: 1)
        }
        #expect(throws: SessionError.otherSession) {
            try session.expect(
                "rows", of: nil, from: .participant(clinic), session: FixedBytes(repeating: 0), length: 1)
        }
        #expect(throws: SessionError.tooLarge(try fixture.name("rows"), maximum: 100, found: 101)) {
            try session.expect("rows", of: nil, from: .participant(clinic), session: id, length: 101)
        }
        var changed = session
        #expect(throws: SessionError.digestDiffers(try fixture.name("rows"))) {
            try fixture.submit("rows", to: &changed, digest: FixedBytes(repeating: 7))
        }
        // More came than was announced.
        let expected = try session.expect("rows", of: nil, from: .participant(clinic), session: id, length: 1)
        #expect(throws: SessionError.tooLarge(try fixture.name("rows"), maximum: 100, found: 101)) {
            try changed.admit(expected, of: nil, digest: fixture.data, byteCount: 101, at: 0)
        }
        #expect(changed.stage == session.stage)
    }

    @Test("fills a slot once, also when two submissions were under way together")
    func replay() throws {
        var session = try fixture.locked()
        let clinic = try fixture.name("clinic")
        let first = try session.expect("rows", of: nil, from: .participant(clinic), session: fixture.id(), length: 10)
        let second = try session.expect("rows", of: nil, from: .participant(clinic), session: fixture.id(), length: 10)
        _ = try session.admit(first, of: nil, digest: fixture.data, byteCount: 10, at: 0)
        #expect(throws: SessionError.slotFilled(first.name)) {
            try session.admit(second, of: nil, digest: fixture.data, byteCount: 10, at: 0)
        }
    }

    @Test("ends by a participant's withdrawal, and by nobody else's")
    func withdrawal() throws {
        var session = try fixture.locked()
        #expect(throws: SessionError.notAParticipant) { try session.withdraw(fixture.name("stranger")) }
        #expect(try session.withdraw(fixture.name("lab")) == [.destroySealingKey, .erase])
        #expect(throws: SessionError.ended(.withdrawn)) { try fixture.submit("model", to: &session) }
        #expect(throws: SessionError.ended(.withdrawn)) { try session.lock(fixture.manifest(), fitsMachine: true) }
    }

    @Test("cannot be withdrawn once it executes")
    func lateWithdrawal() throws {
        var session = try fixture.executing()
        #expect(throws: SessionError.tooLateToWithdraw) { try session.withdraw(fixture.name("lab")) }
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
        #expect(throws: SessionError.outputsDiffer) { try session.conclude(.completed([]), at: 0) }
        let output = try output()
        #expect(throws: SessionError.outputsDiffer) { try session.conclude(.completed([output, output]), at: 0) }
        let actions = try session.conclude(.completed([output]), at: 0)
        guard case .concluding(let conclusion) = session.stage else { Issue.record("\(session.stage)"); return }
        #expect(actions == [.sealOutputs(conclusion)] && conclusion.outcome == .completed([output]))
        #expect(throws: SessionError.notExecuting) { try session.conclude(.failed(.code), at: 0) }
        #expect(session.advance(to: 1_000_000) == [])
        #expect(try session.sealed(SHA256Digest(sha256: [1]), at: 10) == [])
        guard case .finished(let course) = session.stage else { Issue.record("\(session.stage)"); return }
        #expect(course.run == 2 && course.kept.map(\.run) == [1])
        #expect(session.advance(to: 59) == [])
        #expect(session.advance(to: 60) == [.forget(run: 1, of: nil), .erase])
        #expect(session.stage == .ended(.retentionOver))
    }

    @Test("fails where outputs cannot be sealed, and ends where not even that can be told")
    func sealingFails() throws {
        var session = try fixture.executing()
        #expect(throws: SessionError.notConcluding) { try session.sealingFailed() }
        _ = try session.conclude(.completed([output()]), at: 0)
        guard case .sealOutputs(let failed)? = try session.sealingFailed().first else {
            Issue.record("not sealed once more")
            return
        }
        #expect(failed.outcome == .failed(.code) && session.stage == .concluding(failed))
        #expect(try session.sealingFailed() == [.erase])
        #expect(session.stage == .ended(.stopped))
        #expect(throws: SessionError.notConcluding) { try session.sealed(SHA256Digest(sha256: [1]), at: 1) }
    }

    @Test("is locked when its evidence is there, and not before")
    func locking() throws {
        let manifest = try fixture.manifest()
        var session = Session(identity: fixture.identity, boundTo: manifest.manifest.bound)
        #expect(throws: SessionError.notLocking) { try session.locked(with: fixture.evidence(), at: 0) }
        #expect(try session.lock(manifest, fitsMachine: true) == [.recordEvidence(manifest.manifest)])
        #expect(throws: SessionError.locking) { try session.lock(manifest, fitsMachine: true) }
        #expect(throws: SessionError.notLocked) { try fixture.submit("model", to: &session) }
        #expect(throws: SessionError.notLocked) { try session.withdraw(fixture.name("lab")) }
        #expect(session.advance(to: 1_000_000) == [] && session.manifest == nil)
        #expect(try session.lockFailed() == [])
        #expect(session.stage == .awaitingManifest)
        _ = try session.lock(manifest, fitsMachine: true)
        #expect(try session.locked(with: fixture.evidence(), at: 7) == [])
        #expect(session.deadline == 107)
        #expect(throws: SessionError.notLocking) { try session.lockFailed() }
    }

    @Test("locks to nothing that its machine cannot hold")
    func capacity() throws {
        let manifest = try fixture.manifest()
        var session = Session(identity: fixture.identity, boundTo: manifest.manifest.bound)
        #expect(throws: SessionError.tooLargeForMachine) { try session.lock(manifest, fitsMachine: false) }
        #expect(session.stage == .awaitingManifest)
    }

    @Test("keeps no evidence that an outputs stream has no room for")
    func evidenceSize() {
        let most = OutputsIndex.maximumEvidenceByteCount
        let digest = FixedBytes<32>(repeating: 4)
        #expect(LockEvidence(bundle: [UInt8](repeating: 0, count: most), reportDigest: digest) != nil)
        #expect(LockEvidence(bundle: [UInt8](repeating: 0, count: most + 1), reportDigest: digest) == nil)
    }

    private func output() throws -> OutputCommitment {
        OutputCommitment(name: try fixture.name("result"), salt: FixedBytes(repeating: 1), digest: fixture.data)
    }
}
