import Foundation
import TestSupport
import Testing

/// `2cvm run` as a command: its exit status, its words and its traces.
@Suite("The command")
struct CommandTests {
    @Test("writes every output once, and never over anything")
    func writesOnce() throws {
        let scene = try CommandScene(.probing(["nothing"]))
        let first = try scene.run()
        #expect(first.status == 0, "\(first.words)")
        #expect(scene.outputs == ["report"])
        #expect(scene.scene.place.names == [])

        let file = scene.results.appending(path: "report")
        try Data("somebody's".utf8).write(to: file)
        let second = try scene.run()
        #expect(second.status == 1, "\(second.words)")
        #expect(second.words.contains("exists"))
        #expect(try Data(contentsOf: file) == Data("somebody's".utf8))
    }

    @Test(
        "releases nothing of a run that failed, and says why",
        arguments: [
            ("trap", "error[run.trapped]: "), ("exit-failed", "error[run.declined]: "),
            ("no-such-attack", "error[run.declined]: "),
            ("write|/output/extra|1", "error[run.output.unexpected]: "),
        ])
    func failed(_ attack: String, _ words: String) throws {
        let scene = try CommandScene(.probing(["write|/output/good|4", attack]))
        let ended = try scene.run()
        #expect(ended.status == 4, "\(ended.words)")
        #expect(ended.words.contains(words), "\(ended.words)")
        #expect(scene.outputs == nil)
        #expect(scene.scene.place.names == [])
    }

    @Test("refuses with the line that would be needed")
    func refused() throws {
        var scene = try Scene.probing(["nothing"])
        scene.parts[0].imports = []
        let command = try CommandScene(scene)
        let ended = try command.run()
        #expect(ended.status == 1, "\(ended.words)")
        #expect(ended.words.contains("\"imports\": [\"twocvm:guest/files\", \"wasi:cli/environment\""))
        #expect(command.outputs == nil)
        #expect(scene.place.names == [])
    }

    @Test("prints nothing that acts on a terminal, whatever a component says")
    func escapes() throws {
        let scene = try CommandScene(.probing(["show|/data/other%1B[2J", "trap%1B[31m"]))
        let ended = try scene.run()
        #expect(ended.status == 4)
        #expect(!ended.words.utf8.contains(0x1B), "\(ended.words.debugDescription)")
    }
}

/// Ends that nobody planned: someone kills a process.
@Suite("Killed processes")
struct KillTests {
    /// The command on a component that never ends, once its worker runs.
    private func running(
        unblocked: Bool = false
    ) throws -> (scene: CommandScene, process: Process, words: Pipe, worker: Int32) {
        let binary = try ComponentText(named: "Jobs/loops-forever").binary()
        var scene = Scene([.init(name: "main", binary: binary)])
        scene.wallTimeSeconds = 50
        let command = try CommandScene(scene)
        let (process, words) = command.command(unblocked: unblocked)
        try process.run()
        var worker: Int32?
        let isThere = eventually {
            worker = Processes.children(of: process.processIdentifier).first
            return worker != nil && scene.place.names.count == 1
        }
        #expect(isThere, "\(scene.place.names)")
        // Until it no longer starts but loops.
        Thread.sleep(forTimeInterval: 0.5)
        return (command, process, words, try #require(worker))
    }

    @Test("a worker that is killed has died, and leaves nothing behind")
    func worker() throws {
        let (command, process, pipe, worker) = try running()
        try Processes.kill(worker)
        let words = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 4)
        #expect(words.contains("the worker ended without a verdict"), "\(words)")
        #expect(!Processes.exists(worker))
        #expect(command.scene.place.names == [])
        #expect(command.outputs == nil)
    }

    @Test("a command that is killed takes its worker along, and the next one clears its folder away")
    func parent() throws {
        let (command, process, _, worker) = try running()
        let left = command.scene.place.names
        #expect(left.count == 1)
        try Processes.kill(process.processIdentifier)
        process.waitUntilExit()
        #expect(eventually { !Processes.exists(worker) })

        var next = try Scene.probing(["nothing"])
        next.place = command.scene.place
        let ended = try CommandScene(next).run()
        #expect(ended.status == 0, "\(ended.words)")
        #expect(command.scene.place.names == [], "\(left)")
    }

    @Test("a command that is interrupted ends its worker and clears up after itself")
    func interrupted() throws {
        let (command, process, pipe, worker) = try running(unblocked: true)
        process.terminate()
        let words = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 130, "\(words)")
        #expect(!Processes.exists(worker))
        #expect(command.scene.place.names == [])
        #expect(command.outputs == nil)
    }
}
