import Commitments
import Composition
import Primitives
import TestSupport
import Testing
import WorkerJob

/// Twins: the one kind of component that may import a core module, read and composed in place of what a manifest pins.
@Suite("Twins of runtimes")
struct RuntimeTwinTests {
    private func held(_ text: RuntimeText = RuntimeText()) throws -> HeldRuntime {
        let twin = try RuntimeTwin(decoding: try text.twin())
        let component = twin.component(containing: try text.module())
        return HeldRuntime(
            component: SHA256Digest(sha256: component), componentByteCount: component.count, twin: twin)
    }

    private func draft(_ text: RuntimeText = RuntimeText()) throws -> ManifestDraft {
        let twin = try RuntimeTwin(decoding: try text.twin())
        return ManifestDraft([.init(name: "main", binary: twin.component(containing: try text.module()))])
    }

    private func error(_ text: RuntimeText, around other: String? = nil) throws -> RuntimeError? {
        let bytes = try other.map { try text.twin(around: $0) } ?? text.twin()
        do throws(RuntimeError) {
            _ = try RuntimeTwin(decoding: bytes)
            return nil
        } catch {
            return error
        }
    }

    @Test("become a component that is valid, and equal in all bytes but the module's place")
    func component() throws {
        let text = RuntimeText()
        let (twin, module) = (try text.twin(), try text.module())
        let component = try RuntimeTwin(decoding: twin).component(containing: module)
        #expect(try WasmTools.refusal(of: component) == nil)
        let start = zip(twin, component).prefix { $0 == $1 }.count
        let end = zip(twin.reversed(), component.reversed()).prefix { $0 == $1 }.count
        #expect(Array(component.dropFirst(start).dropLast(end)).count >= module.count)
        #expect(component.count - module.count < twin.count, "the type and the import are gone")
        let memories = try ComponentDescription(of: component).memories
        #expect(memories == [.init(minimum: 1, maximum: nil, instanceCount: 1)])
    }

    @Test("are read as twins alone: any other component that imports a module is refused")
    func elsewhere() throws {
        let twin = try RuntimeText().twin()
        #expect(throws: ComponentReadingError.self) { try ComponentBinary(decoding: twin) }
        #expect(throws: ComponentReadingError.self) { try ComponentBinary(decoding: twin, allowsExceptions: true) }
        let manifest = try ManifestDraft([.init(name: "main", binary: twin)]).manifest()
        #expect(throws: AdmissionError.self) { try admit(twin, as: manifest.components[0], under: manifest) }
    }

    @Test("import one module, at the outermost level, right behind its type, by its name")
    func imports() throws {
        let one = RuntimeText.moduleImport
        let renamed = one.replacing("runtime-module", with: "another-module")
        for text in [
            "(component)", "(component \(renamed))", "(component (component \(one)))",
            "(component \(one) \(one.replacing("$main", with: "$more").replacing("runtime-module", with: "b")))",
            "(component \(one) (component (core type $t (module))))",
            "(component \(one) (core type $t (module)))",
            "(component \(one) (import \"later\" (component)))",
            "(component \(one) (export \"m\" (core module $main)))",
        ] {
            #expect(try error(RuntimeText(), around: text) != nil, "\(text)")
        }
    }

    @Test(
        "say at their end what they contain, in a closed form",
        arguments: [
            ("version", 2), ("name", "Not A Name"), ("release", "1.0-beta"), ("release", ""), ("module", "sha256:12"),
            ("features", ["gc"]), ("features", nil), ("tables", [-1]), ("tables", nil), ("files", nil), ("more", 1),
            ("files", [["path": "/usr/a", "bytes": 1, "digest": "none"]]),
        ] as [(String, JSONValue?)])
    func notice(_ change: (String, JSONValue?)) throws {
        var text = RuntimeText()
        text.changes = [(key: change.0, value: change.1)]
        guard case .notice? = try error(text) else {
            Issue.record("\(change) is taken")
            return
        }
    }

    @Test("have their notice in the last section, under its name")
    func place() throws {
        var text = RuntimeText()
        text.section = "2cvm-runtimes"
        #expect(try error(text) == .withoutNotice)
        let longer = try RuntimeText().twin() + [0, 2, 1, 97]
        #expect(throws: RuntimeError.withoutNotice) { try RuntimeTwin(decoding: longer) }
        var other = try RuntimeText().twin()
        let content = 1 + RuntimeText().section.utf8.count + (try RuntimeText().notice().canonicalBytes.count)
        let place = other.count - content - RuntimeText.unsigned(content).count - 1
        #expect(other[place] == 0)
        other[place] = 7
        #expect(throws: RuntimeError.withoutNotice) { try RuntimeTwin(decoding: other) }
        #expect(throws: RuntimeError.self) { try RuntimeTwin(decoding: []) }
        #expect(throws: RuntimeError.self) { try RuntimeTwin(decoding: Array(try RuntimeText().twin().dropLast())) }
    }

    @Test(
        "keep their files below /usr, each of a plain path",
        arguments: [
            "/data/a", "/usr", "/usr/", "usr/a", "/usr/../data/a", "/usr/./a", "/usr//a", "/usr/a\n", "/usr/ü",
            "/usr/a/..", "/USR/a", "data/usr/a",
        ])
    func paths(_ path: String) throws {
        var text = RuntimeText()
        text.files = [path: [1]]
        #expect(try error(text) != nil)
    }

    @Test("name no file twice")
    func repetition() throws {
        var text = RuntimeText()
        let digest = JSONValue.string(SHA256Digest(sha256: []).prefixed)
        let file: JSONValue = ["path": "/usr/a", "bytes": 0, "digest": digest]
        text.changes = [(key: "files", value: [file, file])]
        #expect(try error(text) != nil)
        text.changes = [(key: "files", value: [file])]
        #expect(try error(text) == nil)
    }

    @Test("list files of 1 GiB together and no more")
    func fileSizes() throws {
        var text = RuntimeText()
        let digest = JSONValue.string(SHA256Digest(sha256: []).prefixed)
        let file = { (path: String, count: Int) -> JSONValue in
            ["path": .string(path), "bytes": .integer(count), "digest": digest]
        }
        text.changes = [(key: "files", value: [file("/usr/a", 1 << 29), file("/usr/b", 1 << 29)])]
        #expect(try error(text) == nil)
        text.changes = [(key: "files", value: [file("/usr/a", 1 << 29), file("/usr/b", (1 << 29) + 1)])]
        guard case .notice? = try error(text) else {
            Issue.record("more than 1 GiB is taken")
            return
        }
    }

    @Test("have their import in a section of imports, and their type at the outermost level")
    func sections() throws {
        var twin = try RuntimeText().twin()
        let name = Array("runtime-module".utf8)
        let place = try #require(twin.indices.first { twin[$0...].starts(with: name) }) - 5
        #expect(twin[place] == 10)
        twin[place] = 11
        #expect(throws: RuntimeError.withoutImport) { try RuntimeTwin(decoding: twin) }

        let nested = "(component (component (core type (module))) \(RuntimeText.moduleImport))"
        guard case .unreadable(.refused(.firstClassModules, _))? = try error(RuntimeText(), around: nested) else {
            Issue.record("a nested component's type stands for the module's")
            return
        }
    }

    // MARK: Admission

    @Test("are admitted for their component's digest, and nobody's else")
    func digest() throws {
        let manifest = try draft().manifest()
        #expect(throws: Never.self) { try admit(try held(), as: manifest.components[0], under: manifest) }
        var other = RuntimeText()
        other.body = "(i32.const 1)"
        let stranger = try held(other)
        var changed = try draft()
        changed.parts[0].memoryMiB = 65
        let component = try changed.manifest().components[0]
        #expect(throws: AdmissionError.notInManifest(name("main"))) {
            try admit(try held(), as: component, under: manifest)
        }
        do throws(AdmissionError) {
            _ = try admit(stranger, as: manifest.components[0], under: manifest)
            Issue.record("another runtime was taken")
        } catch {
            #expect(error.code == "content.digest")
        }
    }

    @Test("are as large as their component, and need the features that it says")
    func granted() throws {
        var small = try draft()
        small.parts[0].maximumBytes = 10
        let manifest = try small.manifest()
        #expect(throws: AdmissionError.self) { try admit(try held(), as: manifest.components[0], under: manifest) }

        var text = RuntimeText()
        text.features = ["exceptions"]
        let plain = try draft(text).manifest()
        let runtime = try held(text)
        do throws(AdmissionError) {
            _ = try admit(runtime, as: plain.components[0], under: plain)
            Issue.record("exceptions were not granted")
        } catch {
            #expect(error.code == "admission.component.feature.exceptions")
        }
    }

    @Test("take no data among their files")
    func mounts() throws {
        var draft = try draft()
        draft.data = [("a", 10)]
        draft.channels = [ManifestFixture.mount("a", in: "main", at: "/usr/lib/tiny/data")]
        let manifest = try draft.manifest()
        let runtime = try held()
        do throws(AdmissionError) {
            _ = try admit(runtime, as: manifest.components[0], under: manifest)
            Issue.record("data took a library's place")
        } catch {
            #expect(error.code == "admission.path")
        }
    }

    // MARK: Composition

    @Test("compose to a binary that imports the host world and the module, and the job names it")
    func composed() throws {
        let manifest = try draft().manifest()
        let composed = try compose(manifest, of: [try admit(try held(), as: manifest.components[0], under: manifest)])
        #expect(try WasmTools.refusal(of: composed.bytes) == nil)
        #expect(composed.runtime?.importsModule == true)
        #expect(composed.runtime?.components == manifest.components.map(\.name))
        let job = Job(composed, diagnostics: true)
        #expect(job.runtimeModule == "runtime")
        #expect(try Job(decoding: job.json.canonicalBytes) == job)
        let text = String(decoding: job.json.canonicalBytes, as: UTF8.self)
        for change in [#""keptCode":"in/a","#, #""keptCode":"out","#, #""keptCode":"out/../a","#, #""keptCode":1,"#] {
            #expect(throws: DocumentError.self) {
                try Job(decoding: Array(text.replacing(#""pipes":"#, with: change + #""pipes":"#).utf8))
            }
        }
    }

    @Test("find their files in their own folder, and no other component does")
    func libraries() throws {
        let manifest = try draft().manifest()
        let composed = try compose(manifest, of: [try admit(try held(), as: manifest.components[0], under: manifest)])
        let layout = JobLayout(manifest, composed.runtime)
        #expect(layout.libraries.map(\.path) == ["in/main/usr/lib/tiny/data"])
        #expect(layout.folders.contains("in/main/usr/lib/tiny"))
        #expect(layout.preopens.contains(Preopen(folder: "in/main/usr", name: "main:/usr", access: .read)))
        #expect(JobLayout(manifest).libraries.isEmpty)
        #expect(!JobLayout(manifest).preopens.contains { $0.name == "main:/usr" })
    }

    @Test("are composed whole where their machine code is of no use, and find the same files")
    func whole() throws {
        let text = RuntimeText()
        let manifest = try draft(text).manifest()
        let runtime = try held(text)
        let component = runtime.twin.component(containing: try text.module())
        let admitted = try admit(runtime, whole: component, as: manifest.components[0], under: manifest)
        let composed = try compose(manifest, of: [admitted])
        #expect(composed.runtime?.importsModule == false)
        #expect(Job(composed, diagnostics: true).runtimeModule == nil)
        #expect(JobLayout(manifest, composed.runtime).libraries.count == 1)
        #expect(throws: AdmissionError.self) {
            try admit(runtime, whole: component + [0], as: manifest.components[0], under: manifest)
        }
    }

    @Test("are capped in the memory that their component makes")
    func cap() throws {
        var draft = try draft()
        draft.parts[0].memoryMiB = 3
        let manifest = try draft.manifest()
        let composed = try compose(manifest, of: [try admit(try held(), as: manifest.components[0], under: manifest)])
        #expect(composed.storeLimits.memoryBytes == 3 << 20)
        let bounds = CompositionBounds(manifest, holding: [manifest.components[0].digest: try held()])
        #expect(composed.bytes.count <= bounds.byteCount)
        #expect(composed.memoryByteCount <= bounds.memoryByteCount)
    }
}
