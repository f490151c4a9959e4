import Foundation
import TestSupport
import Testing

/// `.ci/run` in a folder of its own, where `make` only notes what it was asked for.
@Suite("The run before a change lands")
final class BudgetTests: Sendable {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "2cvm-budget-\(UUID().uuidString)")

    init() throws {
        for name in [".ci", "programs"] {
            try FileManager.default.createDirectory(
                at: folder.appending(path: name), withIntermediateDirectories: true)
        }
        try FileManager.default.copyItem(
            at: Repository.root.appending(path: ".ci/run"), to: folder.appending(path: ".ci/run"))
        try program("dpkg-query", "printf installed")
        try program("make", "printf '%s\\n' \"$*\" >> \"$NOTES\"; [ \"$1\" != \"$FAILS\" ]")
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    private static let steps = ["lint", "test", "sanitize PART=shims planted linux SECONDS=5", "demo", "cheat"]
    private static let longSteps = [
        "library", "soak SOAK_SECONDS=20", "test-slurm", "test-vm", "wheel", "fuzz SECONDS=1",
    ]

    @Test("takes every step in order, and ends with the time of each")
    func everyStep() throws {
        let (status, text, asked) = try run()
        #expect(status == 0, "\(text)")
        #expect(asked == Self.steps + Self.longSteps)
        for step in asked { #expect(text.contains(try Regex(" +[0-9]+ s  make \(step)\n")), "\(text)") }
        #expect(!text.contains("skipped") && !text.contains("failed"))
    }

    @Test("skips what is long, by name, when the time is over, and nothing else")
    func budget() throws {
        let (status, text, asked) = try run(["MINUTES": "0"])
        #expect(status == 0, "\(text)")
        #expect(asked == Self.steps)
        for step in Self.longSteps {
            #expect(text.contains("skipped, since 0 minutes were gone: make \(step)\n"), "\(text)")
        }
    }

    @Test("stops at a step that fails, and names it", arguments: ["test", "test-vm"])
    func failure(_ step: String) throws {
        let (status, text, asked) = try run(["FAILS": step])
        #expect(status == 1)
        #expect(asked.last == step)
        #expect(text.contains(try Regex(" +[0-9]+ s  make \(step), which failed\n")), "\(text)")
    }

    private func program(_ name: String, _ body: String) throws {
        let file = folder.appending(path: "programs/\(name)")
        try Data("#!/bin/sh\n\(body)\n".utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    }

    private func run(_ settings: [String: String] = [:]) throws -> (status: Int32, text: String, asked: [String]) {
        let process = Process()
        let output = Pipe()
        let notes = folder.appending(path: "notes")
        process.executableURL = folder.appending(path: ".ci/run")
        process.environment = settings.merging([
            "PATH": folder.appending(path: "programs").path + ":/usr/bin:/bin", "NOTES": notes.path,
        ]) { given, _ in given }
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let asked = try String(contentsOf: notes, encoding: .utf8).split(separator: "\n").map(String.init)
        return (process.terminationStatus, text, asked)
    }
}
