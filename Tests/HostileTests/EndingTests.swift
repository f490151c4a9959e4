import Execution
import TestSupport
import Testing

/// How components end, as the one who called the run is told. No way of ending badly looks like a good one.
@Suite("Bad endings")
struct EndingTests {
    @Test(
        "are told apart, and none is taken for a completed run",
        arguments: [
            ("Runs/answers-error", FailureReason.declined), ("Runs/traps-unreachable", .trapped),
            ("Runs/traps-out-of-bounds", .trapped), ("Runs/traps-stack-overflow", .trapped),
            ("Runs/traps-past-the-guard", .trapped),
            ("Runs/traps-at-start", .notInstantiated),
            ("Jobs/loops-forever", .runDeadline(seconds: 1)), ("Jobs/loops-at-start", .runDeadline(seconds: 1)),
            ("Hostile/uses-memory-past-its-cap", .trapped),
        ])
    func ending(_ name: String, _ expected: FailureReason) throws {
        let component = try ComponentText(named: name)
        let memoryMiB = component.optionalHeader("memoryMiB").flatMap(Int.init) ?? 16
        var scene = Scene([.init(name: "main", binary: try component.binary(), memoryMiB: memoryMiB)])
        scene.wallTimeSeconds = 1
        let ended = try scene.run()
        #expect(ended.failure == expected, "\(ended.words)")
    }

    @Test("grows its memory to the cap and not a page further")
    func growsToItsCap() throws {
        let ended = try Scene.alone("grows-to-its-cap", memoryMiB: 1).run()
        #expect(ended.failure == nil, "\(ended.words)")
    }

    /// What the prober had written before is whole, and is not released.
    @Test(
        "releases nothing, however good the output looked before",
        arguments: [
            ("exit-failed", FailureReason.declined), ("exit-code|1", .declined), ("trap", .trapped),
            ("no-such-attack", .declined),
            ("exhaust-memory", .trapped), ("exhaust-preopens", .trapped), ("random-at-once|1048577", .trapped),
            ("loop", .runDeadline(seconds: 2)),
        ])
    func releasesNothing(_ attack: String, _ expected: FailureReason) throws {
        var scene = try Scene.probing(["write|/output/good|4", attack])
        scene.release("good", of: "main", at: "/output/good", maximumBytes: 4)
        scene.wallTimeSeconds = 2
        let ended = try scene.run()
        #expect(ended.failure == expected, "\(ended.words)")
        #expect(try ended.outputs().isEmpty)
    }

    @Test("of a compiler that is kept busy comes at the deadline")
    func compileBomb() throws {
        // One function of several million instructions, each of which needs the one before.
        let steps = String(repeating: "global.get 0 i32.popcnt global.get 0 i32.mul global.set 0 ", count: 600_000)
        let text = """
            (component
              (core module $m (global (mut i32) (i32.const 1))
                (func (export "run") (result i32) \(steps) i32.const 0))
              (core instance $i (instantiate $m))
              (func $run (result (result)) (canon lift (core func $i "run")))
              (instance $command (export "run" (func $run)))
              (export "wasi:cli/run@0.2.12" (instance $command)))
            """
        // What it may have as memory is the worker's: room for a compiler that would else run out of it first.
        var scene = Scene([.init(name: "main", binary: try WasmTools.parse(text), memoryMiB: 4096)])
        scene.compileSeconds = 1
        let clock = ContinuousClock()
        var ended: Ended?
        let taken = try clock.measure { ended = try scene.run() }
        #expect(ended?.failure == .compileDeadline(seconds: 1), "\(ended?.words ?? "")")
        #expect(taken < .seconds(30))
    }
}
