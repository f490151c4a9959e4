import Commitments
import Composition
import Execution
import Primitives
import TestSupport
import Testing

/// What is refused before any of it runs, and in which words.
@Suite("Refusals")
struct RefusalTests {
    private static let probe = """
        (component
          (core module $m (func (export "probe") (result i32) (i32.const 0)))
          (core instance $m (instantiate $m))
          (func $probe (result (result)) (canon lift (core func $m "probe")))
          (instance $i (export "probe" (func $probe)))
          (export "hostile:guests/probe" (instance $i)))
        """

    /// A caller and two probes, the second of which is given as text.
    private func pair(second: String) throws -> Scene {
        var scene = Scene([
            .init(name: "caller", binary: try ComponentText(named: "Hostile/calls-two-probes").binary()),
            .init(name: "first", binary: try WasmTools.parse(Self.probe)),
            .init(name: "second", binary: try WasmTools.parse(second)),
        ])
        scene.link("left", "caller", "first", "hostile:guests/probe")
        scene.link("right", "caller", "second", "hostile:guests/probe")
        return scene
    }

    @Test("do not meet what fits")
    func fits() throws {
        let ended = try pair(second: Self.probe).run()
        #expect(ended.failure == nil, "\(ended.words)")
    }

    @Test("name the link whose ends have different types, in the words of the engine that runs")
    func linkTypes() throws {
        let other = Self.probe.replacing("(result i32) (i32.const 0)", with: "(result i64) (i64.const 0)")
            .replacing("(func $probe (result (result))", with: "(func $probe (result u64)")
        let scene = try pair(second: other)
        let ended = try scene.run()
        #expect(ended.failure == .refusedByEngine, "\(ended.words)")
        let manifest = try scene.manifest()
        let refusal = try scene.composed(under: manifest)
            .refusal(explaining: try #require(ended.report.diagnostics).engine)
        #expect(
            refusal?.message == "right, imported by caller from second (channels[1]), has other types than "
                + "hostile:guests/probe there", "\(ended.words)")
    }

    @Test("name the export that a link needs and the component does not have")
    func missingExport() throws {
        let refusal = try pair(second: Self.probe.replacing("hostile:guests/probe", with: "hostile:guests/other"))
            .refusal()
        #expect(refusal.code == "admission.export")
        #expect(refusal.message == "second does not export hostile:guests/probe, which the link right needs")
        #expect(refusal.hint == "it exports hostile:guests/other")
    }

    @Test("name the import that no line of the manifest grants, and the line that would")
    func unlisted() throws {
        var scene = try Scene.probing(["nothing"])
        scene.parts[0].imports = try ComponentDescription(of: scene.parts[0].binary).listedImports
            .filter { $0 != "wasi:sockets/tcp" }
        let refusal = try scene.refusal()
        #expect(refusal.code == "admission.import.unlisted")
        #expect(refusal.message == "main imports wasi:sockets/tcp, which the manifest does not grant it")
        #expect(refusal.hint?.contains("\"wasi:sockets/tcp\"") == true)
    }

    @Test("meet a link that is not there")
    func unlinked() throws {
        var scene = try pair(second: Self.probe)
        scene.channels.removeLast()
        scene.parts.removeLast()
        let refusal = try scene.refusal()
        #expect(refusal.code == "admission.import.unlisted")
        #expect(refusal.hint?.contains("\"link\": \"right\"") == true, "\(refusal)")
    }

    @Test("meet links in a circle, also of one component with itself", arguments: [true, false])
    func cycle(_ alone: Bool) throws {
        var scene = try pair(second: Self.probe)
        if alone {
            scene.channels[1] = [
                "link": "right", "importer": "caller", "exporter": "caller", "export": "hostile:guests/probe",
            ]
            scene.parts.removeLast()
        } else {
            scene.link("back", "second", "caller", "hostile:guests/probe")
        }
        let error = #expect(throws: ManifestError.self) { try scene.manifest() }
        #expect(error?.message.contains("cycle") == true, "\(error?.message ?? "")")
    }

    @Test("meet a link that would pass on a handle of the host")
    func hostResource() throws {
        let text = """
            (component
              (import "wasi:io/error@0.2.12" (instance $errors (export "error" (type (sub resource)))))
              (alias export $errors "error" (type $error))
              (core module $m (func (export "probe") (param i32) (result i32) (i32.const 0)))
              (core instance $m (instantiate $m))
              (func $probe (param "it" (own $error)) (result (result)) (canon lift (core func $m "probe")))
              (instance $i (export "probe" (func $probe)))
              (export "hostile:guests/probe" (instance $i)))
            """
        let refusal = try pair(second: text).refusal()
        #expect(refusal.code == "admission.link.resource")
        #expect(refusal.message == "the link type hostile:guests/probe of second reaches a resource of the host")
    }

    @Test("meet HTTP, in a component and in a manifest")
    func http() throws {
        let binary = try ComponentText(named: "Runs/imports-http").binary()
        let refusal = try Scene([.init(name: "main", binary: binary, imports: [])]).refusal()
        #expect(refusal.code == "admission.import.http")
        #expect(refusal.message.hasPrefix("main imports wasi:http/"))
        let error = #expect(throws: ManifestError.self) { try Scene([.init(name: "main", binary: binary)]).manifest() }
        #expect(error?.code == "manifest.import.http")
    }

    @Test(
        "meet what would need more memory than any machine has, before it is compiled",
        arguments: [
            ("(core module $m (table 4294967295 funcref)) (core instance (instantiate $m))", "admission.memory"),
            (
                "(core module $m (memory 65536)) (core instance (instantiate $m)) (core instance (instantiate $m))",
                "admission.memory"
            ),
            (doubled("(core module $m (memory 1000)) (core instance (instantiate $m))", times: 8), "admission.memory"),
            (doubled("(core module $m (memory 1)) (core instance (instantiate $m))", times: 12), "component.instances"),
            (doubled("(core module $m)", times: 24), "component.depth"),
        ])
    func bombs(_ body: String, _ code: String) throws {
        let text = "(component \(body) (instance $run) (export \"wasi:cli/run@0.2.12\" (instance $run)))"
        let scene = Scene([.init(name: "main", binary: try WasmTools.parse(text), memoryMiB: 4096)])
        let refusal = try scene.refusal()
        #expect(refusal.code == code, "\(refusal)")
    }

    /// A component that instantiates twice what instantiates twice what …
    private static func doubled(_ core: String, times: Int) -> String {
        (0..<times).reduce(core) { body, _ in
            "(component $c \(body)) (instance (instantiate $c)) (instance (instantiate $c))"
        }
    }

    @Test("meet other bytes than the agreed ones before they are read")
    func otherBytes() throws {
        var scene = try Scene.alone("grows-to-its-cap")
        let manifest = try scene.manifest()
        scene.parts[0].binary[20] ^= 1
        let error = #expect(throws: AdmissionError.self) { try scene.composed(under: manifest) }
        #expect(error?.code == "content.digest")
    }
}
