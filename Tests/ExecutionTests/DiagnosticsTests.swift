import Composition
import Execution
import Platform
import Testing
import WorkerJob

@Suite("Diagnostics")
struct DiagnosticsTests {
    @Test("are not there unless they were asked for")
    func absent() throws {
        let report = try Rehearsal.orderly("say:100 write:log/a/stderr:5").run()
        #expect(report.diagnostics == nil)
    }

    @Test("keep a bounded part of what a worker says", .timeLimit(.minutes(1)))
    func bounded() throws {
        var rehearsal = Rehearsal.orderly("say:1000000")
        rehearsal.diagnostics = true
        #expect(try rehearsal.run().diagnostics?.engine == String(repeating: "d", count: 65_536))
    }

    @Test("show the end of each component's log, released or not, of a failed run too")
    func logs() throws {
        var rehearsal = Rehearsal(Rehearsal.begin + "write:log/a/stderr:20000 write:log/a/stdout:3 byte:130")
        rehearsal.diagnostics = true
        let logs = try #require(try rehearsal.run().diagnostics?.logs)
        #expect(logs.map(\.stream) == ["stdout", "stderr"])
        #expect(logs.map(\.component) == ["a", "a"])
        #expect(logs.map(\.isCut) == [false, true])
        #expect(logs.map(\.text.count) == [3, 16_384])
    }

    fileprivate static let memory = [3, 0, 1, 0, 0, 0, 2, 0, 0, 0, 4].map { "byte:\($0)" }.joined(separator: " ")

    @Test("tell the sizes of memories, which a sealed run's worker may not send")
    func memories() throws {
        var rehearsal = Rehearsal.orderly(Self.memory)
        rehearsal.diagnostics = true
        #expect(try rehearsal.run().memories?.memories == [.init(pageCount: 2, maximumPageCount: 4)])
        #expect(try Rehearsal.orderly(Self.memory).failure() == .workerMisbehaved)
    }

    @Test(
        "take no sizes that are none, come twice, or come before the run",
        arguments: [
            Rehearsal.begin + "byte:3 byte:0 byte:1 byte:0 byte:0 byte:0 byte:5 byte:0 byte:0 byte:0 byte:4",
            Rehearsal.begin + DiagnosticsTests.memory + " " + DiagnosticsTests.memory,
            Rehearsal.begin + "byte:3 byte:255 byte:255", "walls " + DiagnosticsTests.memory + " byte:2 go",
        ])
    func strangeMemories(_ script: String) throws {
        var rehearsal = Rehearsal(script + Rehearsal.end)
        rehearsal.diagnostics = true
        #expect(try rehearsal.failure() == .workerMisbehaved)
    }

    @Test("cannot act on a terminal, or look like other text")
    func escapes() {
        let hostile = Array("red \u{1B}[31m \u{7F}\u{9B}\r\u{202E}\u{2028}\u{200B}\0\u{E000}".utf8)
        #expect(escaped(hostile) == #"red \u{1B}[31m \u{7F}\u{9B}\u{D}\u{202E}\u{2028}\u{200B}\u{0}\u{E000}"#)
        #expect(escaped(Array("two\nlines\tÄ 結果 🙂".utf8)) == "two\nlines\tÄ 結果 🙂")
        #expect(escaped([0x61, 0xFF, 0x62]) == "a\u{FFFD}b")
    }
}
