import Foundation
import TestSupport
import Testing

/// A scenario as a text file: what somebody types, and what they must see.
///
///     # a comment
///     copy docs/examples/manifest.json manifest.json     from the repository into the scenario's folder
///     write notes.txt any text                           a file with that text and no newline
///     component sum.wasm (component ...)                 a component, as WebAssembly text
///     hex sum.wasm 0061736d                              a file with those bytes
///     draft manifest.json                                a manifest of alice's and bob's; their .pub files are there
///     replace manifest.json FROM => TO                   changes a file's text, which must contain FROM
///     chmod notes.txt 600                                its permissions
///     set TWOCVM_KEY alice.key                           a variable for all commands that follow; no value unsets it
///     $ 2cvm manifest check manifest.json                runs it, in a folder of its own
///     exit 0                                             the last command's status; every command needs one
///     out TEXT | err TEXT                                it printed this on standard output, or error
///     no-out TEXT | no-err TEXT                          it did not
///     fault CODE                                         the error was one line of JSON, with that code and status
///     mode FILE 600 | absent FILE                        what lies in the folder now
///     pipe FILE                                          the next command reads that file through a pipe
///     terminal                                           the next command runs at a terminal
///     agent --host-data sha256:...                       starts a simulated agent: {agent} and {root} from here on
///
/// `{key:alice.pub}` stands for the signing key in a file, `{sealing:alice.pub}` for the sealing key,
/// `{digest:manifest.json}` for a manifest's digest.
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
