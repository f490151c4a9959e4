import AgentAPI
import AgentService
import Commitments
import Composition
import Execution
import Foundation
import Keys
import Lifecycle
import Platform
import Primitives
import Sealing
import TestSupport
import Testing

/// Sessions on a machine that holds a component as a runtime: nobody submits it.
@Suite("Sessions with a runtime", .timeLimit(.minutes(5)))
struct SessionRuntimeTests {
    private let lab = Party("lab", 1)
    private let place = SessionPlace()

    private func text() -> RuntimeText {
        var text = RuntimeText()
        text.features = ["exceptions"]
        text.fields = "(tag $t)"
        return text
    }

    private var worker: String { Repository.root.appending(path: ".build/release/2cvm-worker").path }

    /// Installed in a folder of the test's own, which is removed by its caller.
    private func installed(in root: URL) throws -> InstalledRuntime {
        let text = text()
        let (twin, module) = (try text.twin(), try text.module())
        var files = text.files.map { ("files" + $0.key, $0.value) }
        files += [("twin.wasm", twin), ("module.wasm", module)]
        files.append(("component.wasm", try RuntimeTwin(decoding: twin).component(containing: module)))
        let package = root.appending(path: "package")
        for (path, content) in files {
            let file = package.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(content).write(to: file)
        }
        let settings = ExecutionSettings(worker: worker, policy: .reported, diagnostics: false)
        let store = RuntimeStore(path: root.appending(path: "store").path)
        return try store.install(try RuntimePackage(at: package.path), settings)
    }

    private func manifest(_ digest: SHA256Digest, maximumBytes: Int, rows: Bool) throws -> Manifest {
        var draft = ManifestFixture([lab])
        draft.components = [
            ManifestFixture.component(
                "model", of: lab, digest, maximumBytes: maximumBytes,
                more: [JSONMember("features", ["exceptions"])])
        ]
        if rows {
            draft.data = [ManifestFixture.data("rows", of: lab, maximumBytes: 10)]
            draft.channels = [ManifestFixture.mount("rows", in: "model", at: "/data/rows")]
        }
        draft.binding = "lock"
        return try draft.manifest()
    }

    private func host(holding runtimes: [InstalledRuntime], memoryBytes: Int = 8 << 30) throws -> SessionHost {
        let keys = SessionKeys()
        var configuration = AgentConfiguration(
            worker: worker, policy: .reported, bound: .none, simulatedRoot: FixedBytes(repeating: 5),
            capacity: MachineCapacity(memoryBytes: memoryBytes, fileBytes: 4 << 30), folder: place.path,
            engine: "wasmtime 50.0.1")
        configuration.runtimes = runtimes
        return try SessionHost(configuration, keys: keys, evidence: SampleEvidence(identity: keys.identity))
    }

    private func lock(_ host: SessionHost, to manifest: Manifest) async throws -> SessionStatus {
        let envelope = try SignedManifest(signing: manifest, by: lab.signing).encoded
        let header = StreamHeader(
            session: host.status.sessionID, purpose: .lock, slot: "", length: envelope.count,
            salt: FixedBytes(repeating: 0))
        var sealer = try StreamSealer(to: host.identity.sealing, header: header, signedBy: lab.signing)
        var stream = sealer.prologue
        var offset = 0
        while let count = sealer.nextContentByteCount {
            stream += try sealer.seal(Array(envelope[offset..<offset + count]))
            offset += count
        }
        return try await host.lock(stream)
    }

    private func withRuntime(_ body: (InstalledRuntime) async throws -> Void) async throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "2cvm-held-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        try await body(try installed(in: root))
    }

    @Test("take its slot as filled at the lock, and run it")
    func filled() async throws {
        try await withRuntime { runtime in
            let manifest = try manifest(runtime.held.component, maximumBytes: 1 << 20, rows: false)
            let host = try host(holding: [runtime])
            let status = try await lock(host, to: manifest)
            #expect(status.filledSlots == 1 && status.totalSlots == 1)
            await SessionScene.wait(for: .finished, of: host)
            #expect(host.status.stage == .finished)
            await host.end()
        }
    }

    @Test("wait for what the machine does not hold, or holds in a size that was not agreed to")
    func open() async throws {
        try await withRuntime { runtime in
            let other = SHA256Digest(sha256: [1])
            for (digest, bytes) in [(other, 1 << 20), (runtime.held.component, 10)] {
                let host = try host(holding: [runtime])
                let status = try await lock(host, to: try manifest(digest, maximumBytes: bytes, rows: true))
                #expect(status.filledSlots == 0 && status.totalSlots == 2)
                await host.end()
            }
        }
    }

    @Test("reserve a twin in the place of the code that nobody brings")
    func reserved() async throws {
        try await withRuntime { runtime in
            // 48 bytes for each of these, and three times them to compose.
            let manifest = try manifest(runtime.held.component, maximumBytes: 128 << 20, rows: true)
            let held = try host(holding: [runtime], memoryBytes: 1 << 30)
            #expect(try await lock(held, to: manifest).filledSlots == 1)
            await held.end()
            let bare = try host(holding: [], memoryBytes: 1 << 30)
            await #expect(throws: AgentError.self) { try await lock(bare, to: manifest) }
            await bare.end()
        }
    }
}
