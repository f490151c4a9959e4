import Commitments
import Keys
import Lifecycle
import Primitives
import Testing

/// Which manifest a session's evidence names, and what streams to it are sealed under.
@Suite("A session's identity of the moment")
struct SessionIdentityTests {
    private let fixture = SessionFixture()

    @Test("names the manifest that the machine was launched for from boot on")
    func launched() throws {
        let manifest = try fixture.manifest()
        var session = Session(identity: fixture.identity, boundTo: manifest.manifest.bound)
        #expect(session.bound == manifest.manifest.bound && session.manifest == nil)
        let before = session.sessionID
        #expect(before == (try fixture.id()))
        _ = try session.lock(manifest, fitsMachine: true)
        _ = try session.locked(with: fixture.evidence(), at: 0)
        #expect(session.sessionID == before && session.manifest == manifest.manifest)
    }

    @Test("names none before a lock, and changes with it")
    func unlaunched() throws {
        var session = Session(identity: fixture.identity, boundTo: .none)
        #expect(session.bound.isNone)
        let before = session.sessionID
        let manifest = try fixture.manifest(binding: "lock")
        _ = try session.lock(manifest, fitsMachine: true)
        #expect(session.bound.isNone && session.sessionID == before, "a lock that may fail changes nothing")
        _ = try session.locked(with: fixture.evidence(), at: 0)
        #expect(session.bound == manifest.manifest.bound && session.sessionID != before)
        #expect(throws: SessionError.otherSession) {
            try session.expect("model", of: nil, from: .participant(fixture.name("lab")), session: before, length: 1)
        }
    }

    @Test("stays when the session has ended, and the manifest does not")
    func ended() throws {
        var session = try fixture.executing()
        let before = session.sessionID
        #expect(session.stop() == [.erase], "the key was destroyed when the last slot was filled")
        #expect(session.stage == .ended(.stopped))
        #expect(session.sessionID == before && session.manifest == nil)
        #expect(session.stop() == [])
        #expect(session.advance(to: .max) == [])
    }

    @Test("ends wherever it stands at the operator's wish")
    func stops() throws {
        var waiting = Session(identity: fixture.identity, boundTo: .none)
        #expect(waiting.stop() == [.destroySealingKey, .erase])
        #expect(throws: SessionError.ended(.stopped)) {
            try waiting.lock(fixture.manifest(binding: "lock"), fitsMachine: true)
        }
        var locking = Session(identity: fixture.identity, boundTo: try fixture.manifest().manifest.bound)
        _ = try locking.lock(fixture.manifest(), fitsMachine: true)
        #expect(locking.stop() == [.destroySealingKey, .erase])
        #expect(throws: SessionError.ended(.stopped)) { try locking.locked(with: fixture.evidence(), at: 0) }
        #expect(throws: SessionError.ended(.stopped)) { try locking.lockFailed() }
        var admitting = try fixture.locked()
        _ = admitting.stop()
        #expect(throws: SessionError.ended(.stopped)) { try fixture.submit("model", to: &admitting) }
        var concluding = try fixture.executing()
        _ = try concluding.conclude(.failed(.code), at: 0)
        var finished = concluding
        #expect(concluding.stop() == [.erase])
        #expect(throws: SessionError.notConcluding) { try concluding.sealed(SHA256Digest(sha256: [1]), at: 0) }
        _ = try finished.sealed(SHA256Digest(sha256: [1]), at: 0)
        #expect(finished.stop() == [.erase])
    }
}
