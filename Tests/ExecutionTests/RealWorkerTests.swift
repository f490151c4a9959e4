import Commitments
import Composition
import Execution
import Foundation
import Platform
import Primitives
import TestSupport
import Testing
import WorkerJob

/// The real worker and real components, from a plan to outputs.
@Suite("Runs of the real worker")
struct RealWorkerTests {
    private let place = Place()

    private func run(
        _ component: String, data: String = "", diagnostics: Bool = true,
        change: (inout ExecutionPlan) throws -> Void = { _ in }
    ) throws -> RunReport {
        let binary = try ComponentText(named: component).binary()
        let job = Job(
            composedDigest: SHA256Digest(sha256: binary),
            preopens: [
                Preopen(folder: "in/a", name: "a:/data", access: .read),
                Preopen(folder: "out/a", name: "a:/output", access: .write),
            ],
            entry: "wasi:cli/run@0.2.12",
            storeLimits: StoreLimits(
                memoryBytes: 1 << 24, tableElements: 10_000, instances: 50, tables: 50, memories: 50),
            hostWorld: ["wasi:cli/exit@0.2.12", "wasi:filesystem/preopens@0.2.12", "wasi:filesystem/types@0.2.12"],
            diagnostics: diagnostics)
        let input = PlannedFile(name: Rehearsal.result, path: "in/a/data", maximumBytes: 100)
        let copy = PlannedFile(name: Rehearsal.result, path: "out/a/copy", maximumBytes: 100)
        var plan = ExecutionPlan(
            job: job.json.canonicalBytes, composed: binary, folders: ["in", "in/a", "log", "log/a", "out", "out/a"],
            files: ([input], [copy], []),
            limits: ExecutionLimits(compileSeconds: 60, wallTimeSeconds: 2, memoryBytes: 1 << 30))
        try change(&plan)
        let settings = ExecutionSettings(
            worker: try Program.sibling("2cvm-worker"), policy: .reported, diagnostics: diagnostics,
            temporaryParent: place.path)
        let prepared = try PreparedRun.prepare(plan, settings)
        if !plan.inputs.isEmpty {
            var arriving = try prepared.inputs.begin(input.path)
            try arriving.append(Array(data.utf8))
            try arriving.finish()
        }
        let report = try prepared.run()
        #expect(place.names == [])
        return report
    }

    private func failure(_ report: RunReport) -> FailureReason? {
        switch report.outcome {
        case .completed: nil
        case .failed(let reason): reason
        }
    }

    @Test("carry an input through a component to an output")
    func completes() throws {
        let report = try run("Jobs/copies-a-file", data: "four rows")
        guard case .completed(let outputs) = report.outcome else {
            Issue.record("\(report.outcome) \(report.diagnostics?.engine ?? "")")
            return
        }
        #expect(try outputs.map { try $0.read(upTo: 100, at: 0) } == [Array("four rows".utf8)])
    }

    @Test("release nothing when the copy is longer than its bound")
    func tooLarge() throws {
        let report = try run("Jobs/copies-a-file", data: "four rows") { plan in
            plan.releases[0] = PlannedFile(name: Rehearsal.result, path: "out/a/copy", maximumBytes: 8)
        }
        #expect(failure(report) == .outputTooLarge(Rehearsal.result, maximumBytes: 8))
    }

    @Test(
        "fail as the component does",
        arguments: [
            ("Runs/answers-ok", FailureReason.outputMissing(Rehearsal.result)), ("Runs/answers-error", .declined),
            ("Runs/traps-unreachable", .trapped), ("Runs/traps-stack-overflow", .trapped),
            ("Runs/exits-cleanly", .outputMissing(Rehearsal.result)), ("Runs/imports-the-unknown", .importsDiffer),
            ("Runs/traps-at-start", .notInstantiated), ("Features/shared-memory", .refusedByEngine),
            ("Jobs/loops-forever", .runDeadline(seconds: 2)),
        ])
    func fails(_ component: String, _ reason: FailureReason) throws {
        #expect(failure(try run(component)) == reason)
    }

    @Test("refuse another binary than the job's")
    func otherBinary() throws {
        let other = try ComponentText(named: "Runs/answers-error").binary()
        #expect(failure(try run("Runs/answers-ok") { $0.composed = other }) == .jobUnreadable)
    }

    @Test("say why code failed to the person who rehearses, and to nobody else")
    func diagnostics() throws {
        #expect(try run("Runs/traps-unreachable").diagnostics?.engine.contains("unreachable") == true)
        #expect(try run("Runs/traps-unreachable", diagnostics: false).diagnostics == nil)
    }

    @Test("stand behind every wall that this machine has")
    func walls() throws {
        let report = try run("Runs/answers-error")
        for wall in report.walls.missing { print("this machine lacks \(wall)") }
        #expect(!report.walls.missing.map(\.wall).contains(.systemCalls))
    }
}

@Suite("The survey of walls")
struct WallSurveyTests {
    @Test("finds what a run of the real worker finds")
    func agrees() throws {
        let found = try WallSurvey.take(worker: try Program.sibling("2cvm-worker"))
        #expect(try Rehearsal.orderly("").run().walls == found)
    }

    @Test("is not taken without a worker")
    func noWorker() {
        #expect(throws: ExecutionError.self) { try WallSurvey.take(worker: "/nowhere/2cvm-worker") }
    }
}
