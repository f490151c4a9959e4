import Foundation
import Platform
import TestSupport
import Testing

/// What real runs ask of the kernel behind their walls, as a tracer sees it, held against the filter's list.
@Suite("System calls of a worker")
struct CallTests {
    private static let everything = [
        "write|/output/a|100000", "read|/output/a", "write-again|/output/a|70000|20", "at-create|/output|b",
        "at-rename|/output|b|c", "at-cut|/output|c", "at-list|/output|.", "at-unlink|/output|c",
        "at-create-directory|/output|d", "at-remove-directory|/output|d", "at-unlink|/output|a", "log|100",
        "sleep|3600", "random|1000", "clock", "stdin",
    ]

    @Test("are all in its filter, and the filter has none that no run makes", .timeLimit(.minutes(3)))
    func list() throws {
        var scene = try Scene.probing(Self.everything)
        scene.log("log", of: "main", maximumBytes: 1000)
        // A fault is a signal first, which the engine makes a trap.
        let binary = try ComponentText(named: "Runs/traps-out-of-bounds").binary()
        let traced = try calls(of: scene).union(calls(of: Scene([.init(name: "main", binary: binary)])))
        #expect(traced.filter { !WorkerCalls.isKnown($0) }.isEmpty, "a call that no list has")
        let unused = WorkerCalls.made.subtracting(traced)
        #expect(unused.isEmpty, "no run makes these")
    }

    private func calls(of scene: Scene) throws -> Set<Int32> {
        let scene = try CommandScene(scene)
        let (process, words) = scene.command()
        let command = try #require(process.executableURL?.path)
        process.executableURL = URL(filePath: try Program.sibling("wall-probe"))
        process.arguments = ["trace", "2cvm-worker", command] + (process.arguments ?? [])
        try process.run()
        let text = String(decoding: words.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            try Test.skip("this machine lets nobody follow a process: \(process.terminationStatus)")
        }
        let lines = text.matches(of: /(?m)^call (\d+) \d+ \d+$/)
        try #require(!lines.isEmpty, "\(text)")
        return Set(lines.compactMap { Int32($0.1) })
    }
}
