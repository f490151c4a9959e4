import Commitments
import Composition
import Execution
import TestSupport
import Testing
import WorkerJob

/// What a rehearsal tells of memory and of places, from the real engine.
@Suite("What a rehearsal tells", .serialized)
struct MemoryUseTests {
    /// A component that has a shim, and grows its memory by so many pages when it is called.
    private static func grower(by pages: Int, memory: String = "1") throws -> [UInt8] {
        try WasmTools.parse(
            """
            (component
              (import "twocvm:guest/files" (instance))
              (core module $m
                (memory \(memory))
                (func $grows_a_lot (export "run") (result i32)
                  (i32.eq (memory.grow (i32.const \(pages))) (i32.const -1))))
              (core instance $i (instantiate $m))
              (func $probe (result (result)) (canon lift (core func $i "run")))
              (instance $command (export "run" (func $probe)))
              (export "wasi:cli/run@0.2.12" (instance $command))
              (instance $x (export "probe" (func $probe)))
              (export "hostile:guests/probe" (instance $x)))
            """)
    }

    private func memories(_ scene: Scene) throws -> [ComponentMemory]? {
        let composed = try scene.composed(under: scene.manifest())
        return try #require(try scene.run().report.memories).memories(of: composed)
    }

    @Test("how large the memory of each component became, shims apart")
    func each() throws {
        var scene = Scene([
            .init(name: "main", binary: try ComponentText(named: "Hostile/calls-two-probes").binary()),
            .init(name: "left", binary: try Self.grower(by: 3)),
            .init(name: "right", binary: try Self.grower(by: 255, memory: "1 65536"), memoryMiB: 16),
        ])
        scene.link("left", "main", "left", "hostile:guests/probe")
        scene.link("right", "main", "right", "hostile:guests/probe")
        let found = try #require(try memories(scene))
        #expect(found.map(\.component.description) == ["left", "right", "main"])
        #expect(found.map(\.peakBytes) == [4 << 16, 256 << 16, 0])
        #expect(found.map(\.reachedBound) == [false, true, false])
    }

    @Test("a bound that was reached, of a run that trapped too, and none that a module set itself")
    func bounds() throws {
        for (name, reached) in [("grows-to-its-cap", true), ("uses-memory-past-its-cap", false)] {
            let found = try #require(try memories(Scene.alone(name, memoryMiB: 1)))
            #expect(found.map(\.reachedBound) == [reached], "\(name)")
        }
        let own = Scene([.init(name: "main", binary: try Self.grower(by: 3, memory: "1 4"))])
        #expect(try memories(own)?.map(\.reachedBound) == [false])
    }

    @Test("which component trapped, at which byte of its file, and in which function")
    func places() throws {
        let text = """
            (component
              (core module $m (memory 1) (func $patients_add_up (export "run") (result i32) unreachable))
              (core instance $i (instantiate $m))
              (func $run (result (result)) (canon lift (core func $i "run")))
              (instance $command (export "run" (func $run)))
              (export "wasi:cli/run@0.2.12" (instance $command)))
            """
        let binary = try WasmTools.parse(text)
        let scene = Scene([.init(name: "main", binary: binary)])
        let words = try #require(try scene.run().report.diagnostics?.engine)
        let located = try scene.composed(under: scene.manifest()).located(words)
        // Where `unreachable` stands, after the count of locals.
        let place = try #require(binary.indices.first { binary[$0...].starts(with: [0x03, 0x00, 0x00, 0x0B]) })
        #expect(located.contains("main at 0x\(String(place + 2, radix: 16)) - m!patients_add_up"), "\(located)")
    }

    @Test("nothing of a fault that a component does not have: types that nobody exports are met")
    func typesAlone() throws {
        let wit = """
            package x:y;
            interface types { record point { a: u32, b: u32 } }
            interface api { use types.{point}; f: func(p: point) -> point; }
            interface run { run: func() -> result; }
            world exporter { export api; }
            world importer { import api; export run; }
            """
        var scene = Scene([
            .init(name: "main", binary: try WasmTools.dummy(of: "importer", in: wit)),
            .init(name: "site", binary: try WasmTools.dummy(of: "exporter", in: wit)),
        ])
        scene.export = "x:y/run"
        scene.link("x:y/api", "main", "site", "x:y/api")
        let ended = try scene.run()
        // The functions are dummies that trap: the engine took the types.
        #expect(ended.failure == .trapped, "\(ended.words)")
    }

    @Test(
        "the component and the instructions that the engine keeps out",
        arguments: [
            ("(func (export \"run\") (result i32) (return_call 0))", RefusedInstructions.tailCalls),
            (
                "(memory 1) (func (export \"run\") (result i32) (i32.atomic.load (i32.const 0)))",
                RefusedInstructions.threads
            ),
            (
                "(func (export \"run\") (result i32) (i64.add128 (i64.const 0) (i64.const 0) (i64.const 0)"
                    + " (i64.const 0)) drop drop i32.const 0)", RefusedInstructions.wideArithmetic
            ),
        ])
    func instructions(_ module: String, _ instructions: RefusedInstructions) throws {
        let text = """
            (component (core module $m \(module)) (core instance $i (instantiate $m))
              (func $run (result (result)) (canon lift (core func $i "run")))
              (instance $command (export "run" (func $run)))
              (export "wasi:cli/run@0.2.12" (instance $command)))
            """
        let scene = Scene([.init(name: "main", binary: try WasmTools.parse(text))])
        let ended = try scene.run()
        #expect(ended.failure == .refusedByEngine)
        let composed = try scene.composed(under: scene.manifest())
        let words = try #require(ended.report.diagnostics?.engine)
        let name = try #require(Name("main"))
        #expect(
            composed.refusal(explaining: words) == .component(name, instructions),
            "\(words)")
    }

    @Test("that a table grows within the component's memory")
    func tables() throws {
        let text = """
            (component
              (core module $m (table 1 funcref)
                (func (export "run") (result i32)
                  (i32.or (i32.eq (table.grow (ref.null func) (i32.const 100000)) (i32.const -1))
                    (i32.ne (table.grow (ref.null func) (i32.const 100000)) (i32.const -1)))))
              (core instance $m (instantiate $m))
              (func $run (result (result)) (canon lift (core func $m "run")))
              (instance $r (export "run" (func $run)))
              (export "wasi:cli/run@0.2.0" (instance $r)))
            """
        // 1 MiB is 131,072 elements of eight bytes.
        let ended = try Scene([.init(name: "main", binary: try WasmTools.parse(text), memoryMiB: 1)]).run()
        #expect(ended.failure == nil, "\(ended.words)")
    }
}

extension MemoryReport {
    fileprivate func memories(of composed: ComposedBinary) -> [ComponentMemory]? { composed.memories(in: self) }
}
