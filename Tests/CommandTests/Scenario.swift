import Foundation
import TestSupport
import Testing

/// A scenario as a text file: what somebody types, and what they must see.
///
///     # a comment
///     copy docs/examples/manifest.json manifest.json     from the repository into the scenario's folder
///     write notes.txt any text                           a file with that text and no newline
///     component sum.wasm (component ...)                 a component, as WebAssembly text
///     replace manifest.json FROM => TO                   changes a file's text, which must contain FROM
///     chmod notes.txt 600                                its permissions
///     set TWOCVM_KEY alice.key                           a variable for all commands that follow; no value unsets it
///     $ 2cvm manifest check manifest.json                runs it, in a folder of its own
///     exit 0                                             the last command's status; every command needs one
///     out TEXT | err TEXT                                it printed this on standard output, or error
///     no-out TEXT | no-err TEXT                          it did not
///     mode FILE 600 | absent FILE                        what lies in the folder now
///
/// `{key:alice.pub}` stands for the signing key in a file, `{sealing:alice.pub}` for the sealing key.
struct Scenario: Sendable, CustomTestStringConvertible {
    let name: String
    let lines: [(number: Int, text: String)]

    var testDescription: String { name }

    static func all() throws -> [Scenario] {
        let folder = Repository.root.appending(path: "Tests/CommandTests/Scenarios")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".txt") }
        return try files.sorted().map { file in
            let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
                .map { (number: $0.offset + 1, text: $0.element.trimmingCharacters(in: .whitespaces)) }
                .filter { !$0.text.isEmpty && !$0.text.hasPrefix("#") }
            return Scenario(name: file, lines: lines)
        }
    }
}

/// One scenario's folder, and what the last command did.
struct Stage {
    let program: URL
    let folder: URL
    private var last: (status: Int32, out: String, err: String)?
    private var statusIsChecked = true
    private var variables: [String: String] = [:]

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
            statusIsChecked = false
        case "exit":
            let last = try #require(last)
            #expect("\(last.status)" == rest, "\(line): \(last.err)\(last.out)")
            statusIsChecked = true
        case "out": #expect(last?.out.contains(rest) == true, "\(last?.out ?? "")")
        case "err": #expect(last?.err.contains(rest) == true, "\(last?.err ?? "")")
        case "no-out": #expect(last?.out.contains(rest) == false, "\(last?.out ?? "")")
        case "no-err": #expect(last?.err.contains(rest) == false, "\(last?.err ?? "")")
        default: try arrange(verb, rest)
        }
    }

    /// A command whose status nobody looked at is a scenario that proves less than it says.
    func finish() throws {
        try #require(statusIsChecked, "a command has no exit line")
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
        guard let match = word.firstMatch(of: /\{(key|sealing):([^}]+)\}/) else { return word }
        let data = try Data(contentsOf: folder.appending(path: String(match.2)))
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: String])
        let key = try #require(object[match.1 == "key" ? "signingKey" : "sealingKey"])
        return word.replacingOccurrences(of: String(match.0), with: key)
    }

    private func run(_ words: [String]) throws -> (Int32, String, String) {
        try #require(words.first == "2cvm", "scenarios run 2cvm alone")
        let process = Process()
        process.executableURL = program
        process.arguments = Array(words.dropFirst())
        process.currentDirectoryURL = folder
        process.environment = variables.merging(
            ["TWOCVM_HOME": folder.appending(path: "home/of/mine").path, "PATH": "/usr/bin:/bin"]
        ) { mine, _ in mine }
        process.standardInput = FileHandle.nullDevice
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
