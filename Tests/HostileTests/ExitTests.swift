import Composition
import Execution
import TestSupport
import Testing

/// Exit ends the run from the component that runs, and from no other: nobody fakes the end of another's work.
@Suite("Exit")
struct ExitTests {
    /// Calls exit in `go` with a status, and offers what it imports as its own.
    private static func exporter(_ status: Int) throws -> [UInt8] {
        try WasmTools.parse(
            """
            (component
              (import "wasi:cli/exit@0.2.0" (instance $e (export "exit" (func (param "status" (result))))))
              (core func $exit (canon lower (func $e "exit")))
              (core module $m (import "e" "exit" (func $exit (param i32)))
                (func (export "go") (call $exit (i32.const \(status)))))
              (core instance $m (instantiate $m (with "e" (instance (export "exit" (func $exit))))))
              (func $go (canon lift (core func $m "go")))
              (instance $c (export "go" (func $go)))
              (export "test:exits/c" (instance $c))
              (export "wasi:cli/exit@0.2.0" (instance $e)))
            """)
    }

    /// Calls an imported function, and answers ok.
    private static func runner(_ interface: String, _ type: String, _ call: String) throws -> [UInt8] {
        let function = interface.hasSuffix("/c") ? "go" : "exit"
        let parameters = type.isEmpty ? "" : "(param i32)"
        return try WasmTools.parse(
            """
            (component
              (import "\(interface)" (instance $c (export "\(function)" (func \(type)))))
              (core func $f (canon lower (func $c "\(function)")))
              (core module $m (import "c" "f" (func $f \(parameters)))
                (func (export "run") (result i32) \(call) (i32.const 0)))
              (core instance $m (instantiate $m (with "c" (instance (export "f" (func $f))))))
              (func $run (result (result)) (canon lift (core func $m "run")))
              (instance $r (export "run" (func $run)))
              (export "wasi:cli/run@0.2.0" (instance $r)))
            """)
    }

    /// Who called exit, as a rehearsal tells it.
    private func exiting(_ scene: Scene, _ ended: Ended) throws -> String? {
        try scene.composed(under: try scene.manifest()).refusedExit(explaining: ended.words)?.message
    }

    @Test("of the component that runs completes the run, or declines it", arguments: [0, 1])
    func direct(_ status: Int) throws {
        let binary = try Self.runner(
            "wasi:cli/exit@0.2.0", "(param \"status\" (result))", "(call $f (i32.const \(status))) unreachable")
        let scene = Scene([.init(name: "main", binary: binary)])
        let ended = try scene.run()
        #expect(ended.failure == (status == 0 ? nil : .declined), "\(ended.words)")
        #expect(ended.words.contains("called exit with an error") == (status != 0))
        #expect(try exiting(scene, ended) == nil)
    }

    @Test("of a linked component traps, whatever it says, and is told by its name", arguments: [0, 1])
    func linked(_ status: Int) throws {
        var scene = Scene([
            .init(name: "main", binary: try Self.runner("test:exits/c", "", "(call $f)")),
            .init(name: "site-a", binary: try Self.exporter(status)),
        ])
        scene.link("test:exits/c", "main", "site-a", "test:exits/c")
        let ended = try scene.run()
        #expect(ended.failure == .trapped, "\(ended.words)")
        #expect(try exiting(scene, ended) == "site-a called exit", "\(ended.words)")
    }

    @Test("that one component offers another through a link is its own, which traps", arguments: [0, 1])
    func offered(_ status: Int) throws {
        let type = "(param \"status\" (result))"
        var scene = Scene([
            .init(
                name: "main",
                binary: try Self.runner("wasi:cli/exit@0.2.0", type, "(call $f (i32.const \(status)))"), imports: []),
            .init(name: "site-a", binary: try Self.exporter(status)),
        ])
        scene.link("wasi:cli/exit", "main", "site-a", "wasi:cli/exit")
        let ended = try scene.run()
        #expect(ended.failure == .trapped, "\(ended.words)")
        #expect(try exiting(scene, ended) == "site-a called exit", "\(ended.words)")
    }

    /// What was written before is collected as after a return.
    @Test(
        "leaves what was written before, which is released when it ends well",
        arguments: [
            ("exit", nil), ("exit-code|0", nil), ("exit-failed", FailureReason.declined), ("exit-code|7", .declined),
        ])
    func written(_ attack: String, _ expected: FailureReason?) throws {
        var scene = try Scene.ending(["write|/output/good|4", attack])
        scene.release("good", of: "main", at: "/output/good", maximumBytes: 4)
        let ended = try scene.run()
        #expect(ended.failure == expected, "\(ended.words)")
        #expect(try ended.outputs()["good"]?.count == (expected == nil ? 4 : nil))
    }

    @Test("before anything was called is no end of a run")
    func atStart() throws {
        let binary = try ComponentText(named: "Runs/exits-at-start").binary()
        let ended = try Scene([.init(name: "main", binary: binary)]).run()
        #expect(ended.failure == .trapped || ended.failure == .notInstantiated, "\(ended.words)")
    }
}
