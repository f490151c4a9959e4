import Foundation
import TestSupport
import Testing

/// What `--help` shows as an example can be typed.
@Suite("The help's examples")
struct HelpTests {
    private struct Page {
        let command: [String]
        let text: String
    }

    private static let program = Repository.root.appending(path: ".build/release/2cvm")

    @Test("are taken by the command that shows them")
    func examples() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "2cvm-help-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        // What a shell makes of an asterisk.
        for name in ["manifest.a.json", "manifest.b.json"] {
            try Data("{}".utf8).write(to: folder.appending(path: name))
        }
        var count = 0
        for page in try Self.pages() {
            for example in Self.examples(in: page.text) {
                count += 1
                let ended = try Self.run(["/bin/sh", "-c", example], in: folder)
                #expect(ended.status != 64, "\(example): \(ended.err)")
            }
        }
        #expect(count > 25)
    }

    /// Every command's discussion, as the argument parser itself tells it.
    private static func pages() throws -> [Page] {
        let dump = try run([program.path, "--experimental-dump-help"], in: URL(filePath: "/"))
        let tool = try #require(try JSONSerialization.jsonObject(with: Data(dump.out.utf8)) as? [String: Any])
        return pages(of: try #require(tool["command"] as? [String: Any]), below: [])
    }

    private static func pages(of command: [String: Any], below parents: [String]) -> [Page] {
        let path = parents + [command["commandName"] as? String ?? ""]
        let inner = command["subcommands"] as? [[String: Any]] ?? []
        return [Page(command: path, text: command["discussion"] as? String ?? "")]
            + inner.flatMap { pages(of: $0, below: path) }
    }

    /// From `Example: 2cvm` to the next empty line. Digits that are left out are put back.
    private static func examples(in text: String) -> [String] {
        text.matches(of: /Example:\s+2cvm (?<words>(?:.+\n?)+)/).map { match in
            let words = match.words.replacing("\\\n", with: " ").split(separator: " ").map { word -> String in
                let word = word.trimmingCharacters(in: .newlines)
                if word == "DIGEST" { return String(repeating: "0f", count: 32) }
                guard word.hasSuffix("…") || word.hasSuffix("...") else { return word }
                return String(repeating: "0f", count: word.hasSuffix("…") ? 32 : 48)
            }
            return ([program.path] + words).joined(separator: " ")
        }
    }

    private static func run(_ words: [String], in folder: URL) throws -> (status: Int32, out: String, err: String) {
        let process = Process()
        process.executableURL = URL(filePath: words[0])
        process.arguments = Array(words.dropFirst())
        process.currentDirectoryURL = folder
        process.environment = ["TWOCVM_HOME": folder.appending(path: "home").path, "PATH": "/usr/bin:/bin"]
        process.standardInput = FileHandle.nullDevice
        let (out, err) = (Pipe(), Pipe())
        process.standardOutput = out
        process.standardError = err
        try process.run()
        // Errors are short: a pipe holds them until the output has ended.
        let texts = [out, err].map { String(decoding: $0.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self) }
        process.waitUntilExit()
        return (process.terminationStatus, texts[0], texts[1])
    }
}
