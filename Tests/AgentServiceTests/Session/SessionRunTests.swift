import AgentAPI
import AgentService
import Commitments
import Evidence
import Foundation
import Keys
import Lifecycle
import Platform
import Primitives
import Sealing
import Testing

@Suite("A session's run", .timeLimit(.minutes(5)))
struct SessionRunTests {
    @Test("carries data through code to its recipients, with a receipt for everyone")
    func completes() async throws {
        let scene = try SessionScene()
        let host = try await scene.finished()
        let clinic = try await scene.outputs(of: scene.clinic, from: host)
        #expect(clinic.outputs == [scene.data])
        #expect(clinic.receipt.ending == .completed)
        #expect(clinic.receipt.manifestDigest == (try scene.manifest().digest))
        let evidence = try #require(clinic.evidence)
        #expect(clinic.receipt.reportDigest == SHA256Digest(sha256: evidence.report.encoded))
        #expect(clinic.receipt.engine == "wasmtime 50.0.1")
        #expect(clinic.receipt.slots.map(\.name.description) == ["model", "rows"])
        #expect(clinic.receipt.slots[0].digest == SHA256Digest(sha256: scene.component))
        #expect(evidence.session.bound == (try scene.manifest().bound))
        #expect(evidence.answer.nonce.isZero)
        // The salt opens the commitment in the receipt.
        var hasher = ContentHasher(salt: clinic.index.outputs[0].salt, byteCount: scene.data.count)
        hasher.update(scene.data)
        #expect(hasher.finalize() == clinic.receipt.outputs[0].digest)
        for party in [scene.lab, scene.auditor] {
            let received = try await scene.outputs(of: party, from: host)
            #expect(received.outputs == [] && received.notice == "")
            #expect(received.receipt == clinic.receipt)
        }
        // No plaintext is left. The streams in ciphertext have no names.
        #expect(scene.place.files == [])
    }

    @Test("gives receipts that differ in nothing but salted digests and keys where sizes alone differ")
    func sizes() async throws {
        var masked: Set<String> = []
        for size in [0, 1, 4096] {
            var scene = try SessionScene()
            scene.pinsData = false
            scene.data = [UInt8](repeating: 0x2A, count: size)
            let host = try await scene.finished()
            #expect(try await scene.outputs(of: scene.clinic, from: host).outputs == [scene.data])
            let receipt = try await scene.outputs(of: scene.auditor, from: host).receipt
            #expect(receipt.ending == .completed)
            var text = String(decoding: receipt.payload, as: UTF8.self)
            // Keys and report are the machine's, made before any data came.
            for value in [
                receipt.slots[1].digest.prefixed, receipt.outputs[0].digest.prefixed, receipt.reportDigest.prefixed,
                receipt.identity.sealing.text, receipt.identity.signing.didKey, receipt.sessionID.description,
            ] {
                #expect(text.contains(value))
                text = text.replacing(value, with: "-")
            }
            masked.insert(text)
        }
        #expect(masked.count == 1)
    }

    @Test("records data that nobody pinned")
    func anyData() async throws {
        var scene = try SessionScene()
        scene.pinsData = false
        let host = try await scene.finished()
        let receipt = try await scene.outputs(of: scene.auditor, from: host).receipt
        var hasher = ContentHasher(salt: scene.salt, byteCount: scene.data.count)
        hasher.update(scene.data)
        #expect(receipt.slots[1].digest == hasher.finalize())
        #expect(receipt.ending == .completed)
    }

    @Test("gives data to each of its mounts")
    func mounts() async throws {
        var scene = try SessionScene()
        scene.mountsTwice = true
        let host = try await scene.finished()
        #expect(try await scene.outputs(of: scene.clinic, from: host).outputs == [scene.data])
        #expect(scene.place.files == [])
    }

    @Test("compiles as soon as the code is there, and takes the data afterwards or before", arguments: [true, false])
    func order(_ dataFirst: Bool) async throws {
        let scene = try SessionScene()
        let host = try await scene.lockedHost()
        let streams = [try scene.dataStream(to: host), try scene.componentStream(to: host)]
        for stream in dataFirst ? streams : streams.reversed() { try await scene.submit(stream, to: host) }
        await SessionScene.wait(for: .finished, of: host)
        #expect(try await scene.outputs(of: scene.clinic, from: host).outputs == [scene.data])
    }

    @Test(
        "releases nothing when it fails, says no more than that, and looks the same from outside",
        arguments: ["Runs/answers-error", "Runs/traps-unreachable", "Runs/answers-ok"])
    func fails(_ component: String) async throws {
        let scene = try SessionScene(component)
        let host = try await scene.finished()
        let good = try SessionScene()
        let completed = try await good.finished()
        for (party, twin) in zip(scene.parties, good.parties) {
            let received = try await scene.outputs(of: party, from: host)
            #expect(received.receipt.ending == .failed)
            #expect(received.receipt.outputs == [] && received.outputs == [] && received.notice == "")
            let other = try await good.outputs(of: twin, from: completed)
            #expect(received.streamByteCount == other.streamByteCount)
        }
        #expect(host.status.stage == completed.status.stage)
    }

    @Test("fails when the worker is killed at its deadline")
    func killed() async throws {
        var scene = try SessionScene("Jobs/loops-forever")
        scene.wallTimeSeconds = 1
        let host = try await scene.finished()
        #expect(try await scene.outputs(of: scene.clinic, from: host).receipt.ending == .failed)
    }

    @Test("fails when there is no worker, or one that ends without a word", arguments: ["/nowhere", "/bin/false"])
    func noWorker(_ worker: String) async throws {
        var scene = try SessionScene()
        scene.worker = worker
        let host = try await scene.finished()
        let received = try await scene.outputs(of: scene.clinic, from: host)
        #expect(received.receipt.ending == .failed && received.outputs == [] && received.notice == "")
    }

    @Test("tells why nothing was composed to the component's provider, sealed, and to nobody else")
    func notice() async throws {
        var scene = try SessionScene()
        scene.imports.removeAll { $0 == "wasi:filesystem/preopens" }
        let host = try await scene.finished()
        let lab = try await scene.outputs(of: scene.lab, from: host)
        #expect(lab.notice.contains("wasi:filesystem/preopens"))
        #expect(lab.receipt.ending == .failed)
        for party in [scene.clinic, scene.auditor] {
            let received = try await scene.outputs(of: party, from: host)
            #expect(received.notice == "" && received.receipt == lab.receipt)
        }
    }

    @Test("keeps its outputs pending until it has finished, whatever the token, and then knows only its own")
    func tokens() async throws {
        let scene = try SessionScene()
        let host = try await scene.lockedHost()
        let name = try #require(Name("clinic"))
        let token = OutputsIndex.token(of: name, under: try scene.manifest(), run: 1)
        for guess in [token, FixedBytes(repeating: 0)] {
            await #expect(throws: AgentError.outputsPending) { try await host.outputs(guess) }
        }
        try await scene.submit(scene.componentStream(to: host), to: host)
        try await scene.submit(scene.dataStream(to: host), to: host)
        await SessionScene.wait(for: .finished, of: host)
        _ = try await host.outputs(token)
        await #expect(throws: AgentError.outputsUnknown) { try await host.outputs(FixedBytes(repeating: 0)) }
    }
}
