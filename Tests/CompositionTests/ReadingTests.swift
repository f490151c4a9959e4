import Composition
import Primitives
import TestSupport
import Testing

/// Each file in Tests/Components/Reading is one component and the reader's verdict on it.
@Suite("Reading components")
struct ReadingTests {
    @Test("gives each component its verdict", arguments: try ComponentText.all(in: "Reading"))
    func verdict(_ component: ComponentText) throws {
        let binary = try component.binary()
        #expect(try readingVerdict(on: binary) == component.header("expect"))
    }

    @Test("accepts nothing that wasm-tools refuses", arguments: try ComponentText.all(in: "Reading"))
    func agreesWithAnotherReader(_ component: ComponentText) throws {
        guard try component.header("expect") == "accepted" else { return }
        #expect(try WasmTools.refusal(of: component.binary()) == nil)
    }

    /// What only instructions use is the engine's to refuse: bodies are not read here.
    private static let inInstructions: Set = [
        "atomic-load", "gc-i31", "memory-control", "relaxed-simd", "tail-call", "wide-arithmetic",
    ]

    @Test("refuses by name what the engine refuses", arguments: try ComponentText.all(in: "Features"))
    func agreesWithTheEngine(_ component: ComponentText) throws {
        let verdict = try readingVerdict(on: try component.binary())
        let isAllowed = try component.header("expect") == "accepted"
        if component.description == "multi-memory" {
            #expect(verdict == "component.feature.multipleMemories")
        } else if isAllowed || Self.inInstructions.contains(component.description) {
            #expect(verdict == "accepted")
        } else {
            #expect(verdict.hasPrefix("component.feature.") || verdict == "component.unknown", "\(verdict)")
        }
    }

    @Test("names every feature that it keeps out in a test component")
    func everyFeatureIsShown() throws {
        let shown = Set(try ComponentText.all(in: "Reading").map { try $0.header("expect") })
        for feature in RefusedFeature.allCases where feature != .nameAttributes {
            #expect(shown.contains("component.feature.\(feature.rawValue)"), "no component for \(feature.rawValue)")
        }
    }

    @Test("takes as many instances of one component as the engine, both kinds together, and no more")
    func instances() throws {
        let core = "(core instance (instantiate $m))"
        let nested = "(instance (instantiate $c))"
        for (body, isTaken) in [
            (String(repeating: core, count: 4_096), true), (String(repeating: core, count: 4_097), false),
            (String(repeating: core, count: 2_048) + String(repeating: nested, count: 2_048), true),
            (String(repeating: core, count: 2_048) + String(repeating: nested, count: 2_049), false),
        ] {
            let binary = try WasmTools.parse("(component (core module $m) (component $c) \(body))")
            #expect((try readingVerdict(on: binary) == "accepted") == isTaken)
            #expect((try WasmTools.refusal(of: binary) == nil) == isTaken)
        }
    }

    @Test("takes as many modules and components as the engine, both and nested ones counted, and no more")
    func modules() throws {
        for (count, isTaken) in [(498, true), (499, false)] {
            let nested = "(component \(String(repeating: "(core module)", count: count)))"
            let binary = try WasmTools.parse("(component \(nested) \(nested))")
            #expect((try readingVerdict(on: binary) == "accepted") == isTaken)
            #expect((try WasmTools.refusal(of: binary) == nil) == isTaken)
        }
    }

    @Test("says what a component imports, exports and needs")
    func describes() throws {
        let binary = try WasmTools.parse(
            """
            (component
              (import "wasi:random/random@0.2.3" (instance (export "get-random-u64" (func (result u64)))))
              (import "site-a" (implements "cohort:statistics/moments") (instance (export "f" (func))))
              (core module $m (memory 3) (table 5 9 funcref))
              (core instance (instantiate $m))
              (core instance (instantiate $m))
              (instance $i)
              (export "cohort:statistics/sum@1.0.0" (instance $i)))
            """)
        let description = try ComponentDescription(of: binary)
        #expect(description.binary.imports.map(\.name.base) == ["wasi:random/random", "site-a"])
        #expect(description.binary.imports[0].name.version == "0.2.3")
        #expect(description.binary.imports[1].implemented?.base == "cohort:statistics/moments")
        #expect(description.binary.exports.map(\.name.description) == ["cohort:statistics/sum@1.0.0"])
        #expect(description.binary.coreInstanceCount == 2)
        #expect(description.memories == [.init(minimum: 3, maximum: nil, instanceCount: 2)])
        #expect(description.tables == [.init(minimum: 5, maximum: 9, instanceCount: 2)])
        #expect(description.leastMemoryMiB == 1)
        #expect(
            description.manifestLines.hasSuffix(
                """
                 "imports": ["wasi:random/random"],
                 "memoryMiB": 64,
                 "randomness": "<real or repeatable>"}
                {"link": "site-a", "importer": "<name>", "exporter": "<component>", \
                "export": "cohort:statistics/moments"}
                """))
        _ = try JSONValue(parsing: description.json.canonicalBytes, maximumByteCount: 1 << 16)
    }
}

/// The reader's verdict on bytes, as vectors state it.
func readingVerdict(on bytes: [UInt8]) throws -> String {
    do throws(ComponentReadingError) {
        _ = try ComponentBinary(decoding: bytes)
        return "accepted"
    } catch {
        return error.code
    }
}
