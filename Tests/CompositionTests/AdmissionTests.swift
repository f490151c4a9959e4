import Commitments
import Composition
import Primitives
import TestSupport
import Testing

@Suite("Admission")
struct AdmissionTests {
    private static let plain = """
        (component
          (instance $i)
          (export "wasi:cli/run@0.2.3" (instance $i)))
        """

    private func draft(_ text: String, imports: [String] = []) throws -> ManifestDraft {
        ManifestDraft([.init(name: "main", binary: try WasmTools.parse(text), imports: imports)])
    }

    @Test("admits what asks for nothing")
    func admits() throws {
        #expect(try draft(Self.plain).refusal() == nil)
    }

    @Test("refuses another digest before it reads a byte")
    func digest() throws {
        var draft = try draft(Self.plain)
        draft.parts[0].digest = SHA256Digest(repeating: 7)
        #expect(try draft.refusal()?.code == "content.digest")
        draft.parts[0].binary = [1, 2, 3]
        #expect(try draft.refusal()?.code == "content.digest")
    }

    @Test("refuses more bytes than agreed")
    func size() throws {
        var draft = try draft(Self.plain)
        draft.parts[0].maximumBytes = draft.parts[0].binary.count - 1
        #expect(try draft.refusal()?.code == "content.size")
    }

    @Test("refuses a component of another manifest")
    func otherManifest() throws {
        let draft = try draft(Self.plain)
        var other = draft
        other.parts[0].memoryMiB = 65
        let component = try other.manifest().components[0]
        let manifest = try draft.manifest()
        #expect(throws: AdmissionError.notInManifest(component.name)) {
            try admit(draft.parts[0].binary, as: component, under: manifest)
        }
    }

    @Test("passes on what the reader says, with the component's name")
    func unreadable() throws {
        let refusal = try draft("(component (core module (memory i64 1)))").refusal()
        #expect(refusal?.code == "admission.component.feature.memory64")
        #expect(refusal?.message.hasPrefix("main: ") == true)
    }

    // MARK: Imports

    @Test("refuses an unlisted import, and prints the lines that would grant it")
    func unlisted() throws {
        let text = """
            (component
              (import "wasi:cli/stdout@0.2.3" (instance))
              (import "wasi:random/random@0.2.0" (instance))
              (import "twocvm:guest/files" (instance))
              (import "site-a" (instance))
              (import "cohort:statistics/moments@1.0.0" (instance))
              (instance $i)
              (export "wasi:cli/run@0.2.3" (instance $i)))
            """
        let refusal = try draft(text, imports: ["twocvm:guest/files"]).refusal()
        #expect(refusal?.code == "admission.import.unlisted")
        #expect(
            refusal?.message == "main imports cohort:statistics/moments, site-a, wasi:cli/stdout, wasi:random/random, "
                + "which the manifest does not grant it")
        #expect(
            refusal?.hint == """
                in component main write "imports": ["twocvm:guest/files", "wasi:cli/stdout", "wasi:random/random"]
                and "randomness": "real" or "randomness": "repeatable" (every participant knows repeatable bytes)
                in channels write {"link": "site-a", "importer": "main", "exporter": "<component>", \
                "export": "<interface>"}
                in channels write {"link": "cohort:statistics/moments", "importer": "main", \
                "exporter": "<component>", "export": "cohort:statistics/moments"}
                """)
    }

    @Test("refuses a listed import that is not there")
    func unused() throws {
        let refusal = try draft(Self.plain, imports: ["wasi:cli/stdout"]).refusal()
        #expect(refusal?.code == "admission.import.unused")
    }

    @Test("refuses HTTP under any name")
    func http() throws {
        for name in ["\"wasi:http/outgoing-handler@0.2.3\"", "\"h\" (implements \"wasi:http/types@0.2.3\")"] {
            let text = "(component (import \(name) (instance)))"
            #expect(try draft(text).refusal()?.code == "admission.import.http")
        }
    }

    @Test(
        "refuses imports that are no interface",
        arguments: ["(func)", "(type (sub resource))"])
    func worldLevelImports(_ kind: String) throws {
        let text = "(component (type $t (record (field \"a\" u8))) (import \"x\" \(kind)))"
        #expect(try draft(text).refusal()?.code == "admission.import.kind")
    }

    @Test("refuses a run or a link that has no export to call")
    func missingExports() throws {
        var draft = try draft("(component)")
        #expect(try draft.refusal()?.code == "admission.export")
        #expect(try draft.refusal()?.hint == "it exports no interface")

        draft = try linked(importer: Self.moments, exporter: Self.plain)
        let refusal = try draft.refusal(ofPart: 1)
        #expect(refusal?.message == "site does not export cohort:statistics/moments, which the link site-a needs")
        #expect(refusal?.hint == "it exports wasi:cli/run")
    }

    @Test("refuses an export that is a function, or there twice")
    func ambiguousExports() throws {
        #expect(
            try draft(
                """
                (component
                  (import "twocvm:guest/files" (instance $i))
                  (export "wasi:cli/run@0.2.3" (instance $i))
                  (export "wasi:cli/run@0.2.0" (instance $i)))
                """, imports: ["twocvm:guest/files"]
            ).refusal()?.code == "admission.ambiguous")
    }

    // MARK: Links

    private static let moments = """
        (component
          (import "site-a" (instance (export "f" (func (result u32)))))
          (instance $i)
          (export "wasi:cli/run@0.2.3" (instance $i)))
        """

    private func linked(importer: String, exporter: String, imports: [String] = []) throws -> ManifestDraft {
        var draft = ManifestDraft([
            .init(name: "main", binary: try WasmTools.parse(importer)),
            .init(name: "site", binary: try WasmTools.parse(exporter), imports: imports),
        ])
        draft.channels = [ManifestFixture.link("site-a", from: "site", "cohort:statistics/moments", to: "main")]
        return draft
    }

    @Test("refuses a link that its importer does not import, or imports twice")
    func linkImports() throws {
        #expect(try linked(importer: Self.plain, exporter: Self.plain).refusal()?.code == "admission.link.import")
        var draft = try draft(
            """
            (component
              (import "a:b/c@0.2.0" (instance))
              (import "a:b/c@0.2.1" (instance))
              (instance $i)
              (export "wasi:cli/run@0.2.3" (instance $i)))
            """)
        draft.parts.append(.init(name: "site", binary: try WasmTools.parse(Self.plain)))
        draft.channels = [ManifestFixture.link("a:b/c", from: "site", "wasi:cli/run", to: "main")]
        #expect(try draft.refusal()?.code == "admission.ambiguous")
    }

    /// `wasi:filesystem/types` with its resource, and what else a case adds.
    private static func withDescriptor(_ rest: String) -> String {
        """
        (component
          (import "wasi:filesystem/types@0.2.3" (instance $files
            (export "descriptor" (type $d (sub resource)))
            (export "[method]descriptor.sync" (func (param "self" (borrow $d))))
            (type $size u64)
            (export "size" (type (eq $size)))))
          (alias export $files "descriptor" (type $descriptor))
          (alias export $files "size" (type $size))
          (alias export $files "[method]descriptor.sync" (func $sync))
        \(rest))
        """
    }

    private static let run = "(instance $run) (export \"wasi:cli/run@0.2.3\" (instance $run))"

    @Test(
        "refuses a link whose importer would receive a handle of the host",
        arguments: [
            """
            (type $o (own $descriptor))
            (type $i (instance (alias outer 1 $o (type $t)) (export "f" (func (result $t)))))
            """,
            """
            (type $i (instance (alias outer 1 $descriptor (type $d)) (export "d" (type $e (eq $d)))
              (type $b (borrow $e)) (type $l (list $b)) (type $r (record (field "a" $l)))
              (export "f" (func (param "x" (option $r))))))
            """,
            """
            (type $i (instance
              (type $n (instance (alias outer 2 $descriptor (type $d)) (export "d" (type (eq $d)))))
              (export "n" (instance (type $n)))))
            """,
        ])
    func importerReachesHost(_ types: String) throws {
        let importer = Self.withDescriptor("\(types) (import \"site-a\" (instance (type $i))) \(Self.run)")
        var draft = try linked(importer: importer, exporter: Self.plain)
        draft.parts[0].imports = ["wasi:filesystem/types"]
        #expect(try draft.refusal() == .linkReachesHost(draft.name, "site-a"))
    }

    @Test(
        "refuses one that names an interface of the host or a shim and has a resource",
        arguments: ["wasi:filesystem/types@0.2.3", "twocvm:guest/files"])
    func importerNamesHost(_ interface: String) throws {
        let importer = """
            (component
              (import "site-a" (implements "\(interface)") (instance (export "handle" (type (sub resource)))))
              \(Self.run))
            """
        #expect(try linked(importer: importer, exporter: Self.plain).refusal()?.code == "admission.link.resource")
    }

    @Test(
        "refuses a link whose exporter would give a handle of the host away",
        arguments: [
            // The interface itself, handed on.
            "(export \"cohort:statistics/moments\" (instance $files))",
            // Its function in another instance.
            "(instance $i (export \"f\" (func $sync))) (export \"cohort:statistics/moments\" (instance $i))",
            // Its type, with a stated type that hides it.
            """
            (instance $i (export "d" (type $descriptor)))
            (export "cohort:statistics/moments" (instance $i) (instance (export "d" (type (sub resource)))))
            """,
            // Through a component inside, which only passes on what it is given.
            """
            (component $c
              (import "d" (type $d (sub resource)))
              (import "f" (func $f (param "self" (borrow $d))))
              (instance $i (export "d" (type $d)) (export "f" (func $f)))
              (export "i" (instance $i)))
            (instance $c (instantiate $c (with "d" (type $descriptor)) (with "f" (func $sync))))
            (alias export $c "i" (instance $i))
            (export "cohort:statistics/moments" (instance $i))
            """,
            // Through two of them.
            """
            (component $outer
              (import "files" (instance $files (export "descriptor" (type (sub resource)))))
              (alias export $files "descriptor" (type $t))
              (component $inner
                (import "d" (type $d (sub resource)))
                (instance $i (export "d" (type $d)))
                (export "i" (instance $i)))
              (instance $inner (instantiate $inner (with "d" (type $t))))
              (export "o" (instance $inner)))
            (instance $o (instantiate $outer (with "files" (instance $files))))
            (alias export $o "o" (instance $x))
            (alias export $x "i" (instance $y))
            (export "cohort:statistics/moments" (instance $y))
            """,
        ])
    func exporterReachesHost(_ rest: String) throws {
        let draft = try linked(
            importer: Self.moments, exporter: Self.withDescriptor(rest), imports: ["wasi:filesystem/types"])
        #expect(try draft.refusal(ofPart: 1)?.code == "admission.link.resource")
    }

    @Test(
        "admits exports that use the host and give none of it away",
        arguments: [
            // A type of the host that is no resource.
            "(instance $i (export \"size\" (type $size))) (export \"cohort:statistics/moments\" (instance $i))",
            // A resource of its own.
            """
            (type $mine (resource (rep i32)))
            (instance $i (export "mine" (type $mine)))
            (export "cohort:statistics/moments" (instance $i))
            """,
            // A component inside that imports the host and exports something else.
            """
            (component $c
              (import "files" (instance (export "descriptor" (type (sub resource)))))
              (type $t (record (field "a" u8)))
              (instance $i (export "t" (type $t)))
              (export "i" (instance $i)))
            (instance $c (instantiate $c (with "files" (instance $files))))
            (alias export $c "i" (instance $i))
            (export "cohort:statistics/moments" (instance $i))
            """,
        ])
    func exporterKeepsHost(_ rest: String) throws {
        let draft = try linked(
            importer: Self.moments, exporter: Self.withDescriptor(rest), imports: ["wasi:filesystem/types"])
        #expect(try draft.refusal(ofPart: 1) == nil)
    }
}

extension ManifestDraft {
    /// The first part's name.
    var name: Name {
        get throws { try #require(Name(parts[0].name)) }
    }
}
