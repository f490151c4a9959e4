import Foundation
import TestSupport
import Testing
import WorkerJob

@Suite("The job folder", .serialized)
struct JobFolderTests {
    @Test("gives a component its folders and no more than their access")
    func copiesAFile() throws {
        var job = JobFixture(
            try ComponentText(named: "Jobs/copies-a-file").binary(), diagnostics: true,
            preopens: """
                {"folder": "in/a", "name": "a:/data", "access": "read"},
                {"folder": "out/a", "name": "a:/output", "access": "write"}
                """)
        job.files["in/a/data"] = "four rows"
        var copy: String?
        var entries: [String] = []
        let outcome = try job.run(
            inspect: { folder in
                copy = try? String(contentsOf: folder.appending(path: "out/a/copy"), encoding: .utf8)
                entries = try ["in/a", "out/a"].flatMap {
                    try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: $0).path)
                }
            })
        #expect(outcome.verdict == .completed, "\(outcome.diagnostics)")
        #expect(copy == "four rows")
        #expect(entries == ["data", "copy"])
    }

    @Test("is refused when a promised folder is missing")
    func missingFolder() throws {
        let job = JobFixture(
            try ComponentText(named: "Runs/answers-ok").binary(),
            preopens: #"{"folder": "in/absent", "name": "a:/data", "access": "read"}"#)
        #expect(try job.run().signals == [.walled, .compiled, .finished(.jobUnreadable)])
    }

    @Test(
        "is refused when job.json is not exactly of its form",
        arguments: [
            ("nothing", ""), ("half", #"{"composedDigest": "sha256:"#), ("an array", "[]"), ("null", "null"),
            ("text after it", "{} {}"), ("a byte order mark", "\u{FEFF}{}"), ("no member", "{}"),
            ("deep nesting", String(repeating: "[", count: 100_000)),
        ])
    func refusesJob(_ what: String, _ text: String) throws {
        var job = try JobFixture(named: "Runs/answers-ok")
        job.job = text
        #expect(try job.run().signals == [.walled, .finished(.jobUnreadable)])
    }

    @Test(
        "is refused when one value of job.json is wrong",
        arguments: [
            (#""version": 1"#, #""version": 2"#), (#""version": 1, "#, ""), (#""entry": "wasi:cli/run@0.2.12","#, ""),
            (#""entry": "wasi:cli/run@0.2.12","#, #""entry": 1,"#),
            (#""diagnostics": false"#, #""diagnostics": false, "diagnostics": true"#),
            (#""diagnostics": false"#, #""diagnostics": false, "unknown": 1"#),
            (#""diagnostics": false"#, #""diagnostics": "no""#),
            (#""instances": 50"#, #""instances": -1"#), (#""instances": 50"#, #""instances": 1e1"#),
            (#""instances": 50"#, #""instances": 99999999999999999999"#), (#""instances": 50"#, #""instances": null"#),
            (#""preopens": []"#, #""preopens": [{"folder": "in/a", "name": "a:/", "access": "execute"}]"#),
            (#""preopens": []"#, #""preopens": [{"folder": "in/a", "access": "read"}]"#),
            ("sha256:", "sha512:"), ("sha256:", ""),
        ])
    func refusesValue(_ part: String, _ replacement: String) throws {
        var job = try JobFixture(named: "Runs/answers-ok")
        try #require(job.job.contains(part))
        job.job.replace(part, with: replacement)
        #expect(try job.run().signals == [.walled, .finished(.jobUnreadable)])
    }

    @Test("is refused when job.json or composed.wasm is absent, a folder, a link or a pipe", arguments: files, kinds)
    func refusesFile(_ name: String, _ kind: String) throws {
        let outcome = try JobFixture(named: "Runs/answers-ok").run { folder in
            let file = folder.appending(path: name)
            let real = folder.appending(path: "real")
            try FileManager.default.moveItem(at: file, to: real)
            switch kind {
            case "folder": try FileManager.default.createDirectory(at: file, withIntermediateDirectories: false)
            case "link": try FileManager.default.createSymbolicLink(atPath: file.path, withDestinationPath: "real")
            case "second name": try FileManager.default.linkItem(at: real, to: file)
            case "pipe":
                let result = unsafe mkfifo(file.path, 0o644)
                try #require(result == 0)
            default: break
            }
        }
        #expect(outcome.signals == [.walled, .finished(.jobUnreadable)])
    }

    private static let files = ["job.json", "composed.wasm"]
    private static let kinds = ["absent", "folder", "link", "second name", "pipe"]

    @Test("is refused when job.json is too long")
    func refusesLongJob() throws {
        var job = try JobFixture(named: "Runs/answers-ok")
        job.job += String(repeating: " ", count: 2 << 20)
        #expect(try job.run().signals == [.walled, .finished(.jobUnreadable)])
    }

    @Test("is refused when it grants a folder outside itself", arguments: ["/etc", "../..", "in/../../..", "in"])
    func refusesOutside(_ path: String) throws {
        let job = JobFixture(
            try ComponentText(named: "Jobs/copies-a-file").binary(),
            preopens: """
                {"folder": "\(path)", "name": "a:/data", "access": "read"},
                {"folder": "out/a", "name": "a:/output", "access": "write"}
                """)
        #expect(try job.run().signals == [.walled, .finished(.jobUnreadable)])
    }
}
