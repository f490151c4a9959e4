import TestSupport
import Testing
import WorkerJob

@Suite("What a worker tells in words", .serialized)
struct DiagnosticsTests {
    private static let named = """
        (component
          (core module $m (func $patient_alice (export "run") (result i32) unreachable))
          (core instance $i (instantiate $m))
          (func $run (result (result)) (canon lift (core func $i "run")))
          (instance $command (export "run" (func $run)))
          (export "wasi:cli/run@0.2.12" (instance $command)))
        """

    @Test("nothing at all in a sealed run")
    func silent() throws {
        let outcome = try JobFixture(try WasmTools.parse(Array(Self.named.utf8)), diagnostics: false).run()
        #expect(outcome.verdict == .trapped)
        #expect(outcome.diagnostics == "")
        #expect(outcome.memories == nil)
        #expect(outcome.strangeBytes.isEmpty)
    }

    @Test("how large memories became, in a rehearsal, before the verdict")
    func tellsMemories() throws {
        let outcome = try JobFixture(named: "Runs/grows-step-by-step", diagnostics: true).run()
        #expect(outcome.verdict == .completed)
        #expect(outcome.memories?.memories.map(\.pageCount) == [65])
        #expect(outcome.strangeBytes.isEmpty)
    }

    @Test("the engine's words and names in a rehearsal")
    func explains() throws {
        let outcome = try JobFixture(try WasmTools.parse(Array(Self.named.utf8)), diagnostics: true).run()
        #expect(outcome.verdict == .trapped)
        #expect(outcome.diagnostics.contains("patient_alice"))
        #expect(outcome.diagnostics.contains("unreachable"))
    }

    @Test("the import that is not of the host world")
    func namesTheImport() throws {
        let outcome = try JobFixture(named: "Runs/imports-the-unknown", diagnostics: true).run()
        #expect(outcome.verdict == .importsDiffer)
        #expect(outcome.diagnostics.contains("stranger:house/door"))
    }

    @Test("the status that a guest asked to exit with, before anything was called")
    func namesTheExit() throws {
        let outcome = try JobFixture(named: "Runs/exits-at-start", diagnostics: true).run()
        #expect(outcome.verdict == .trapped)
        #expect(outcome.diagnostics.contains("exit with status 0"))
    }
}
