import Commitments
import Composition
import TestSupport
import Testing

/// Several components in one binary, and what is said when they do not fit.
@Suite("Links")
struct LinkTests {
    private static let site = """
        (component
          (core module $m (func (export "f") (result i32) i32.const 7))
          (core instance $m (instantiate $m))
          (func $f (result u32) (canon lift (core func $m "f")))
          (instance $i (export "f" (func $f)))
          (export "cohort:statistics/moments@1.2.0" (instance $i)))
        """

    private static func regression(result: String) -> String {
        """
        (component
          (type $i (instance (export "f" (func (result \(result))))))
          (import "site-a" (implements "cohort:statistics/moments") (instance (type $i)))
          (import "site-b" (implements "cohort:statistics/moments") (instance (type $i)))
          (import "cohort:statistics/moments@1.0.0" (instance (type $i)))
          (instance $run)
          (export "wasi:cli/run@0.2.3" (instance $run)))
        """
    }

    private func draft(result: String = "u32") throws -> ManifestDraft {
        let site = try WasmTools.parse(Self.site)
        var draft = ManifestDraft([
            .init(name: "regression", binary: try WasmTools.parse(Self.regression(result: result))),
            .init(name: "moments-a", binary: site), .init(name: "moments-b", binary: site),
        ])
        let export = "cohort:statistics/moments"
        draft.channels = [
            ManifestFixture.link("site-a", from: "moments-a", export, to: "regression"),
            ManifestFixture.link("site-b", from: "moments-b", export, to: "regression"),
            ManifestFixture.link(export, from: "moments-b", export, to: "regression"),
        ]
        return draft
    }

    @Test("connects renamed imports, one exporter's instance for all that import it")
    func connects() throws {
        let composed = try draft().composed()
        #expect(try WasmTools.refusal(of: composed.bytes) == nil)
        let description = try ComponentDescription(of: composed.bytes)
        #expect(description.binary.coreInstanceCount == 2)
        #expect(description.binary.componentInstanceCount == 4)
    }

    @Test("knows whose every byte is")
    func attribution() throws {
        let composed = try draft().composed()
        var offset = 0
        for entry in composed.attribution {
            #expect(entry.range.lowerBound == offset)
            offset = entry.range.upperBound
        }
        #expect(offset == composed.bytes.count)
        #expect(composed.subject(at: offset) == nil)
        let order = composed.attribution.compactMap { entry -> Name? in
            if case .component(let name) = entry.subject { name } else { nil }
        }
        #expect(order == [name("moments-a"), name("moments-b"), name("regression")])
    }

    @Test("turns a refusal of the types of a link into the manifest's words")
    func explainsTypes() throws {
        let draft = try draft(result: "u64")
        let composed = try draft.composed()
        let words = try #require(try WasmTools.refusal(of: composed.bytes))
        let refusal = composed.refusal(explaining: words)
        #expect(
            refusal?.message == "site-a, imported by regression from moments-a (channels[0]), has other types than "
                + "cohort:statistics/moments there", "\(words)")
    }

    @Test("turns a refusal of a component's own bytes into its name")
    func explainsComponents() throws {
        var draft = try draft()
        draft.parts[2].binary = try WasmTools.parse(
            Self.site.replacing("i32.const 7", with: "i64.const 7"))
        let composed = try draft.composed()
        let words = try #require(try WasmTools.refusal(of: composed.bytes))
        #expect(composed.refusal(explaining: words) == .component(name("moments-b"), nil))
    }

    @Test("names a component whose fault the engine finds behind its last byte")
    func explainsTheEnd() throws {
        var draft = try draft()
        // The binary's last section is this module, and no section of names follows it.
        draft.parts[2].binary = try WasmTools.parse(
            "\(Self.site.dropLast(1)) (core module (import \"\" \"\" (func)) (import \"\" \"\" (func))))"
                .replacing("$m", with: "0").replacing("$f", with: "0").replacing("$i", with: "0")
                .replacing("(core module 0", with: "(core module").replacing("(core instance 0", with: "(core instance")
                .replacing("(func 0 (result", with: "(func (result").replacing("(instance 0 (", with: "(instance ("))
        let composed = try draft.composed()
        let words = try #require(try WasmTools.refusal(of: composed.bytes))
        #expect(words.contains("duplicate import name"), "\(words)")
        let refusal = composed.refusal(explaining: words)
        #expect(refusal == .component(name("moments-b"), nil), "\(words)")
    }

    @Test(
        "names a component whose function uses what is kept out, and what it is",
        arguments: [
            ("tail calls", RefusedInstructions.tailCalls), ("wide arithmetic", .wideArithmetic),
            ("relaxed SIMD", .relaxedSIMD), ("threads", .threads), ("gc", .garbageCollection),
            ("exceptions", .exceptions),
        ])
    func explainsInstructions(_ words: String, _ instructions: RefusedInstructions) throws {
        let draft = try draft()
        let composed = try draft.composed()
        let place = try #require(composed.attribution.first { $0.subject == .component(name("moments-b")) })
        // Decimal, as the engine tells a fault in a function's body.
        let message =
            "1: Invalid input WebAssembly code at offset \(place.range.upperBound - 9): "
            + "\(words) support is not enabled"
        let refusal = composed.refusal(explaining: message)
        #expect(refusal == .component(name("moments-b"), instructions))
        #expect(refusal?.message.hasPrefix("moments-b uses ") == true)
    }

    @Test("turns a refusal of a host interface into the component's name")
    func explainsHostTypes() throws {
        let text = """
            (component
              (import "wasi:cli/environment@0.2.0" (instance (export "no-such-function" (func))))
              (instance $run)
              (export "wasi:cli/run@0.2.3" (instance $run)))
            """
        let draft = ManifestDraft([
            .init(name: "main", binary: try WasmTools.parse(text), imports: ["wasi:cli/environment"])
        ])
        let composed = try draft.composed()
        let words = try #require(try WasmTools.refusal(of: composed.bytes))
        #expect(composed.refusal(explaining: words) == .imports(name("main")))
    }

    @Test(
        "makes nothing of words that fit no place",
        arguments: ["", "at offset 0x", "at offset ", "at offset 99999999999", "offset 0xffffffffffffff", "trap"])
    func unknownWords(_ words: String) throws {
        let draft = try draft()
        #expect(try draft.composed().refusal(explaining: words) == nil)
    }

    @Test("refuses more modules and components than the engine takes, and makes a valid binary of fewer")
    func tooManyModules() throws {
        let error = #expect(throws: CompositionError.self) { try crowd(of: 100).composed() }
        #expect(error?.code == "composition.modules")
        #expect(try WasmTools.refusal(of: crowd(of: 40).composed().bytes) == nil)
    }

    @Test("refuses more instances than the engine takes, and makes a valid binary of fewer")
    func tooManyInstances() throws {
        let imports = (0..<1_000).map { index in
            """
            (type $t\(index) (instance (type u8) (export "t" (type (eq 0)))))
            (import "i\(index)" (instance (type $t\(index))))
            """
        }
        let export = "(instance $r) (export \"a:b/c\" (instance $r))"
        let part = try WasmTools.parse("(component \(imports.joined()) \(export))")
        let crowd = { (count: Int) in
            let names = (0..<count).map { "part-\($0)" }
            let main =
                "(component \(names.map { "(import \"\($0)\" (instance (export \"f\" (func))))" }.joined()) \(export))"
            var draft = ManifestDraft(
                [.init(name: "main", binary: try WasmTools.parse(main))] + names.map { .init(name: $0, binary: part) },
                run: "a:b/c")
            draft.channels = names.map { ManifestFixture.link($0, from: $0, "a:b/c", to: "main") }
            return draft
        }
        let error = #expect(throws: CompositionError.self) { try crowd(5).composed() }
        #expect(error?.code == "composition.instances")
        #expect(throws: Never.self) { try crowd(4).composed() }
    }

    /// Components with all imports that shims serve, linked to one.
    private func crowd(of count: Int) throws -> ManifestDraft {
        let names = (0..<count).map { "part-\($0)" }
        let imports = [
            "wasi:filesystem/types", "wasi:filesystem/preopens", "wasi:cli/environment", "wasi:cli/exit",
            "wasi:cli/stdout", "wasi:cli/stderr", "wasi:clocks/monotonic-clock", "wasi:clocks/wall-clock",
            "wasi:io/poll",
            "wasi:random/random", "wasi:random/insecure", "wasi:random/insecure-seed", "twocvm:guest/files",
        ]
        let export = "(instance $r) (export \"a:b/c\" (instance $r))"
        let interfaces = imports.map { "(import \"\($0)\($0.hasPrefix("wasi") ? "@0.2.0" : "")\" (instance))" }
        let part = try WasmTools.parse("(component \(interfaces.joined()) \(export))")
        let main = try WasmTools.parse(
            "(component \(names.map { "(import \"\($0)\" (instance))" }.joined()) \(export))")
        var draft = ManifestDraft(
            [.init(name: "main", binary: main)]
                + names.map { .init(name: $0, binary: part, imports: imports, randomness: "repeatable") },
            run: "a:b/c")
        draft.channels = names.map { ManifestFixture.link($0, from: $0, "a:b/c", to: "main") }
        return draft
    }
}
