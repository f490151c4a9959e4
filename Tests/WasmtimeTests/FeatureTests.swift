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

    @Test("refuses what is no component in binary form, component text above all")
    func refusesOtherForms() throws {
        let engine = try Engine()
        let module: [UInt8] = [0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00]
        let older: [UInt8] = [0x00, 0x61, 0x73, 0x6D, 0x0C, 0x00, 0x01, 0x00]
        let noise = [UInt8](repeating: 0xFF, count: 4096)
        for input in [[], module, older, noise, Array("(component)".utf8), Array(" (module)".utf8)] {
            #expect(throws: EngineError.notBinary) { try compile(input, with: engine) }
        }
    }

    @Test("refuses every truncation inside a section")
    func refusesTruncations() throws {
        let engine = try Engine()
        let component = try WasmTools.parse(Array("(component (core module (memory 1)))".utf8))
        // Cut at the preamble, what is left is an empty component.
        for count in 0..<component.count where count != 8 {
            #expect(throws: EngineError.self) { try compile(Array(component[..<count]), with: engine) }
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
