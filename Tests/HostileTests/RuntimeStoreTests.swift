import Commitments
import Composition
import Execution
import Foundation
import Platform
import Primitives
import TestSupport
import Testing
import WorkerJob

/// A package on disk, and a folder to install it in.
private final class Workshop {
    let root = Place()
    var package: URL { URL(filePath: root.path).appending(path: "package") }
    var storePath: String { root.path + "/store" }
    var store: RuntimeStore { RuntimeStore(path: storePath) }
    let settings: ExecutionSettings

    init() {
        settings = ExecutionSettings(worker: Built.worker.path, policy: .reported, diagnostics: true)
    }

    @discardableResult
    func install(_ text: RuntimeText = RuntimeText()) throws -> InstalledRuntime {
        try write(text)
        return try store.install(try RuntimePackage(at: package.path), settings)
    }

    func write(_ text: RuntimeText) throws {
        try? FileManager.default.removeItem(at: package)
        let (twin, module) = (try text.twin(), try text.module())
        var files = text.files.map { ("files" + $0.key, $0.value) }
        files += [("twin.wasm", twin), ("module.wasm", module)]
        files.append(("component.wasm", try RuntimeTwin(decoding: twin).component(containing: module)))
        for (path, content) in files {
            let file = package.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(content).write(to: file)
        }
    }

    /// Changes one byte of an installed file.
    func spoil(_ name: String, of runtime: InstalledRuntime) throws {
        let file = URL(filePath: runtime.path).appending(path: name)
        var content = try Data(contentsOf: file)
        content[content.count / 2] ^= 1
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file.path)
        try content.write(to: file)
    }

    func manifest(for runtime: InstalledRuntime, memoryMiB: Int = 16) throws -> Manifest {
        let lab = Party("lab", 1)
        var draft = ManifestFixture([lab])
        let features = runtime.held.twin.notice.features.map { JSONValue.string($0.rawValue) }
        draft.components = [
            ManifestFixture.component(
                "model", of: lab, runtime.held.component, maximumBytes: 1 << 20, memoryMiB: memoryMiB,
                more: features.isEmpty ? [] : [JSONMember("features", .array(features))])
        ]
        return try draft.manifest()
    }

    func run(_ runtime: InstalledRuntime, memoryMiB: Int = 16, whole: Bool = false) throws -> RunReport {
        let manifest = try manifest(for: runtime, memoryMiB: memoryMiB)
        let admitted = try admit(
            runtime.held, whole: whole ? try runtime.component() : nil, as: manifest.components[0], under: manifest)
        let composed = try compose(manifest, of: [admitted])
        var plan = ExecutionPlan(composed, diagnostics: true)
        try plan.attach(runtime, of: composed)
        #expect(ExecutionBounds(manifest, holding: [runtime]).hold(plan))
        return try PreparedRun.prepare(plan, settings).run()
    }

    func failure(_ report: RunReport) -> FailureReason? {
        if case .failed(let reason) = report.outcome { reason } else { nil }
    }
}

/// What makes machine code on disk believable, and what does not.
@Suite("Installed runtimes")
struct RuntimeStoreTests {
    private let workshop = Workshop()

    private func throwing() -> RuntimeText {
        var text = RuntimeText()
        text.features = ["exceptions"]
        text.fields = "(tag $t)"
        text.body = "(block $b (try_table (catch_all $b) (throw $t))) (i32.const 0)"
        return text
    }

    @Test("run from their machine code, which no other run has, and whole without it")
    func runs() throws {
        let runtime = try workshop.install(throwing())
        for whole in [false, true] {
            let report = try workshop.run(runtime, whole: whole)
            #expect(workshop.failure(report) == nil, "\(report.diagnostics?.engine ?? "")")
            // Its own, and the heap of what it throws.
            #expect(report.memories?.memories.count == 2)
        }
        #expect(runtime.record.code.isCurrent)
        #expect(try workshop.store.runtimes().map(\.name) == [runtime.name])
    }

    @Test("are capped by the manifest to the page")
    func cap() throws {
        var text = throwing()
        // The granted pages, less the one that it has; then one more.
        text.body = """
            (if (i32.eq (memory.grow (i32.const 31)) (i32.const -1)) (then (return (i32.const 1))))
            (i32.ne (memory.grow (i32.const 1)) (i32.const -1))
            """
        let runtime = try workshop.install(text)
        #expect(workshop.failure(try workshop.run(runtime, memoryMiB: 2)) == nil)
        #expect(workshop.failure(try workshop.run(runtime, memoryMiB: 1)) == .declined)
        #expect(workshop.failure(try workshop.run(runtime, memoryMiB: 4)) == .declined)
    }

    @Test("give the same machine code when they are compiled again")
    func reproducible() throws {
        let first = try workshop.install(throwing())
        #expect(try workshop.store.remove(first.held.component))
        #expect(try workshop.store.runtimes().isEmpty)
        let second = try workshop.install(throwing())
        #expect(first.record.code.digest == second.record.code.digest)
    }

    @Test("lie beside other releases, each used by its digest")
    func releases() throws {
        let old = try workshop.install(throwing())
        var newer = throwing()
        newer.release = "0.2.0"
        newer.body = "(i32.const 1)"
        let new = try workshop.install(newer)
        #expect(try workshop.store.runtimes().count == 2)
        #expect(workshop.failure(try workshop.run(old)) == nil)
        #expect(workshop.failure(try workshop.run(new)) == .declined)
        #expect(throws: RuntimeStoreError.installed(new.held.component)) { try workshop.install(newer) }
    }

    // MARK: Changed bytes

    @Test(
        "of which one byte changed are not used", arguments: ["machine-code", "twin.wasm", "files/usr/lib/tiny/data"])
    func changed(_ name: String) throws {
        let runtime = try workshop.install(throwing())
        try workshop.spoil(name, of: runtime)
        #expect(throws: (any Error).self) {
            let again = try #require(try workshop.store.runtime(of: runtime.held.component))
            _ = try workshop.run(again)
        }
    }

    @Test("of which one byte changed are found by verifying, the module and the record too")
    func verify() throws {
        let runtime = try workshop.install(throwing())
        try runtime.verify()
        for name in ["machine-code", "module.wasm", "files/usr/lib/tiny/data"] {
            try workshop.spoil(name, of: runtime)
            let again = try #require(try workshop.store.runtime(of: runtime.held.component))
            #expect(throws: ExecutionError.self, "\(name)") { try again.verify() }
            try workshop.spoil(name, of: runtime)
        }
        try workshop.spoil("installed.json", of: runtime)
        #expect(throws: RuntimeStoreError.self) { try workshop.store.runtimes() }
    }

    @Test("whose machine code is of another engine are refused by the engine, and told so")
    func otherEngine() throws {
        let runtime = try workshop.install(throwing())
        let file = URL(filePath: runtime.path)
        var code = try Data(contentsOf: file.appending(path: "machine-code"))
        // The version in the head of what the engine wrote.
        let version = try #require(code.range(of: Data("\u{2}50\u{18}x86_64".utf8)))
        code.replaceSubrange(version, with: Data("\u{2}49\u{18}x86_64".utf8))
        for (name, content) in [
            ("machine-code", code),
            (
                "installed.json",
                Data(
                    String(decoding: try Data(contentsOf: file.appending(path: "installed.json")), as: UTF8.self)
                        .replacing(
                            runtime.record.code.digest.prefixed, with: SHA256Digest(sha256: [UInt8](code)).prefixed
                        ).utf8)
            ),
        ] {
            let path = file.appending(path: name).path
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
            try content.write(to: URL(filePath: path))
        }
        let again = try #require(try workshop.store.runtime(of: runtime.held.component))
        #expect(workshop.failure(try workshop.run(again)) == .keptCodeRefused)
        #expect(workshop.failure(try workshop.run(again, whole: true)) == nil)
    }

    @Test(
        "are not made of a package of which one byte changed",
        arguments: ["component.wasm", "twin.wasm", "module.wasm", "files/usr/lib/tiny/data"])
    func package(_ name: String) throws {
        try workshop.write(throwing())
        let file = workshop.package.appending(path: name)
        var content = try Data(contentsOf: file)
        content[content.count / 2] ^= 1
        try content.write(to: file)
        #expect(throws: RuntimeStoreError.self) { try RuntimePackage(at: workshop.package.path) }
    }

    @Test("are not made of a module that is no WebAssembly: the worker refuses, and nothing is left")
    func invalid() throws {
        var text = throwing()
        text.body = "(memory.atomic.notify (i32.const 0) (i32.const 0))"
        #expect(throws: (any Error).self) { try workshop.install(text) }
        let left = (try? FileManager.default.contentsOfDirectory(atPath: workshop.storePath)) ?? []
        #expect(left.isEmpty, "\(left)")
    }

    // MARK: Who may write

    @Test("are not looked for in a folder that others can write, or that a link leads to")
    func shared() throws {
        let runtime = try workshop.install(throwing())
        for place in [workshop.storePath, runtime.path, runtime.path + "/machine-code", runtime.path + "/twin.wasm"] {
            let mode = try #require(
                try FileManager.default.attributesOfItem(atPath: place)[.posixPermissions] as? Int)
            for wider in [0o020, 0o002] {
                try FileManager.default.setAttributes([.posixPermissions: mode | wider], ofItemAtPath: place)
                #expect(throws: (any Error).self, "\(place)") { try use() }
            }
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: place)
        }
        #expect(workshop.failure(try use()) == nil)
        let linked = workshop.root.path + "/linked"
        try FileManager.default.createSymbolicLink(atPath: linked, withDestinationPath: workshop.storePath)
        #expect(throws: RuntimeStoreError.self) { try RuntimeStore(path: linked).runtimes() }
        #expect(throws: RuntimeStoreError.self) { try RuntimeStore(path: linked + "/../store").runtimes() }
    }

    private func use() throws -> RunReport {
        try workshop.run(try #require(try workshop.store.runtimes().first))
    }

    @Test("are nobody else's", .enabled(if: geteuid() == 0, "giving files away needs root"))
    func owners() throws {
        let runtime = try workshop.install(throwing())
        for place in [workshop.storePath, runtime.path, runtime.path + "/machine-code"] {
            try FileManager.default.setAttributes([.ownerAccountID: 61_003], ofItemAtPath: place)
            #expect(throws: (any Error).self, "\(place)") { try use() }
            try FileManager.default.setAttributes([.ownerAccountID: 0], ofItemAtPath: place)
        }
        #expect(workshop.failure(try use()) == nil)
    }

    @Test("have files of one name, and no link in the place of one")
    func links() throws {
        let runtime = try workshop.install(throwing())
        let code = runtime.path + "/machine-code"
        try FileManager.default.linkItem(atPath: code, toPath: workshop.root.path + "/second")
        #expect(throws: (any Error).self) { try use() }
        try FileManager.default.removeItem(atPath: code)
        try FileManager.default.createSymbolicLink(atPath: code, withDestinationPath: workshop.root.path + "/second")
        #expect(throws: (any Error).self) { try use() }
    }

    @Test("bear their digest: other names are passed over, and a digest that is another's refused")
    func names() throws {
        let runtime = try workshop.install(throwing())
        let short = String(repeating: "a", count: 63)
        for name in ["python", "..evil", ".part-1", "a\nb", runtime.name.uppercased() + "0", short] {
            try FileManager.default.createDirectory(
                atPath: workshop.storePath + "/" + name, withIntermediateDirectories: false)
        }
        #expect(try workshop.store.runtimes().map(\.name) == [runtime.name])
        let other = String(repeating: "ab", count: 32)
        try FileManager.default.copyItem(atPath: runtime.path, toPath: workshop.storePath + "/" + other)
        #expect(throws: RuntimeStoreError.nameDiffers(other)) { try workshop.store.runtimes() }
    }

    @Test("are not there where there is no folder, and are removed by their digest")
    func removal() throws {
        #expect(try workshop.store.runtimes().isEmpty)
        let runtime = try workshop.install(throwing())
        #expect(try workshop.store.remove(SHA256Digest(sha256: [])) == false)
        #expect(try workshop.store.remove(runtime.held.component))
        #expect(try workshop.store.runtime(of: runtime.held.component) == nil)
    }

    // MARK: Neighbours

    @Test("show their files to nobody else of the run")
    func neighbours() throws {
        let runtime = try workshop.install(throwing())
        var scene = try Scene.probing(["read|/usr/lib/tiny/data", "preopens", "read|runtime:/usr/lib/tiny/data"])
        scene.parts[0].features = ["exceptions"]
        let manifest = try scene.manifest()
        let composed = try scene.composed(under: manifest)
        #expect(composed.runtime == nil)
        let outcomes = try scene.run().report()
        #expect(outcomes["preopens"] == "/data,/output")
        #expect(outcomes["read|/usr/lib/tiny/data"] == "no-entry")
        #expect(runtime.held.twin.notice.files.count == 1)
    }

    @Test("are not taken for a component that carries the module itself under another digest")
    func carrying() throws {
        let text = throwing()
        let runtime = try workshop.install(text)
        // The same component with one custom section more.
        let other = runtime.held.twin.component(containing: try text.module()) + [0, 2, 1, 97]
        #expect(try workshop.store.runtime(of: SHA256Digest(sha256: other)) == nil)
        var scene = Scene([Scene.Part(name: "main", binary: other, features: ["exceptions"])])
        #expect(try scene.composed(under: try scene.manifest()).runtime == nil)
        #expect(try scene.run().failure == nil)
        scene.parts[0].features = []
        #expect(try scene.refusal().code == "admission.component.feature.exceptions")
    }
}
