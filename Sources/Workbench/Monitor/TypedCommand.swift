internal import Image
package import Pages

/// The words that were typed to look at a session, from which the next command is made: same agent, manifest and key.
package struct TypedCommand: Sendable {
    private let words: [String]

    /// Takes what was typed behind a command.
    ///
    /// - Parameters:
    ///   - words: all of it.
    ///   - flags: left out, since only that command understands them.
    ///   - options: left out with their values.
    package init(_ words: [String], without flags: Set<String>, _ options: Set<String>) {
        var kept: [String] = []
        var isValue = false
        for word in words {
            let name = word.prefix { $0 != "=" }
            if isValue {
                isValue = false
            } else if options.contains(word) {
                isValue = true
            } else if !flags.contains(word), !options.contains(String(name)) {
                kept.append(word)
            }
        }
        self.words = kept
    }

    /// One line for a shell.
    package func line(_ command: String, _ arguments: [String] = [], more: [String] = []) -> String {
        (["2cvm", command] + arguments + words + more).map(shellWord).joined(separator: " ")
    }

    /// What answers a review.
    package func answers(to digest: some CustomStringConvertible) -> AnswerCommands {
        AnswerCommands(yes: line("approve", ["\(digest)"]), no: line("refuse", ["\(digest)"]))
    }
}
