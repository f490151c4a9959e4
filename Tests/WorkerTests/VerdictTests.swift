import Platform
import TestSupport
import Testing
import WorkerJob

/// The real executable, told what to do through a job folder, and believed only what its status pipe says.
@Suite("The worker's verdicts", .serialized)
struct VerdictTests {
    @Test(
        "one of these, whatever the component does",
        arguments: [
            ("answers-ok", Verdict.completed), ("calls-another-component", .completed),
            ("answers-error", .declined),
            ("traps-unreachable", .trapped), ("traps-out-of-bounds", .trapped), ("traps-stack-overflow", .trapped),
            ("exits-cleanly", .completed), ("exits-at-start", .trapped),
            ("traps-at-start", .notInstantiated), ("exports-nothing", .notInstantiated),
            ("run-returns-a-payload", .notInstantiated), ("imports-the-unknown", .importsDiffer),
            ("imports-http", .importsDiffer),
        ])
    func verdict(_ name: String, _ expected: Verdict) throws {
        let outcome = try JobFixture(named: "Runs/\(name)").run()
        #expect(outcome.verdict == expected)
        #expect(outcome.signals.first == .walled)
        #expect(outcome.signals.count <= 3)
        #expect(outcome.strangeBytes.isEmpty)
        #expect(outcome.ended)
        #expect(outcome.diagnostics == "")
    }

    @Test("refuses what is no component", arguments: ["", "\0asm", "garbage", "(component)"])
    func refusesGarbage(_ text: String) throws {
        let outcome = try JobFixture(Array(text.utf8)).run()
        #expect(outcome.signals == [.walled, .finished(.refusedByEngine)])
    }

    @Test("refuses a component with a feature that is off", arguments: ["threads", "memory64", "async-lift"])
    func refusesFeature(_ feature: String) throws {
        let name = feature == "threads" ? "shared-memory" : feature
        let outcome = try JobFixture(named: "Features/\(name)").run()
        #expect(outcome.signals == [.walled, .finished(.refusedByEngine)])
    }

    @Test("refuses an import of the host world under another version")
    func refusesOtherVersion() throws {
        let text = """
            (component
              (import "wasi:cli/exit@0.2.0" (instance (export "exit" (func (param "status" (result)))))))
            """
        let outcome = try JobFixture(try WasmTools.parse(Array(text.utf8))).run()
        #expect(outcome.signals == [.walled, .finished(.importsDiffer)])
    }

    @Test("refuses a binary that is not the one promised")
    func refusesOtherBinary() throws {
        var job = try JobFixture(named: "Runs/answers-ok")
        job.binary = try ComponentText(named: "Runs/answers-error").binary()
        #expect(try job.run().signals == [.walled, .finished(.jobUnreadable)])
    }

    @Test("waits for permission before a component's first instruction")
    func waitsForGo() throws {
        var job = try JobFixture(named: "Runs/answers-ok")
        job.isToGo = false
        job.patience = .seconds(1)
        let outcome = try job.run()
        #expect(outcome.signals == [.walled, .compiled])
        #expect(!outcome.ended)
    }

    @Test("is ended by its parent, however busy", arguments: ["loops-forever", "loops-at-start"])
    func isKilled(_ name: String) throws {
        var job = try JobFixture(named: "Jobs/\(name)")
        job.patience = .seconds(1)
        let clock = ContinuousClock()
        var outcome: Outcome?
        let taken = try clock.measure { outcome = try job.run() }
        #expect(outcome?.signals == [.walled, .compiled])
        #expect(outcome?.ended == false)
        #expect(taken < .seconds(30))
    }

    @Test("never says `required` walls are up when one is missing")
    func requiredWalls() throws {
        var job = try JobFixture(named: "Runs/answers-ok")
        job.policy = .required
        do {
            let outcome = try job.run()
            let expected: Verdict = outcome.missingWalls.isEmpty ? .completed : .wallMissing
            #expect(outcome.verdict == expected)
            #expect(outcome.signals.contains(.walled) == outcome.missingWalls.isEmpty)
        } catch PlatformError.wallsMissing(let walls) {
            // The parent itself lacks one and does not even let the worker go.
            #expect(!walls.isEmpty)
        }
    }
}
