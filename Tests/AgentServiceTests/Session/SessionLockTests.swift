import AgentAPI
import AgentService
import Commitments
import Keys
import Lifecycle
import Platform
import Primitives
import Sealing
import TestSupport
import Testing

@Suite("The lock of a session", .timeLimit(.minutes(2)))
struct SessionLockTests {
    @Test("names its one manifest from boot on when the machine was launched for it")
    func launchBinding() async throws {
        let scene = try SessionScene()
        let host = try scene.host()
        let bound = try scene.manifest().bound
        #expect(host.status.stage == .awaitingManifest)
        #expect(host.status.bound == bound)
        #expect(host.status.sessionID == host.identity.sessionID(boundTo: bound))
        let before = host.status.sessionID
        let status = try await host.lock(scene.stream(.lock, scene.envelope(), by: scene.auditor, to: host))
        #expect(status.stage == .admitting && status.sessionID == before)
        #expect(status.totalSlots == 2 && status.filledSlots == 0)
    }

    @Test("changes the session's id when the machine was launched for none")
    func lockBinding() async throws {
        var scene = try SessionScene()
        scene.binding = "lock"
        let host = try scene.host()
        #expect(host.status.bound.isNone)
        let before = host.status.sessionID
        let early = try scene.stream(.submission, slot: "model", scene.component, by: scene.lab, to: host)
        let status = try await host.lock(scene.stream(.lock, scene.envelope(), by: scene.lab, to: host))
        #expect(status.bound == (try scene.manifest().bound))
        #expect(status.sessionID != before)
        // What was sealed before the lock opens in no locked session.
        await #expect(throws: AgentError.cannotOpen) { try await scene.submit(early, to: host) }
    }

    @Test("happens once")
    func twice() async throws {
        let scene = try SessionScene()
        let host = try await scene.lockedHost()
        let again = try scene.stream(.lock, scene.envelope(), by: scene.lab, to: host)
        await #expect(throws: AgentError.alreadyLocked) { try await host.lock(again) }
    }

    @Test("takes nothing but a manifest that everyone signed, from one of them")
    func content() async throws {
        let scene = try SessionScene()
        let host = try scene.host()
        let incomplete = try scene.envelope(signers: [scene.lab, scene.clinic])
        await #expect(throws: AgentError.signaturesMissing) {
            try await host.lock(scene.stream(.lock, incomplete, by: scene.lab, to: host))
        }
        await #expect(throws: AgentError.manifestRefused) {
            try await host.lock(scene.stream(.lock, [1, 2, 3], by: scene.lab, to: host))
        }
        await #expect(throws: AgentError.manifestRefused) {
            try await host.lock(scene.stream(.lock, [], by: scene.lab, to: host))
        }
        await #expect(throws: AgentError.signatureRefused) {
            try await host.lock(
                scene.stream(.lock, scene.envelope(), by: Party("stranger", 9), to: host))
        }
        await #expect(throws: AgentError.malformedHeader) {
            try await host.lock(scene.stream(.lock, slot: "model", scene.envelope(), by: scene.lab, to: host))
        }
        #expect(host.status.stage == .awaitingManifest)
    }

    @Test("opens streams of its own purpose, whole and no longer")
    func streams() async throws {
        let scene = try SessionScene()
        let host = try scene.host()
        let stream = try scene.stream(.lock, scene.envelope(), by: scene.lab, to: host)
        await #expect(throws: AgentError.cannotOpen) {
            try await host.lock(scene.stream(.submission, scene.envelope(), by: scene.lab, to: host))
        }
        await #expect(throws: AgentError.incomplete) { try await host.lock(Array(stream.dropLast())) }
        await #expect(throws: AgentError.incomplete) { try await host.lock(Array(stream.prefix(100))) }
        await #expect(throws: AgentError.tooManyBytes) { try await host.lock(stream + [0]) }
        let large = [UInt8](repeating: 0x20, count: 3 << 20 + 1)
        await #expect(throws: AgentError.contentTooLarge) {
            try await host.lock(scene.stream(.lock, large, by: scene.lab, to: host))
        }
        var changed = stream
        changed[stream.count - 1] ^= 1
        await #expect(throws: AgentError.cannotOpen) { try await host.lock(changed) }
    }

    @Test("refuses another manifest than the machine was launched for, and another binding")
    func otherManifest() async throws {
        let scene = try SessionScene()
        let host = try scene.host()
        var other = try SessionScene()
        other.wallTimeSeconds = 59
        await #expect(throws: AgentError.otherManifest) {
            try await host.lock(other.stream(.lock, other.envelope(), by: other.lab, to: host))
        }
        var unbound = try SessionScene()
        unbound.binding = "lock"
        await #expect(throws: AgentError.bindingDiffers) {
            try await host.lock(unbound.stream(.lock, unbound.envelope(), by: unbound.lab, to: host))
        }
    }

    @Test("is refused where the machine cannot hold what the manifest may ask for", arguments: [true, false])
    func capacity(_ ofFiles: Bool) async throws {
        var scene = try SessionScene()
        if ofFiles { scene.capacity.fileBytes = 1 << 20 } else { scene.capacity.memoryBytes = 1 << 20 }
        let host = try scene.host()
        let stream = try scene.stream(.lock, scene.envelope(), by: scene.lab, to: host)
        await #expect(throws: AgentError.capacity) { try await host.lock(stream) }
        #expect(host.status.stage == .awaitingManifest)
    }

    @Test("needs a report that names the manifest", arguments: [SampleEvidence.Fault.noReport, .otherManifest])
    func evidence(_ fault: SampleEvidence.Fault) async throws {
        let scene = try SessionScene()
        let keys = SessionKeys()
        let host = try scene.host(evidence: SampleEvidence(identity: keys.identity, fault: fault), keys: keys)
        let stream = try scene.stream(.lock, scene.envelope(), by: scene.lab, to: host)
        await #expect(throws: AgentError.evidenceUnavailable) { try await host.lock(stream) }
        #expect(host.status.stage == .awaitingManifest)
    }

    @Test("is another one after a restart: nothing that was sealed before opens")
    func restart() async throws {
        let scene = try SessionScene()
        let before = try scene.host()
        let stream = try scene.stream(.lock, scene.envelope(), by: scene.lab, to: before)
        let after = try scene.host()
        #expect(after.status.sessionID != before.status.sessionID)
        await #expect(throws: AgentError.cannotOpen) { try await after.lock(stream) }
    }
}
