import Foundation
import Primitives
import TestSupport

/// A scene as files, and the command that runs it. Its job folder is made in the scene's own place.
struct CommandScene {
    let scene: Scene
    let files: Place = Place()

    init(_ scene: Scene) throws {
        self.scene = scene
        try Data(try scene.draft().value.canonicalBytes).write(to: file("manifest.json"))
        for part in scene.parts { try Data(part.binary).write(to: file("\(part.name).wasm")) }
        for entry in scene.data { try Data(entry.content).write(to: file("\(entry.name).data")) }
    }

    var results: URL { file("results") }

    private func file(_ name: String) -> URL { URL(filePath: files.path).appending(path: name) }

    /// The command, not yet started, and what it will print.
    ///
    /// - Parameter unblocked: takes signals. A test's thread may have them blocked, and so would the command.
    func command(unblocked: Bool = false) -> (process: Process, words: Pipe) {
        let process = Process()
        process.executableURL = unblocked ? URL(filePath: "/usr/bin/env") : Built.command
        let unblocking = """
            import os, signal, sys
            signal.pthread_sigmask(signal.SIG_SETMASK, [])
            os.execv(sys.argv[1], sys.argv[1:])
            """
        var arguments: [String] = unblocked ? ["python3", "-c", unblocking, Built.command.path] : []
        arguments += ["run", file("manifest.json").path, "--output", results.path]
        for part in scene.parts { arguments += ["--component", "\(part.name)=\(file("\(part.name).wasm").path)"] }
        for entry in scene.data { arguments += ["--data", "\(entry.name)=\(file("\(entry.name).data").path)"] }
        process.arguments = arguments
        var environment = ProcessInfo.processInfo.environment
        environment["TMPDIR"] = scene.place.path
        environment["TWOCVM_HOME"] = file("home").path
        process.environment = environment
        let words = Pipe()
        process.standardOutput = words
        process.standardError = words
        return (process, words)
    }

    /// Runs it to its end: exit status, and what it printed.
    func run() throws -> (status: Int32, words: String) {
        let (process, pipe) = command()
        try process.run()
        let words = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, words)
    }

    /// Names of files in the folder for outputs; `nil` without a folder.
    var outputs: [String]? { try? FileManager.default.contentsOfDirectory(atPath: results.path).sorted() }
}

/// What the kernel says of processes.
enum Processes {
    /// Numbers of the processes whose parent is `parent`.
    static func children(of parent: Int32) -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }.filter { status(of: $0)?.parent == parent }
    }

    static func exists(_ number: Int32) -> Bool { status(of: number).map { $0.state != "Z" } ?? false }

    /// `NUMBER (NAME) STATE PARENT …`; the name may hold anything.
    private static func status(of number: Int32) -> (state: Substring, parent: Int32)? {
        guard let line = try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8),
            let end = line.lastIndex(of: ")")
        else { return nil }
        let fields = line[line.index(after: end)...].split(separator: " ")
        guard fields.count > 1, let parent = Int32(fields[1]) else { return nil }
        return (fields[0], parent)
    }

    /// Sends SIGKILL through the system's own command.
    static func kill(_ number: Int32) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", "kill -KILL \(number)"]
        try process.run()
        process.waitUntilExit()
    }
}

/// Whether something becomes true in time.
func eventually(within limit: Duration = .seconds(10), _ condition: () throws -> Bool) rethrows -> Bool {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
        if try condition() { return true }
        Thread.sleep(forTimeInterval: 0.02)
    }
    return try condition()
}
