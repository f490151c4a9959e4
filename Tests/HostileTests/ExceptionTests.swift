import Commitments
import Composition
import Execution
import Primitives
import TestSupport
import Testing
import WorkerJob

/// `features: ["exceptions"]`: what it opens, for whom, and what it opens for nobody else.
@Suite("Exceptions")
struct ExceptionTests {
    private static func part(_ name: String, _ component: String, throwing: Bool) throws -> Scene.Part {
        Scene.Part(
            name: name, binary: try ComponentText(named: "Exceptions/\(component)").binary(),
            features: throwing ? ["exceptions"] : [])
    }

    private func alone(_ component: String, throwing: Bool = true) throws -> Scene {
        Scene([try Self.part("main", component, throwing: throwing)])
    }

    /// A component that may throw, and a neighbour that it calls.
    private func beside(_ neighbour: String, throwing: Bool) throws -> Scene {
        var scene = Scene([
            try Self.part("main", "catches-a-neighbours", throwing: true),
            try Self.part("other", neighbour, throwing: throwing),
        ])
        scene.link("left", "main", "other", "hostile:guests/probe")
        return scene
    }

    @Test("are thrown and caught where the manifest says so", arguments: ["catches-its-own", "catches-without-a-tag"])
    func granted(_ component: String) throws {
        let scene = try alone(component)
        let ended = try scene.run()
        #expect(ended.failure == nil, "\(ended.words)")
        // The heap of what is thrown is none of the components' memories.
        let report = try #require(ended.report.memories)
        let memories = try #require(try scene.composed(under: try scene.manifest()).memories(in: report))
        #expect(memories.map(\.component.description) == ["main"])
        #expect(memories[0].peakBytes == (component == "catches-its-own" ? 65_536 : 0))
    }

    @Test("in a component's head are refused at admission without the feature")
    func unlisted() throws {
        let refusal = try alone("catches-its-own", throwing: false).refusal()
        #expect(refusal.code == "admission.component.feature.exceptions")
        #expect(refusal.hint?.contains(#""features": ["exceptions"]"#) == true)
    }

    @Test("in instructions alone are refused by the engine without the feature")
    func instructions() throws {
        let ended = try alone("catches-without-a-tag", throwing: false).run()
        #expect(ended.failure == .refusedByEngine, "\(ended.words)")
    }

    @Test("in a component without the feature are refused beside one that has it, nested ones too, and by name")
    func neighbour() throws {
        let scene = try beside("probe-catches-inside", throwing: false)
        let ended = try scene.run()
        #expect(ended.failure == .refusedByEngine, "\(ended.words)")
        let manifest = try scene.manifest()
        let words = try #require(ended.report.diagnostics?.engine)
        let refusal = try scene.composed(under: manifest).refusal(explaining: words)
        #expect(refusal == .component(manifest.components[1].name, .exceptions), "\(words)")
        #expect(try beside("probe-catches-inside", throwing: true).run().failure == .declined)
    }

    @Test("that leave a component trap, also where the caller catches everything")
    func leaving() throws {
        for scene in [try alone("throws-out"), try beside("probe-throws", throwing: true)] {
            let ended = try scene.run()
            #expect(ended.failure == .trapped, "\(ended.words)")
            #expect(try ended.outputs().isEmpty)
        }
    }

    @Test("that fill their heap end the run, within the bound of the largest memory")
    func heap() throws {
        var scene = try alone("fills-the-heap")
        scene.parts[0].memoryMiB = 32
        let ended = try scene.run()
        #expect(ended.failure == .trapped, "\(ended.words)")
        #expect(ended.report.diagnostics?.engine.contains("GC heap out of memory") == true, "\(ended.words)")
    }

    @Test("bring no garbage-collected types with them")
    func collected() throws {
        let text = "(component (core module (type (struct)) (tag)))"
        var scene = try alone("catches-its-own")
        scene.parts[0].binary = try WasmTools.parse(Array(text.utf8))
        scene.parts[0].imports = []
        #expect(try scene.refusal().code == "admission.component.feature.garbageCollection")
    }

    @Test("have the modules of all others named to the worker, shims and nested ones included")
    func plainModules() throws {
        let prober = try Guest.prober.binary()
        var scene = try beside("probe-catches-inside", throwing: false)
        scene.parts[1].binary = prober
        let composed = try scene.composed(under: try scene.manifest())
        let ranges = try #require(composed.plainModules)
        let magic: [UInt8] = [0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00]
        for range in ranges {
            #expect(Array(composed.bytes[range].prefix(8)) == magic)
            #expect(composed.subject(at: range.lowerBound) != .component(composed.manifest.components[0].name))
        }
        // Every other module of the binary, wherever it lies.
        let all = composed.bytes.indices.dropLast(8).count { Array(composed.bytes[$0..<$0 + 8]) == magic }
        let own = try ComponentText(named: "Exceptions/catches-a-neighbours").binary()
        let throwing = own.indices.dropLast(8).count { Array(own[$0..<$0 + 8]) == magic }
        #expect(ranges.count == all - throwing)
        let job = Job(composed, diagnostics: true)
        #expect(try Job(decoding: job.json.canonicalBytes).plainModules == ranges)
    }

    @Test("cost the run one memory more, which is reserved at the lock")
    func reserved() throws {
        let (with, without) = (try alone("catches-without-a-tag"), try alone("catches-without-a-tag", throwing: false))
        let (more, less) = (try with.manifest(), try without.manifest())
        let heap =
            try with.composed(under: more).memoryByteCount - (try without.composed(under: less).memoryByteCount)
        #expect(heap == 0, "this component has no memory at all")
        let main = try alone("catches-its-own")
        let manifest = try main.manifest()
        let composed = try main.composed(under: manifest)
        #expect(composed.memoryByteCount == 2 * composed.storeLimits.memoryBytes)
        #expect(composed.memoryByteCount <= CompositionBounds(manifest).memoryByteCount)
        #expect(CompositionBounds(more).memoryByteCount > CompositionBounds(less).memoryByteCount)
    }

    @Test("change nothing of a run that does not say so")
    func unchanged() throws {
        let composed = try alone("catches-without-a-tag", throwing: false)
        let job = Job(try composed.composed(under: try composed.manifest()), diagnostics: true)
        #expect(job.plainModules == nil)
        #expect(!String(decoding: job.json.canonicalBytes, as: UTF8.self).contains("plainModules"))
    }
}
