import Primitives
import TestSupport
import Testing
import Wasmtime

/// Each file in Features is one component and the engine's verdict on it.
@Suite("Engine features")
struct FeatureTests {
    @Test("accepts what is listed and refuses the rest", arguments: try ComponentText.all(in: folder))
    func verdict(_ component: ComponentText) throws {
        let engine = try Engine()
        let binary = try component.binary()
        let expected = try component.header("expect")
        let words = try component.header("words")
        do throws(EngineError) {
            _ = try engine.compile(binary)
            #expect(expected == "accepted")
        } catch {
            #expect(error.code == expected)
            #expect(error.words?.description.contains(words) == true)
        }
    }

    @Test("shows a component for each feature that has a binary form")
    func coversEveryFeature() throws {
        let shown = Set(try ComponentText.all(in: Self.folder).map { try $0.header("feature") })
        for feature in EngineFeature.allCases where !Self.withoutBinaryForm.contains(feature) {
            #expect(shown.contains(feature.rawValue), "no component for \(feature.rawValue)")
        }
    }

    @Test("allows SIMD, the component model and what compilers emit, and nothing else")
    func allowList() {
        let allowed = EngineFeature.allCases.filter(\.isAllowed).map(\.rawValue)
        #expect(
            Set(allowed) == [
                "bulk-memory", "multi-value", "reference-types", "simd", "multi-memory", "component-model",
                "component-model-implements",
            ])
    }

    @Test("refuses a core module, truncations and noise")
    func refusesNoise() throws {
        let engine = try Engine()
        let component = try WasmTools.parse(Array("(component (core module (memory 1)))".utf8))
        let inputs =
            [[], [0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00], Array(repeating: 0xFF, count: 4096)]
            + (8..<component.count).filter { $0 != 8 }.map { Array(component[..<$0]) }
        for input in inputs {
            #expect(throws: EngineError.self) { try compile(input, with: engine) }
        }
    }

    private func compile(_ binary: [UInt8], with engine: borrowing Engine) throws(EngineError) {
        _ = try engine.compile(binary)
    }

    private static let folder = "Features"

    /// Switches of the library rather than shapes of a binary: nothing in a component could show them.
    private static let withoutBinaryForm: Set<EngineFeature> = [
        .branchHinting, .componentModel, .componentModelAccessors, .componentModelCanonicalNames,
        .componentModelMoreAsyncBuiltins, .concurrency, .gcSupport, .relaxedSIMDDeterministic, .sharedMemory,
    ]
}
