import Execution
import TestSupport
import Testing

/// `/tmp`: a component's own, in memory, of the agreed size, and never released.
@Suite("Temporary files")
struct TemporaryTests {
    private func scene(_ attacks: [String], temporaryMiB: Int? = 4) throws -> Scene {
        var scene = try Scene.probing(attacks)
        scene.parts[0].temporaryMiB = temporaryMiB
        return scene
    }

    @Test("can be made, moved between folders, read and removed, and may stay at the end")
    func lifecycle() throws {
        let attacks = [
            "preopens", "write|/tmp/a|2000000", "at-create-directory|/tmp|folder", "at-rename|/tmp|a|folder/b",
            "read|/tmp/folder/b", "write|/tmp/left|10", "at-list|/tmp|folder",
        ]
        let outcomes = try scene(attacks).run().report()
        #expect(outcomes["preopens"] == "/data,/output,/tmp")
        #expect(outcomes["read|/tmp/folder/b"] == "2000000 bytes", "\(outcomes)")
        #expect(outcomes["at-list|/tmp|folder"] == "b:regular-file", "\(outcomes)")
    }

    @Test("are there only where the manifest gives them")
    func absent() throws {
        let outcomes = try scene(["preopens", "write|/tmp/a|1"], temporaryMiB: nil).run().report()
        #expect(outcomes["preopens"] == "/data,/output")
        #expect(outcomes["write|/tmp/a|1"] == "no-entry")
    }

    @Test("end at 1,024 files and folders")
    func count() throws {
        let outcomes = try scene(["flood|/tmp|3000"]).run().report()
        #expect(outcomes["flood|/tmp|3000"] == "insufficient-space after 1024", "\(outcomes)")
    }

    @Test("are no larger than agreed: a rehearsal ends what grows beyond, with room to spare")
    func size() throws {
        var scene = try scene((0..<30).map { "write|/tmp/\($0)|1000000" } + ["loop"])
        scene.wallTimeSeconds = 30
        let ended = try scene.run()
        guard case .filesExceeded = ended.failure else {
            Issue.record("\(ended.words)")
            return
        }
    }

    @Test("count in what a run may take of a machine")
    func reserved() throws {
        let (without, with) = (try scene([], temporaryMiB: nil).manifest(), try scene([], temporaryMiB: 512).manifest())
        let grown = ExecutionBounds(with).fileBytes - ExecutionBounds(without).fileBytes
        #expect(grown == 512 << 20)
    }

    @Test("Arguments are the component's name and the manifest's")
    func arguments() throws {
        var scene = try scene(["environment"])
        scene.parts[0].arguments = ["--site", "a"]
        #expect(try scene.run().report()["environment"] == "0 variables, 3 arguments, folder none")
    }
}
