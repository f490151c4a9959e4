import Commitments
import Execution
import Foundation
import Platform
import TestSupport
import Testing
import WorkerJob

/// Workers that say too much, too little, or nothing.
@Suite("Runs")
struct RunTests {
    private let write = "write:out/a/output/result:1"

    @Test(
        "fail when the worker breaks its protocol",
        arguments: [
            "byte:1 byte:2 byte:128", "walls byte:2 byte:128", "byte:128", "byte:1 byte:128", "walls byte:130",
            "walls byte:1", "byte:2", "byte:0", "walls byte:255", "walls byte:2 byte:2", "walls byte:2 go byte:2",
            "byte:64 byte:1", "byte:95 byte:1", "byte:65 byte:1 byte:65 byte:1", "walls byte:65 byte:1",
            "walls byte:2 go byte:134", "walls byte:2 go byte:128 byte:128",
        ])
    func misbehave(_ script: String) throws {
        // The pause keeps the process, so that its end is not what fails.
        let failure = try Rehearsal("\(script) try:sleep_long").failure()
        // A verdict too early, or a byte after it, may be read when the time for it has come or is over. The run
        // then fails for what it did not write.
        let isRace = script.hasSuffix("byte:128")
        #expect(failure == .workerMisbehaved || isRace && failure == .outputMissing(Rehearsal.result))
    }

    @Test(
        "fail when the worker ends without a verdict",
        arguments: [
            "walls", "walls byte:2", "walls byte:2 go write:out/a/output/result:1", "walls try:abort_itself",
        ])
    func dies(_ script: String) throws {
        #expect(try Rehearsal(script).failure() == .workerDied)
    }

    @Test("tell a worker that never began from one that died at its work")
    func neverBegan() throws {
        #expect(try Rehearsal("").failure() == .workerNotStarted)
    }

    @Test(
        "fail with the worker's verdict, and release nothing that was written",
        arguments: [
            (0x81, FailureReason.declined), (0x82, .trapped), (0x83, .refusedByEngine), (0x85, .notInstantiated),
            (0x87, .jobUnreadable),
        ])
    func verdicts(_ byte: Int, _ reason: FailureReason) throws {
        #expect(try Rehearsal(Rehearsal.begin + "\(write) byte:\(byte)").failure() == reason)
    }

    @Test(
        "fail before they compile",
        arguments: [
            ("walls byte:131", FailureReason.refusedByEngine), ("walls byte:132", .importsDiffer),
            ("byte:135", .jobUnreadable),
        ])
    func early(_ script: String, _ reason: FailureReason) throws {
        #expect(try Rehearsal(script).failure() == reason)
    }

    @Test("fail when the worker refuses to run without a wall")
    func refusesWithoutWall() throws {
        let report = try Rehearsal("byte:80 byte:38 byte:134").run()
        #expect(report.walls.missing.contains(MissingWall(.systemCalls, ErrorNumber(38))))
        guard case .failed(.wallsMissing(let missing)) = report.outcome else { Issue.record("ran"); return }
        #expect(missing.contains(MissingWall(.systemCalls, ErrorNumber(38))))
    }

    @Test("are refused when a required wall is missing, though the worker goes on")
    func requiredWall() throws {
        var rehearsal = Rehearsal("byte:80 byte:38 byte:1 byte:2 go \(write) byte:128")
        rehearsal.policy = .required
        do {
            guard case .failed(.wallsMissing(let missing)) = try rehearsal.run().outcome else {
                Issue.record("ran without a wall")
                return
            }
            #expect(missing == [MissingWall(.systemCalls, ErrorNumber(38))])
        } catch ExecutionError.platform(.wallsMissing(let missing)) {
            // This machine's parent lacks some itself, and does not start a worker at all.
            #expect(!missing.isEmpty)
        }
        #expect(rehearsal.place.names == [])
    }

    @Test("end at the deadline for compiling", arguments: ["try:spin", "walls try:spin", "walls try:sleep_long"])
    func compileDeadline(_ script: String) throws {
        var rehearsal = Rehearsal(script)
        rehearsal.limits.compileSeconds = 1
        #expect(try rehearsal.failure() == .compileDeadline(seconds: 1))
    }

    @Test("end at the deadline for running", arguments: ["try:spin", "try:sleep_long", "loud"])
    func runDeadline(_ script: String) throws {
        var rehearsal = Rehearsal.orderly("\(write) \(script)")
        rehearsal.diagnostics = true
        rehearsal.limits.wallTimeSeconds = 1
        #expect(try rehearsal.failure() == .runDeadline(seconds: 1))
    }

    @Test(
        "end when the worker hides what it writes from the eye outside",
        arguments: ["hide_in_odd_name", "hide_in_closed_folder", "hide_in_depth"])
    func hiddenFiles(_ attempt: String) throws {
        var rehearsal = Rehearsal.orderly("\(write) try:\(attempt)")
        rehearsal.limits.wallTimeSeconds = 3
        switch try rehearsal.failure() {
        case .filesExceeded, .tooManyFiles, .workerMisbehaved: break
        default: Issue.record("40 MiB were not seen")
        }
    }

    @Test("end when they are cancelled", .timeLimit(.minutes(1)))
    func cancelled() throws {
        var rehearsal = Rehearsal.orderly("\(write) try:spin")
        let cancellation = try Cancellation()
        rehearsal.cancellation = cancellation
        Thread.detachNewThread {
            usleep(100_000)
            cancellation.cancel()
        }
        #expect(try rehearsal.failure() == .cancelled)
    }

    @Test("are cancelled by an interrupt, which does not end this process", .timeLimit(.minutes(1)))
    func interrupted() throws {
        var rehearsal = Rehearsal.orderly("\(write) try:spin")
        let cancellation = try Cancellation()
        rehearsal.cancellation = cancellation
        let failure = try cancellation.whileInterruptsCancel {
            kill(getpid(), SIGINT)
            return try rehearsal.failure()
        }
        #expect(failure == .cancelled)
    }

    @Test("leave nothing when they are given up before they ran")
    func abandoned() throws {
        let rehearsal = Rehearsal("walls byte:2 go \(write) byte:128")
        do {
            var run = try rehearsal.prepare()
            #expect(rehearsal.place.names.count == 1)
            #expect(try run.awaitCompilation() == nil)
        }
        #expect(rehearsal.place.names == [])
    }

    @Test("tell how long they took, and what is missing around them")
    func report() throws {
        let report = try Rehearsal.orderly(write).run()
        #expect(report.compileTime > .zero && report.runTime > .zero)
        #expect(report.diagnostics == nil)
        for wall in report.walls.missing { print("this machine lacks \(wall)") }
    }
}

/// As in a sealed run: every wall required, and file systems of the plan's sizes.
@Suite("Runs that require every wall")
struct RequiredWallsTests {
    private func run(_ script: String) throws -> RunReport {
        var rehearsal = Rehearsal.orderly(script)
        rehearsal.policy = .required
        defer {
            #expect(rehearsal.place.names == [])
            let mounts = try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)
            #expect(mounts?.contains(rehearsal.place.path) == false)
        }
        do {
            return try rehearsal.run()
        } catch ExecutionError.platform(.wallsMissing(let missing)) {
            try Test.skip("this machine lacks \(missing)")
        }
    }

    @Test("complete, and leave nothing mounted")
    func completes() throws {
        let report = try run("write:out/a/output/result:100")
        guard case .completed(let outputs) = report.outcome else { Issue.record("\(report.outcome)"); return }
        #expect(report.walls.isComplete)
        #expect(try outputs[0].read(upTo: 1000, at: 0).count == 100)
    }

    @Test("give a component no more room than its outputs need")
    func bounded() throws {
        let report = try run("write:log/a/fill:3000000 write:out/a/output/result:100")
        guard case .completed = report.outcome else { Issue.record("\(report.outcome)"); return }
        let full = try run("write:out/a/output/x:90000 write:out/a/output/result:100")
        guard case .failed(.outputUnexpected) = full.outcome else { Issue.record("\(full.outcome)"); return }
        let many = try run("write:out/a/output/result:1 many:out/a/output:100000")
        guard case .failed(.outputUnexpected) = many.outcome else { Issue.record("\(many.outcome)"); return }
    }

    @Test("give temporary files a file system of the agreed size, for 1,024 of them")
    func temporary() throws {
        var rehearsal = Rehearsal.orderly("write:tmp/a/left:1000 write:out/a/output/result:1")
        rehearsal.policy = .required
        var plan = try rehearsal.plan
        plan.folders += ["tmp", "tmp/a"]
        plan.temporaryBytes = ["tmp/a": 3 << 20]
        do {
            let prepared = try rehearsal.prepare(plan)
            let folder = "\(rehearsal.place.path)/\(try #require(rehearsal.place.names.first))/job/tmp/a"
            let found = try FileManager.default.attributesOfFileSystem(forPath: folder)
            #expect((found[.systemSize] as? NSNumber)?.intValue == 3 << 20)
            #expect((found[.systemNodes] as? NSNumber)?.intValue == 1025)
            guard case .completed(let outputs) = try prepared.run().outcome else { Issue.record("failed"); return }
            #expect(outputs.map(\.name) == [Rehearsal.result])
        } catch ExecutionError.platform(.wallsMissing(let missing)) {
            print("skipped: this machine lacks \(missing)")
        }
        #expect(rehearsal.place.names == [])
    }

    @Test("are begun only when they can be")
    func unreadable() throws {
        var rehearsal = Rehearsal("walls")
        rehearsal.policy = .required
        var plan = try rehearsal.plan
        plan.folders.append("out/\(String(repeating: "n", count: 300))")
        #expect(throws: ExecutionError.self) { _ = try rehearsal.prepare(plan) }
        #expect(rehearsal.place.names == [])
    }
}
