import Commitments
import Composition
import TestSupport
import Testing

/// Imports that hold types and nothing else, as WIT's `use` makes them: nobody exports them.
@Suite("Imports of types alone")
struct TypesAloneTests {
    private static let wit = """
        package x:y;
        interface types { record point { a: u32, b: u32 } }
        interface more {
            use types.{point};
            enum color { red, green }
            flags marks { first, second }
            variant shape { dot(point), line(tuple<point, point>), none }
            record drawing { shapes: list<shape>, color: option<color>, marks: result<marks, string> }
        }
        interface api { use types.{point}; f: func(p: point) -> point; }
        interface draw { use more.{drawing, shape}; draw: func(d: drawing) -> result<shape, drawing>; }
        interface owner { resource thing; }
        interface run { run: func() -> result; }
        world exporter { export api; }
        world importer { import api; export run; }
        world painter { export draw; }
        world drawer { import draw; import api; export run; }
        world typer { export types; }
        world used { use types.{point}; use more.{drawing}; export run; }
        world made { record local { a: u8 } type alias = local; export run; }
        world owning { use owner.{thing}; export run; }
        world possessing { resource own-thing; export run; }
        """

    private func draft(_ parts: (name: String, world: String)...) throws -> ManifestDraft {
        ManifestDraft(
            try parts.map { .init(name: $0.name, binary: try WasmTools.dummy(of: $0.world, in: Self.wit)) },
            run: "x:y/run")
    }

    @Test("are met, so that two components share a record through an interface that nobody exports")
    func record() throws {
        var draft = try draft(("main", "importer"), ("site", "exporter"))
        draft.channels = [ManifestFixture.link("x:y/api", from: "site", "x:y/api", to: "main")]
        #expect(try WasmTools.refusal(of: draft.composed().bytes) == nil)
    }

    @Test("are met with types of every kind, and with types of other such imports")
    func everyKind() throws {
        var draft = try draft(("main", "drawer"), ("site", "exporter"), ("painter", "painter"))
        draft.channels = [
            ManifestFixture.link("x:y/api", from: "site", "x:y/api", to: "main"),
            ManifestFixture.link("x:y/draw", from: "painter", "x:y/draw", to: "main"),
        ]
        #expect(try WasmTools.refusal(of: draft.composed().bytes) == nil)
    }

    @Test("are met at the world's level", arguments: ["used", "made"])
    func world(_ world: String) throws {
        #expect(try WasmTools.refusal(of: draft(("main", world)).composed().bytes) == nil)
    }

    @Test("may be listed, or linked to a component that exports the types")
    func providers() throws {
        var draft = try draft(("main", "importer"), ("site", "exporter"), ("typer", "typer"))
        draft.channels = [
            ManifestFixture.link("x:y/api", from: "site", "x:y/api", to: "main"),
            ManifestFixture.link("x:y/types", from: "typer", "x:y/types", to: "main"),
        ]
        draft.parts[1].imports = ["x:y/types"]
        #expect(try WasmTools.refusal(of: draft.composed().bytes) == nil)
    }

    @Test("still differ from a link's other end where the types do")
    func otherTypes() throws {
        var draft = try draft(("main", "importer"), ("site", "exporter"))
        let other = Self.wit.replacing("a: u32, b: u32", with: "a: u32, b: u64")
        draft.parts[1].binary = try WasmTools.dummy(of: "exporter", in: other)
        draft.channels = [ManifestFixture.link("x:y/api", from: "site", "x:y/api", to: "main")]
        let composed = try draft.composed()
        let words = try #require(try WasmTools.refusal(of: composed.bytes))
        #expect(composed.refusal(explaining: words)?.code == "engine.link", "\(words)")
    }

    @Test("carry a resource of the host on, taken from the import that has it")
    func hostResource() throws {
        let text = """
            (component
              (import "wasi:io/error@0.2.0" (instance $io (export "error" (type (sub resource)))))
              (alias export $io "error" (type $error))
              (import "error" (type $named (eq $error)))
              (import "x:y/failures" (instance
                (alias outer 1 $named (type $e)) (export "error" (type $f (eq $e)))
                (type $o (own $f)) (type $r (result (error $o))) (export "outcome" (type (eq $r)))))
              (instance $run)
              (export "wasi:cli/run@0.2.3" (instance $run)))
            """
        let draft = ManifestDraft([
            .init(name: "main", binary: try WasmTools.parse(text), imports: ["wasi:io/error"])
        ])
        #expect(try WasmTools.refusal(of: draft.composed().bytes) == nil)
    }

    @Test("need somebody once a function or a resource is among them")
    func refused() throws {
        for (world, code) in [
            ("owning", "admission.import.unlisted"), ("possessing", "admission.import.kind"),
            ("importer", "admission.import.unlisted"),
        ] {
            #expect(try draft(("main", world)).refusal()?.code == code, "\(world)")
        }
        let resource = "(import \"a:b/c\" (instance (export \"t\" (type (sub resource)))))"
        let own = "(import \"a:b/c\" (instance (export \"t\" (type $t (sub resource))) (export \"u\" (type (eq $t)))))"
        let empty = "(import \"a:b/c\" (instance))"
        for text in [resource, own, empty] {
            let draft = ManifestDraft([.init(name: "main", binary: try WasmTools.parse("(component \(text))"))])
            #expect(try draft.refusal()?.code == "admission.import.unlisted", "\(text)")
        }
    }

    @Test("of the host's interfaces stay grants that a manifest lists")
    func hostTypes() throws {
        let text = """
            (component
              (import "wasi:clocks/wall-clock@0.2.0" (instance
                (type $d (record (field "seconds" u64) (field "nanoseconds" u32))) (export "datetime" (type (eq $d))))))
            """
        let draft = ManifestDraft([.init(name: "main", binary: try WasmTools.parse(text))])
        #expect(try draft.refusal()?.code == "admission.import.unlisted")
    }

    @Test("are written once, however many imports have them")
    func writtenOnce() throws {
        let fields = (0..<200).map { "(field \"f\($0)\" u8)" }.joined()
        let imports = (0..<2_000).map { "(import \"i\($0)\" (instance (type $i)))" }.joined()
        let text = """
            (component
              (type $i (instance (type $r (record \(fields))) (export "r" (type (eq $r)))))
              \(imports) (instance $run) (export "wasi:cli/run@0.2.3" (instance $run)))
            """
        let draft = ManifestDraft([.init(name: "main", binary: try WasmTools.parse(text))])
        let composed = try draft.composed()
        #expect(composed.bytes.count < draft.parts[0].binary.count + 60_000)
        #expect(try WasmTools.refusal(of: composed.bytes) == nil)
    }

    @Test("are bounded, and a chain of them is followed without a stack")
    func bounded() throws {
        let chain = (1..<20_000).map { "(type (list \($0 - 1)))" }.joined()
        let text = """
            (component (type u8) \(chain) (import "t" (type (eq 19999)))
              (instance $run) (export "wasi:cli/run@0.2.3" (instance $run)))
            """
        let draft = ManifestDraft([.init(name: "main", binary: try WasmTools.parse(text))])
        #expect(throws: CompositionError.typesTooLarge(name("main"), maximum: 32 << 10)) { try draft.composed() }
    }

    @Test("are told by inspecting, and no link is proposed for them")
    func inspected() throws {
        let description = try ComponentDescription(of: try WasmTools.dummy(of: "importer", in: Self.wit))
        #expect(description.binary.imports.map(\.needsNobody) == [true, false])
        #expect(!description.manifestLines.contains("x:y/types"))
        #expect(description.manifestLines.contains("x:y/api"))
    }
}
