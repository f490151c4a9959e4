import Commitments
import Composition
import Primitives
import TestSupport
import Testing
import WorkerJob

@Suite("Jobs")
struct JobTests {
    private func draft() throws -> ManifestDraft {
        let text = "(component (instance $run) (export \"wasi:cli/run@0.2.3\" (instance $run)))"
        let binary = try WasmTools.parse(text)
        var draft = ManifestDraft([.init(name: "main", binary: binary), .init(name: "side", binary: binary)])
        draft.data = [("a", 100), ("b", 200), ("c", 300)]
        draft.outputs = [("sum", 1000), ("words", 2000)]
        draft.channels = [
            ManifestFixture.mount("a", in: "main", at: "/data/x/a.csv"),
            ManifestFixture.mount("b", in: "main", at: "/b.csv"),
            ManifestFixture.mount("c", in: "side", at: "/data/c.csv"),
            ManifestFixture.release("sum", of: "main", at: "/output/deep/sum.json"),
            ManifestFixture.log("words", of: "side", "stderr"),
            ManifestFixture.link("side", from: "side", "wasi:cli/run", to: "main"),
        ]
        return draft
    }

    @Test("gives each component its own folders and no other's")
    func layout() throws {
        let layout = JobLayout(try draft().manifest())
        #expect(
            layout.mounts.map(\.path) == ["in/main/data/x/a.csv", "in/main/b.csv", "in/side/data/c.csv"])
        #expect(layout.mounts.map(\.maximumBytes) == [100, 200, 300])
        #expect(layout.releases.map(\.path) == ["out/main/output/deep/sum.json"])
        #expect(layout.releases.map(\.maximumBytes) == [1000])
        #expect(layout.logs.map(\.path) == ["log/side/stderr"])
        #expect(
            layout.preopens == [
                Preopen(folder: "in/main", name: "main:/", access: .read),
                Preopen(folder: "in/main/data", name: "main:/data", access: .read),
                Preopen(folder: "out/main/output", name: "main:/output", access: .write),
                Preopen(folder: "log/main/pipes", name: "main:$log", access: .write),
                Preopen(folder: "in/side/data", name: "side:/data", access: .read),
                Preopen(folder: "log/side/pipes", name: "side:$log", access: .write),
            ])
    }

    @Test("keeps what has no channel in a rehearsal, and in no other run")
    func pipes() throws {
        let text = "(component (instance $run) (export \"wasi:cli/run@0.2.3\" (instance $run)))"
        var draft = ManifestDraft([.init(name: "main", binary: try WasmTools.parse(text))])
        draft.outputs = [("words", 2000)]
        draft.channels = [ManifestFixture.log("words", of: "main", "stderr")]
        let composed = try draft.composed()
        let kept = JobLayout(try draft.manifest()).pipes
        #expect(Job(composed, diagnostics: false).pipes == kept)
        #expect(Set(kept.map { $0.maximumBytes > 0 }) == [true, false])
        for (shown, pipe) in zip(Job(composed, diagnostics: true).pipes, kept) {
            #expect(shown == pipe || (pipe.maximumBytes == 0 && shown.maximumBytes > 0))
            #expect(shown.maximumBytes > 0)
        }
    }

    @Test("puts a table's format beside it wherever it is mounted, and no other format")
    func formats() throws {
        var draft = try draft()
        let table: JSONValue = [
            "kind": "csv", "maximumRows": 9, "columns": [["name": "n", "type": "integer"]],
        ]
        draft.formats = [
            "a": table, "b": ["kind": "text", "maximumCharacters": 200],
            "c": ["columns": [["type": "integer", "name": "n"]], "maximumRows": 9, "kind": "csv"],
        ]
        draft.channels.append(ManifestFixture.mount("a", in: "side", at: "/data/a.csv"))
        let layout = JobLayout(try draft.manifest())
        #expect(
            layout.formats.map(\.path) == [
                "in/main/data/x/a.csv.format.json", "in/side/data/c.csv.format.json", "in/side/data/a.csv.format.json",
            ])
        #expect(Set(layout.formats.map(\.content)) == [table.canonicalBytes])
    }

    @Test("names every folder after the one around it")
    func folders() throws {
        let folders = JobLayout(try draft().manifest()).folders
        #expect(
            folders == [
                "in", "in/main", "in/main/data", "in/main/data/x", "in/side", "in/side/data", "log", "log/main",
                "log/main/pipes", "log/side", "log/side/pipes", "out", "out/main", "out/main/output",
                "out/main/output/deep",
            ])
    }

    private func job() throws -> Job {
        var draft = try draft()
        draft.channels.removeLast()
        draft.parts.removeLast()
        draft.data.removeLast()
        draft.channels.removeAll { $0.canonicalBytes.hex.contains(Array("side".utf8).hex) }
        draft.outputs.removeLast()
        return Job(try draft.composed(), diagnostics: true)
    }

    @Test("reads what it writes")
    func roundTrip() throws {
        let job = try job()
        #expect(try Job(decoding: job.json.canonicalBytes) == job)
        #expect(job.hostWorld.contains { $0.hasPrefix("wasi:io/streams@0.2.") })
        #expect(!job.hostWorld.contains { $0.hasPrefix("wasi:http/") })
    }

    @Test(
        "refuses a changed job",
        arguments: [
            (#""version":1"#, #""version":2"#), (#""diagnostics":true"#, #""diagnostics":1"#),
            (#""diagnostics":true"#, #""diagnostics":true,"more":1"#),
            (#""folder":"in/main""#, #""folder":"/in/main""#),
            (#""folder":"in/main""#, #""folder":"in/../main""#), (#""folder":"in/main""#, #""folder":"in/""#),
            (#""folder":"in/main""#, #""folder":"etc/main""#), (#""access":"read""#, #""access":"all""#),
            (#""composedDigest":"sha256:"#, #""composedDigest":"md5:"#), (#""entry":"run","#, ""),
            (#""instances":"#, #""instances":-"#), (#""pipes":["#, #""plainModules":[[1]],"pipes":["#),
            (#""pipes":["#, #""plainModules":[[1,-1]],"pipes":["#),
            (#""pipes":["#, #""plainModules":[[2,1073741823]],"pipes":["#),
            (#""pipes":["#, #""plainModules":null,"pipes":["#),
        ])
    func refusesChanges(_ change: (String, String)) throws {
        let text = String(decoding: try job().json.canonicalBytes, as: UTF8.self)
        let changed = text.replacing(change.0, with: change.1)
        try #require(changed != text, "\(change.0) is not there")
        #expect(throws: DocumentError.self) { try Job(decoding: Array(changed.utf8)) }
    }

    @Test("refuses bytes that are no JSON, and more than a job can have")
    func refusesOtherBytes() {
        #expect(throws: DocumentError.self) { try Job(decoding: []) }
        let most = Job.maximumByteCount
        let bytes = [UInt8](repeating: 0x20, count: most + 1)
        #expect(throws: DocumentError(.tooLarge(found: most + 1, maximum: most), in: bytes)) {
            try Job(decoding: bytes)
        }
    }

    @Test("says nothing of exceptions where no component has them")
    func noExceptions() throws {
        let job = try job()
        #expect(job.plainModules == nil)
        #expect(!String(decoding: job.json.canonicalBytes, as: UTF8.self).contains("plainModules"))
    }

    @Test("reads back every signal, and no other byte")
    func signals() {
        let signals = [WorkerSignal.walled, .compiled] + Verdict.allCases.map(WorkerSignal.finished)
        for signal in signals { #expect(WorkerSignal(byte: signal.byte) == signal) }
        let others = (UInt8.min...UInt8.max).filter { byte in !signals.contains { $0.byte == byte } }
        for byte in others { #expect(WorkerSignal(byte: byte) == nil) }
    }
}
