internal import Platform

/// What a person at a terminal sees of a command that takes its time. Quiet when piped.
package struct Progress {
    private let isQuiet: Bool
    private let isLive = Terminal.standardError.obeysEscapes

    /// - Parameter isQuiet: for machines: not even notes.
    package init(isQuiet: Bool) {
        self.isQuiet = isQuiet
    }

    /// A line that stays, also when nobody watches.
    package func note(_ line: String) {
        if !isQuiet { printError("2cvm: note: \(line)") }
    }

    /// What happens now, in the place of what happened before.
    package func step(_ words: String) {
        if isLive, !isQuiet { try? NamedFile.writeStandardError(Array("\r\u{1B}[K2cvm: \(words) …".utf8)) }
    }

    /// Clears the line.
    package func finish() {
        if isLive, !isQuiet { try? NamedFile.writeStandardError(Array("\r\u{1B}[K".utf8)) }
    }
}
