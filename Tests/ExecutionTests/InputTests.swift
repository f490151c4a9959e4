import Commitments
import Execution
import Foundation
import Platform
import Testing

@Suite("Inputs of a job")
struct InputTests {
    private func planned(_ path: String, _ maximumBytes: Int = 10) throws -> PlannedFile {
        PlannedFile(name: try #require(Name("data")), path: path, maximumBytes: maximumBytes)
    }

    private func prepared(_ rehearsal: Rehearsal, _ inputs: [PlannedFile]) throws -> PreparedRun {
        var plan = try rehearsal.plan
        plan.inputs = inputs
        return try rehearsal.prepare(plan)
    }

    @Test(
        "lie where the plan may put them, and nowhere else",
        arguments: [
            "in/../../escape", "/etc/escape", "in//x", "in/./x", "out/a/output/x", "job.json", "in", "in/", "",
        ])
    func paths(_ path: String) throws {
        let rehearsal = Rehearsal("walls")
        #expect(throws: ExecutionError.planInvalid(path: path)) {
            _ = try prepared(rehearsal, [planned(path)])
        }
        #expect(rehearsal.place.names == [])
    }

    @Test(
        "that are known from the start lie among inputs, and hide none",
        arguments: ["in/../x", "/etc/x", "out/a/output/x", "in/", "job.json", "in/a/data/x", ""])
    func texts(_ path: String) throws {
        let rehearsal = Rehearsal("walls")
        var plan = try rehearsal.plan
        plan.inputs = [try planned("in/a/data/x")]
        plan.texts = [PlannedText(path: path, content: [])]
        #expect(throws: ExecutionError.planInvalid(path: path)) { _ = try rehearsal.prepare(plan) }
        #expect(rehearsal.place.names == [])
    }

    @Test("lie at one place each")
    func twice() throws {
        #expect(throws: ExecutionError.planInvalid(path: "in/a/x")) {
            _ = try prepared(Rehearsal("walls"), [planned("in/a/x"), planned("in/a/x")])
        }
    }

    @Test("are in folders of the job", arguments: ["in/../x", "/x", "elsewhere", "in/a/..", ""])
    func folders(_ folder: String) throws {
        let rehearsal = Rehearsal("walls")
        var plan = try rehearsal.plan
        plan.folders.append(folder)
        #expect(throws: ExecutionError.planInvalid(path: folder)) { _ = try rehearsal.prepare(plan) }
    }

    @Test("are awaited once, under their own path, and within their bound")
    func awaited() throws {
        let rehearsal = Rehearsal("walls byte:2 go")
        let run = try prepared(rehearsal, [planned("in/a/data/x", 3)])
        #expect(throws: ExecutionError.inputUnknown(path: "in/a/data/y")) { _ = try run.inputs.begin("in/a/data/y") }
        var input = try run.inputs.begin("in/a/data/x")
        #expect(throws: ExecutionError.inputUnknown(path: "in/a/data/x")) { _ = try run.inputs.begin("in/a/data/x") }
        #expect(throws: ExecutionError.self) { try input.append([1, 2, 3, 4]) }
        try input.append([1, 2, 3])
        #expect(run.inputs.missingCount == 1)
        try input.finish()
        #expect(run.inputs.missingCount == 0)
        #expect(throws: ExecutionError.inputUnknown(path: "in/a/data/x")) { _ = try run.inputs.begin("in/a/data/x") }
    }

    @Test("must all be there before the worker is told to go", arguments: [false, true])
    func missing(_ isBegun: Bool) throws {
        let rehearsal = Rehearsal("walls byte:2 go write:out/a/output/result:1 byte:128")
        #expect(throws: ExecutionError.inputsMissing(count: 1)) {
            let run = try prepared(rehearsal, [planned("in/a/data/x")])
            if isBegun { _ = try run.inputs.begin("in/a/data/x") }
            _ = try run.run()
        }
        #expect(rehearsal.place.names == [])
    }

    @Test("reach the worker while it compiles, with times of zero, read-only")
    func arrive() throws {
        let rehearsal = Rehearsal("walls byte:2 go write:out/a/output/result:1 byte:128")
        var run = try prepared(rehearsal, [planned("in/a/data/x"), planned("in/a/data/y", 300_000)])
        let inputs = run.inputs
        let source = FileManager.default.temporaryDirectory.appending(path: "2cvm-test-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: source) }
        try Data(repeating: 7, count: 300_000).write(to: source)

        #expect(try run.awaitCompilation() == nil)
        var first = try inputs.begin("in/a/data/x")
        try first.append([1])
        try first.finish()
        var seen = 0
        try inputs.place(RegularFile(path: source.path), at: "in/a/data/y") { seen += $0.count }
        #expect(seen == 300_000)

        let folder = rehearsal.place.path + "/" + (try #require(rehearsal.place.names.first)) + "/job/in/a/data/"
        let attributes = try FileManager.default.attributesOfItem(atPath: folder + "y")
        #expect(attributes[.posixPermissions] as? Int == 0o444)
        #expect(attributes[.modificationDate] as? Date == Date(timeIntervalSince1970: 0))
        guard case .completed = try run.run().outcome else { Issue.record("failed"); return }
    }
}
