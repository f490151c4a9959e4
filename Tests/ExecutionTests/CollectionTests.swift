import Commitments
import Execution
import Platform
import Testing

/// What a hostile worker leaves in its job folder, and what becomes of it: all outputs or none.
@Suite("Collection of outputs")
struct CollectionTests {

    @Test("refuses a missing output")
    func missing() throws {
        #expect(try Rehearsal.orderly("").failure() == .outputMissing(Rehearsal.result))
    }

    @Test("refuses an output over its bound, by a byte or by far", arguments: [101, 900_000])
    func tooLarge(_ count: Int) throws {
        let rehearsal = Rehearsal.orderly("write:out/a/output/result:\(count)")
        #expect(try rehearsal.failure() == .outputTooLarge(Rehearsal.result, maximumBytes: 100))
    }

    @Test(
        "refuses what no release names",
        arguments: [
            "write:out/a/output/extra:1", "write:out/a/extra:0", "folder:out/a/output/folder", "many:out/a/output:20",
        ])
    func unexpected(_ script: String) throws {
        let rehearsal = Rehearsal.orderly("write:out/a/output/result:1 \(script)")
        #expect(try rehearsal.failure() == .outputUnexpected)
    }

    /// Walls keep a worker from making these. Here there are none.
    @Test(
        "refuses what is no regular file with one link, even from a worker without walls",
        arguments: [
            "link:out/a/output/result", "pipe:out/a/output/result", "folder:out/a/output/result",
            "write:log/a/x:1 second:out/a/output/result:log/a/x", "second:out/a/output/result:job.json",
        ])
    func otherKinds(_ script: String) throws {
        let rehearsal = Rehearsal("byte:1 byte:2 go \(script)" + Rehearsal.end)
        #expect(try rehearsal.failure() == .outputNotRegular(Rehearsal.result))
    }

    @Test("refuses links and closed folders where folders should be")
    func otherFolders() throws {
        let closed = Rehearsal(
            "byte:1 byte:2 go write:out/a/output/result:1 folder:out/a/b close:out/a/b" + Rehearsal.end)
        #expect(try closed.failure() == .outputUnexpected)
        let linked = Rehearsal("byte:1 byte:2 go write:out/a/output/result:1 link:out/a/b" + Rehearsal.end)
        #expect(try linked.failure() == .outputUnexpected)
    }

    @Test(
        "ends a worker that fills the folder while it runs", arguments: ["many:out/a/output:5000", "many:log/a:5000"])
    func floods(_ script: String) throws {
        var rehearsal = Rehearsal.orderly("write:out/a/output/result:1 \(script) try:sleep_long")
        rehearsal.limits.wallTimeSeconds = 30
        guard case .tooManyFiles = try rehearsal.failure() else { Issue.record("not ended"); return }
    }

    @Test("removes a tree as deep as a worker cares to nest it")
    func nested() throws {
        let rehearsal = Rehearsal.orderly("write:out/a/output/result:1 try:nest_deeply")
        _ = try rehearsal.failure()
    }

    @Test("gives the outputs in the plan's order, readable when the folder is gone")
    func completes() throws {
        var rehearsal = Rehearsal.orderly(
            "write:out/a/output/deep/second:3 write:out/a/output/result:100 write:log/a/stderr:70000")
        rehearsal.releases.append(("second", "out/a/output/second", 3))
        rehearsal.logs = [("log", "log/a/stderr", 10), ("silent", "log/a/stdout", 10)]
        rehearsal.script = rehearsal.script.replacing("deep/", with: "")
        guard case .completed(let outputs) = try rehearsal.run().outcome else { Issue.record("failed"); return }
        #expect(outputs.map(\.name.description) == ["result", "second", "log", "silent"])
        #expect(outputs.map(\.byteCount) == [100, 3, 10, 0])
        #expect(try outputs[0].read(upTo: 1000, at: 0) == [UInt8](repeating: 0x41, count: 100))
        #expect(try outputs[0].read(upTo: 1000, at: 99).count == 1)
        #expect(try outputs[0].read(upTo: 1000, at: 100) == [])
        // A log is cut, and what lies beyond the cut stays where it is.
        #expect(try outputs[2].read(upTo: 1000, at: 0).count == 10)
        #expect(try outputs[2].read(upTo: 1000, at: 10) == [])
        #expect(try outputs[3].read(upTo: 1000, at: 0) == [])
    }

    @Test("accepts an empty output, and temporary files that are gone")
    func acceptsEmpty() throws {
        guard case .completed(let outputs) = try Rehearsal.orderly("write:out/a/output/result:0").run().outcome else {
            Issue.record("failed")
            return
        }
        #expect(outputs.map(\.byteCount) == [0])
    }
}
