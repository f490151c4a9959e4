import Foundation
import TestSupport
import Testing

/// One scenario's folder, and what the last command did.
struct Stage {
    let program: URL
    let folder: URL
    private var last: (status: Int32, out: String, err: String)?
    private var statusIsChecked = true
    private var variables: [String: String] = [:]
    /// Of the next command alone.
    private var input: String?
    private var isAtTerminal = false
    private var agent: ScenarioAgent?

    init(program: URL) throws {
        self.program = program
        folder = FileManager.default.temporaryDirectory.appending(path: "2cvm-scenario-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    }

    mutating func perform(_ line: String) throws {
        let verb = String(line.prefix { $0 != " " })
        let rest = String(line.dropFirst(verb.count + 1))
        switch verb {
        case "$":
            try finish()
            last = try run(words(of: rest))
            (input, isAtTerminal, statusIsChecked) = (nil, false, false)
        case "exit":
            let last = try #require(last)
            #expect("\(last.status)" == rest, "\(line): \(last.err)\(last.out)")
            statusIsChecked = true
        case "out": #expect(last?.out.contains(rest) == true, "\(last?.out ?? "")")
        case "err": #expect(last?.err.contains(rest) == true, "\(last?.err ?? "")")
        case "no-out": #expect(last?.out.contains(rest) == false, "\(last?.out ?? "")")
        case "no-err": #expect(last?.err.contains(rest) == false, "\(last?.err ?? "")")
        case "fault": try requireFault(rest)
        case "pipe": input = rest
        case "terminal": isAtTerminal = true
        case "agent": agent = try ScenarioAgent(try words(of: rest), in: folder)
        default: try arrange(verb, rest)
        }
    }

    /// A command whose status nobody looked at is a scenario that proves less than it says.
    func finish() throws {
        try #require(statusIsChecked, "a command has no exit line")
    }

    /// Everything on standard error is one object: a program that reads along need not guess.
    private func requireFault(_ code: String) throws {
        let last = try #require(last)
        let lines = last.err.split(separator: "\n")
        #expect(lines.count == 1, "\(last.err)")
        let object = try #require(try JSONSerialization.jsonObject(with: Data(last.err.utf8)) as? [String: Any])
        #expect(object["code"] as? String == code, "\(last.err)")
        #expect(object["status"] as? Int == Int(last.status), "\(last.err)")
        #expect((object["message"] as? String)?.isEmpty == false, "\(last.err)")
    }

    private mutating func arrange(_ verb: String, _ rest: String) throws {
        let words = rest.split(separator: " ", maxSplits: 1).map(String.init)
        let file = folder.appending(path: words.first ?? "")
        switch verb {
        case "copy":
            try FileManager.default.copyItem(
                at: Repository.root.appending(path: words[0]), to: folder.appending(path: words[1]))
        case "write": try Data((words.count == 2 ? words[1] : "").utf8).write(to: file)
        case "component": try Data(WasmTools.parse(Array(words[1].utf8))).write(to: file)
        case "hex":
            let digits = Array(words[1])
            let starts = stride(from: 0, to: digits.count, by: 2)
            try Data(starts.compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }).write(to: file)
        case "draft": try draft(file)
        case "replace":
            let sides = try words[1].components(separatedBy: " => ").map(filled)
            let text = try String(contentsOf: file, encoding: .utf8)
            try #require(sides.count == 2 && text.contains(sides[0]), "\(words[0]) does not contain \(sides[0])")
            try Data(text.replacingOccurrences(of: sides[0], with: sides[1]).utf8).write(to: file)
        case "set": variables[words[0]] = words.count == 2 ? try filled(words[1]) : nil
        case "chmod":
            let mode = try #require(Int(words[1], radix: 8))
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
        case "mode":
            let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
            let mode = try #require(attributes[.posixPermissions] as? Int)
            #expect(String(mode, radix: 8) == words[1], "\(words[0])")
        case "absent": #expect(!FileManager.default.fileExists(atPath: file.path), "\(rest)")
        default: Issue.record("no such step: \(verb)")
        }
    }

    /// `Session/draft.json` with the keys of this scenario's alice and bob.
    private func draft(_ file: URL) throws {
        let source = Repository.root.appending(path: "Tests/CommandTests/Session/draft.json")
        var text = try String(contentsOf: source, encoding: .utf8)
        for name in ["alice", "bob"] {
            for (word, kind) in [("KEY", "key"), ("SEAL", "sealing")] {
                text = text.replacingOccurrences(
                    of: "\(name.uppercased())-\(word)", with: try filled("{\(kind):\(name).pub}"))
            }
        }
        try Data(text.utf8).write(to: file)
    }

    /// Words as a shell splits them, double quotes included, and nothing else that a shell does.
    private func words(of text: String) throws -> [String] {
        var words: [String] = []
        var word: String?
        var isQuoted = false
        for character in text {
            if character == "\"" {
                isQuoted.toggle()
                word = word ?? ""
            } else if character == " ", !isQuoted {
                if let ready = word { words.append(ready) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        if let ready = word { words.append(ready) }
        return try words.map(filled)
    }

    private func filled(_ word: String) throws -> String {
        guard let match = word.firstMatch(of: /\{(key|sealing|digest):([^}]+)\}|\{(agent|root)\}/) else { return word }
        return word.replacingOccurrences(of: String(match.0), with: try value(match.1, of: match.2, or: match.3))
    }

    private func value(_ kind: Substring?, of file: Substring?, or place: Substring?) throws -> String {
        guard let kind, let file else {
            let agent = try #require(agent, "no agent was started")
            return place == "agent" ? agent.url : agent.root
        }
        if kind == "digest" {
            let printed = try run(["2cvm", "manifest", "digest", String(file)])
            return printed.1.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        let data = try Data(contentsOf: folder.appending(path: String(file)))
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: String])
        return try #require(object[kind == "key" ? "signingKey" : "sealingKey"])
    }

    private func run(_ words: [String]) throws -> (Int32, String, String) {
        try #require(words.first == "2cvm", "scenarios run 2cvm alone")
        let process = Process()
        process.executableURL = program
        process.arguments = Array(words.dropFirst())
        if isAtTerminal {
            let command = ([program.path] + words.dropFirst()).map { "'\($0)'" }.joined(separator: " ")
            process.executableURL = URL(filePath: "/usr/bin/script")
            process.arguments = ["-qec", command, "/dev/null"]
        }
        process.currentDirectoryURL = folder
        process.environment = variables.merging(
            ["TWOCVM_HOME": folder.appending(path: "home/of/mine").path, "PATH": "/usr/bin:/bin"]
        ) { mine, _ in mine }
        process.standardInput = FileHandle.nullDevice
        let pipe = Pipe()
        if let input {
            // Less than a pipe holds, so that writing it waits for nobody.
            let content = try Data(contentsOf: folder.appending(path: input))
            try #require(content.count <= 65_536)
            try pipe.fileHandleForWriting.write(contentsOf: content)
            try pipe.fileHandleForWriting.close()
            process.standardInput = pipe
        }
        let files = ["out", "err"].map { folder.appending(path: ".last-\($0)") }
        for file in files { try Data().write(to: file) }
        process.standardOutput = try FileHandle(forWritingTo: files[0])
        process.standardError = try FileHandle(forWritingTo: files[1])
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationReason == .exit, "\(words) ended by signal \(process.terminationStatus)")
        let texts = try files.map { try String(contentsOf: $0, encoding: .utf8) }
        return (process.terminationStatus, texts[0], texts[1])
    }
}

/// A simulated agent as long as its scenario lasts.
final class ScenarioAgent {
    private let process = Process()
    let url: String
    /// What `--simulated-root` names.
    let root: String

    init(_ arguments: [String], in folder: URL) throws {
        let program = Repository.root.appending(path: ".build/release/2cvm-agent-simulated")
        try #require(
            FileManager.default.isExecutableFile(atPath: program.path),
            "\(program.path) is missing: run `swift build -c release --product 2cvm-agent-simulated` first")
        process.executableURL = program
        process.arguments = ["--keys", "simulation.keys", "--listen", "127.0.0.1:0"] + arguments
        process.currentDirectoryURL = folder
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        var text = ""
        while !text.contains("listening on ") || !text.hasSuffix("\n") {
            let data = output.fileHandleForReading.availableData
            try #require(!data.isEmpty, "the agent ended: \(text)")
            text += String(decoding: data, as: UTF8.self)
        }
        let port = try #require(text.firstMatch(of: /listening on 127\.0\.0\.1:(\d+)/))
        url = "http://127.0.0.1:\(port.1)"
        root = String(try #require(text.firstMatch(of: /simulated root sha256:([0-9a-f]{64})/)).1)
    }

    deinit {
        process.terminate()
        process.waitUntilExit()
    }
}
