import Foundation
import TestSupport
import Testing

/// What is fetched and not built: `scripts/setup` in a folder of its own, with the real files, and no way out.
@Suite("Files that are fetched")
final class SetupTests: Sendable {
    private static let fetched = [".deps/lib/libwasmtime.so", ".deps/bin/wasm-tools"]
    private let folder = FileManager.default.temporaryDirectory.appending(path: "2cvm-setup-\(UUID().uuidString)")

    init() throws {
        for path in Self.fetched + ["scripts/setup", "scripts/image-binaries"] {
            let copy = folder.appending(path: path)
            try FileManager.default.createDirectory(
                at: copy.deletingLastPathComponent(), withIntermediateDirectories: true)
            try FileManager.default.copyItem(at: Repository.root.appending(path: path), to: copy)
        }
        // No package comes from anywhere: `python3 -m pip` ends with a failure.
        try program("python3", "exit 1")
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    @Test("are looked at each time, and left alone when they are the pinned ones")
    func unchanged() throws {
        for arguments in [[], ["--check"]] {
            let run = try run("setup", arguments)
            #expect(run.status == 0 && run.text.isEmpty, "\(run.text)")
        }
    }

    @Test("are refused when one byte is another's, whatever was noted when they were unpacked", arguments: fetched)
    func changed(_ path: String) throws {
        try change(path)
        try Data("noted".utf8).write(to: folder.appending(path: ".deps/installed"))
        let run = try run("setup", ["--check"])
        #expect(run.status == 3)
        #expect(run.text.contains("error: \(path) is not the pinned file"), "\(run.text)")
    }

    @Test("are taken away when they are not the pinned ones, also where no others can be fetched", arguments: fetched)
    func removed(_ path: String) throws {
        try change(path)
        let run = try run("setup", [])
        #expect(run.status == 3)
        #expect(run.text.contains("\(path) is not the pinned file: removed"), "\(run.text)")
        #expect(!exists(path))
        #expect(try self.run("setup", ["--check"]).status == 3)
    }

    @Test("and format are taken away likewise", arguments: [".deps/bin/clang-format", ".deps/bin/ruff"])
    func formatters(_ path: String) throws {
        try Data("another's".utf8).write(to: folder.appending(path: path))
        let run = try run("setup", ["--format"])
        #expect(run.status == 3)
        #expect(run.text.contains("\(path) is not the pinned file: removed"), "\(run.text)")
        #expect(!exists(path))
    }

    @Test("are looked at again before they are packed")
    func packed() throws {
        // Programs take minutes to build, and something changes the library meanwhile.
        let scratch = folder.appending(path: "scratch").path
        try program(
            "swift",
            """
            mkdir -p "$SCRATCH/release" && : > "$SCRATCH/release/2cvm-worker"
            [ ! -e change ] || printf x >> .deps/lib/libwasmtime.so
            """)
        try program("objcopy", "while [ $# -gt 2 ]; do shift; done; cp \"$1\" \"$2\"")
        for tool in ["strip", "readelf"] { try program(tool, "exit 0") }
        let packed = ".build-image/installed/lib/libwasmtime.so"
        try Data().write(to: folder.appending(path: "change"))
        let changed = try run("image-binaries", ["2cvm-worker"], ["SCRATCH": scratch])
        #expect(changed.status == 3 && !exists(packed), "\(changed.text)")

        try FileManager.default.removeItem(at: folder.appending(path: "change"))
        for path in Self.fetched {
            try? FileManager.default.removeItem(at: folder.appending(path: path))
            try FileManager.default.copyItem(
                at: Repository.root.appending(path: path), to: folder.appending(path: path))
        }
        let unchanged = try run("image-binaries", ["2cvm-worker"], ["SCRATCH": scratch])
        #expect(unchanged.status == 0 && exists(packed), "\(unchanged.text)")
    }

    private func change(_ path: String) throws {
        let file = try FileHandle(forUpdating: folder.appending(path: path))
        try file.seek(toOffset: 4096)
        let byte = try #require(try file.read(upToCount: 1)?.first)
        try file.seek(toOffset: 4096)
        try file.write(contentsOf: Data([byte ^ 1]))
        try file.close()
    }

    private func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: folder.appending(path: path).path)
    }

    private func program(_ name: String, _ body: String) throws {
        let file = folder.appending(path: "programs/\(name)")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data("#!/bin/sh\n\(body)\n".utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    }

    private func run(
        _ script: String, _ arguments: [String], _ environment: [String: String] = [:]
    ) throws -> (status: Int32, text: String) {
        let process = Process()
        let output = Pipe()
        process.executableURL = folder.appending(path: "scripts/\(script)")
        process.arguments = arguments
        process.environment = environment.merging(
            ["PATH": folder.appending(path: "programs").path + ":/usr/bin:/bin"]) { given, _ in given }
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }
}
