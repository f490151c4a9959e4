import Foundation
import Synchronization
import TestSupport
import Testing

/// One of the agents as a process of its own.
final class AgentProcess: Sendable {
    enum Failure: Error {
        case ended(String)
    }

    private let process: Mutex<Process>
    private let errors: URL
    /// What it printed up to and including the line that it listens.
    let announcement: [String]
    let port: Int

    static func program(_ name: String) throws -> URL {
        let program = Repository.root.appending(path: ".build/release/\(name)")
        try #require(
            FileManager.default.isExecutableFile(atPath: program.path), "run `make build` first: \(program.path)")
        return program
    }

    /// A folder of its own for a test's files.
    static func folder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "2cvm-agent-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        return folder
    }

    /// Starts an agent and waits until it listens.
    init(_ name: String, _ arguments: [String], in folder: URL) throws {
        let process = Process()
        process.executableURL = try Self.program(name)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        errors = folder.appending(path: "errors-\(UUID().uuidString)")
        _ = FileManager.default.createFile(atPath: errors.path, contents: nil)
        process.standardError = try FileHandle(forWritingTo: errors)
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        var text = ""
        var port: Int?
        while port == nil {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else {
                process.waitUntilExit()
                throw Failure.ended(try String(contentsOf: errors, encoding: .utf8))
            }
            text += String(decoding: data, as: UTF8.self)
            port = text.firstMatch(of: /listening on 127\.0\.0\.1:(\d+)\n/).flatMap { Int($0.1) }
        }
        self.process = Mutex(process)
        self.port = port ?? 0
        announcement = text.split(separator: "\n").map(String.init)
    }

    deinit {
        process.withLock { process in
            if process.isRunning { process.terminate() }
        }
    }

    var identifier: Int32 { process.withLock { $0.processIdentifier } }

    var errorText: String { (try? String(contentsOf: errors, encoding: .utf8)) ?? "" }

    /// Sends a signal and waits for the end.
    func end(with signal: Int32) -> Int32 {
        kill(identifier, signal)
        return process.withLock { process in
            process.waitUntilExit()
            return process.terminationReason == .exit ? process.terminationStatus : -1
        }
    }

    /// `GET path`.
    func get(_ path: String) throws -> RawAnswer {
        let connection = try RawConnection(port: port)
        connection.send("GET \(path) HTTP/1.1\r\nHost: agent\r\n\r\n")
        return try connection.answer()
    }

    /// Runs an agent that is not expected to listen, to its end.
    static func run(_ name: String, _ arguments: [String], in folder: URL) throws -> (status: Int32, text: String) {
        let process = Process()
        process.executableURL = try program(name)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }
}
