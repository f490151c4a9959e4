import Commitments
import Execution
import TestSupport
import Testing

/// What a component leaves in its folders decides whether anything is released: all of it, or nothing.
@Suite("Outputs")
struct OutputTests {
    /// The failure of a run in which `result`, of at most 100 bytes, is promised beside the report.
    private func failure(_ attacks: [String], _ change: (inout Scene) -> Void = { _ in }) throws -> Ended {
        var scene = try Scene.probing(attacks)
        scene.release("result", of: "main", at: "/output/folder/result", maximumBytes: 100)
        change(&scene)
        return try scene.run()
    }

    private static let result: Name = name("result")

    @Test(
        "are released as promised or not at all",
        arguments: [
            (["nothing"], FailureReason.outputMissing(result)),
            (["write|/output/folder/result|101"], .outputTooLarge(result, maximumBytes: 100)),
            (["at-write-beyond|/output|folder/result|100"], .outputTooLarge(result, maximumBytes: 100)),
            (["write|/output/folder/result|100", "write|/output/extra|1"], .outputUnexpected),
            (["write|/output/folder/result|100", "write|/output/folder/extra|1"], .outputUnexpected),
            (["write|/output/folder/result|100", "write|/output/folder/%E2%80%AE|0"], .outputUnexpected),
            (["write|/output/folder/result|100", "at-create-directory|/output|empty"], .outputUnexpected),
            (["write|/output/folder/result|100", "at-create-directory|/output|folder/empty"], .outputUnexpected),
            (["at-create-directory|/output|folder/result"], .outputNotRegular(result)),
            (["at-remove-directory|/output|folder"], .outputMissing(result)),
            (["at-remove-directory|/output|folder", "write|/output/folder|1"], .outputUnexpected),
            (["at-rename|/output|folder|elsewhere"], .outputUnexpected),
            (["write|/output/folder/result|100", "at-unlink|/output|folder/result"], .outputMissing(result)),
            (["write|/output/folder/result|100", "at-rename|/output|folder/result|folder/other"], .outputUnexpected),
        ])
    func refused(_ attacks: [String], _ expected: FailureReason) throws {
        let ended = try failure(attacks)
        #expect(ended.failure == expected, "\(ended.words)")
        #expect(try ended.outputs().isEmpty)
    }

    @Test("of exactly the agreed size are whole, and what was temporary may come and go")
    func agreed() throws {
        let ended = try failure([
            "write|/output/folder/result|100", "write|/output/temporary|1000", "at-unlink|/output|temporary",
            "at-create-directory|/output|draft", "at-rename|/output|draft|older", "at-remove-directory|/output|older",
        ])
        #expect(try ended.outputs()["result"] == [UInt8](repeating: 97, count: 100), "\(ended.words)")
    }

    @Test(
        "are as many as the manifest names and 64 more, and the component is told at the next",
        arguments: [("/output", 66), ("/output/folder", 66)])
    func thousands(_ folder: String, _ most: Int) throws {
        let inner = (folder + "/").dropFirst("/output/".count)
        let ended = try failure(
            ["flood|\(folder)|10000"] + (0..<most).map { "at-unlink|/output|\(inner)\($0)" }
                + ["write|/output/folder/result|1"])
        #expect(try ended.report()["flood|\(folder)|10000"] == "insufficient-space after \(most)", "\(ended.words)")
    }

    @Test("can be moved into another folder and back")
    func moved() throws {
        let moves = ["at-rename|/output|draft/x|folder/result", "at-rename|/output|folder/result|draft/x"]
        let ended = try failure(
            ["at-create-directory|/output|draft", "write|/output/draft/x|100", moves[0], moves[1], moves[0]]
                + ["at-remove-directory|/output|draft"])
        #expect(try ended.outputs()["result"]?.count == 100, "\(ended.words)")
        #expect(try ended.report()[moves[1]] == "done")
    }

    @Test("cannot be written past the longest that anybody may write")
    func longest() throws {
        let attack = "at-write-beyond|/output|folder/result|2000000"
        let ended = try failure([attack, "write|/output/folder/result|1"])
        #expect(try ended.report()[attack] == "file-too-large", "\(ended.words)")
    }

    @Test("that are logs are cut at their bound, and do not fail the run")
    func logs() throws {
        let ended = try failure([
            "write|/output/folder/result|1", "log-again|4000|1000", "log|1000", "print|4000000",
        ]) { scene in
            scene.log("errors", of: "main", maximumBytes: 1000)
            scene.log("words", of: "main", "stdout", maximumBytes: 5000)
        }
        let outputs = try ended.outputs()
        #expect(outputs["errors"] == [UInt8](repeating: 108, count: 1000), "\(ended.words)")
        #expect(outputs["words"] == [UInt8](repeating: 112, count: 5000), "\(ended.words)")
    }

    @Test("that are logs never fail what prints, with a channel or without one", arguments: [nil, 100, 3_000_000])
    func longLogs(_ maximumBytes: Int?) throws {
        let binary = try ComponentText(named: "Jobs/prints-much").binary()
        var scene = Scene([.init(name: "main", binary: binary)])
        if let maximumBytes { scene.log("errors", of: "main", maximumBytes: maximumBytes) }
        let ended = try scene.run()
        #expect(ended.failure == nil, "\(ended.words)")
        // 600 times 4,096 bytes.
        #expect(try ended.outputs()["errors"]?.count == maximumBytes.map { min($0, 2_457_600) })
    }

    @Test("that are logs are whole when the component ends right after it printed")
    func lastWords() throws {
        let ended = try Scene.ending(["log|60000", "trap"]).run()
        #expect(ended.failure == .trapped)
        #expect(ended.report.diagnostics?.logs.first?.text.hasSuffix("lll\n") == true, "\(ended.words)")
    }

    @Test("that are logs may be empty, and nobody gets one without a channel")
    func emptyLogs() throws {
        let ended = try failure(["write|/output/folder/result|1", "print|100"]) { scene in
            scene.log("errors", of: "main", maximumBytes: 1000)
        }
        let outputs = try ended.outputs()
        #expect(outputs["errors"] == [], "\(ended.words)")
        #expect(Set(outputs.keys) == ["report", "result", "errors"])
    }

    @Test("are written again and again without running out of anything")
    func again() throws {
        // More than the shim's memory holds, were any of it kept.
        let ended = try failure([
            "write-again|/output/folder/result|100|5000", "write-again|/output/large|200000|100",
            "read-again|/output/large|100", "at-unlink|/output|large",
        ])
        let outcomes = try ended.report()
        #expect(outcomes.values.allSatisfy { $0 == "done" }, "\(outcomes)")
    }
}

/// A name that is known to be one.
func name(_ text: String) -> Name {
    guard let name = Name(text) else { preconditionFailure("not a name: \(text)") }
    return name
}
