internal import Platform
package import Primitives

/// The one place where errors become text. With `--json` each is an object on a line of its own.
package enum Report {
    /// Whether a program reads along. Asked of the words themselves, since they may be what is wrong.
    package static let isJSON = CommandLine.arguments.dropFirst().prefix { $0 != "--" }.contains("--json")

    /// `2cvm: error[code]: message`, then a hint.
    package static func show(_ failure: CommandFailure) {
        let error = failure.error
        let fault = Fault(
            code: error.code, place: failure.place, message: error.message, hint: error.hint, status: failure.status)
        if isJSON { return fault.printJSON(findings: failure.findings?.json) }
        if let findings = failure.findings { printError(findings.text) }
        fault.printText()
    }

    /// What the argument parser refused, in its words.
    ///
    /// - Parameters:
    ///   - message: what is wrong.
    ///   - whole: the same, with what was expected and where to read more.
    package static func showUsage(_ message: String, _ whole: String) {
        let error = "Error: \(message)"
        let rest = whole.hasPrefix(error) ? whole.dropFirst(error.count) : Substring(whole)
        let lines = rest.split(separator: "\n").map { line in
            line.drop { $0 == " " }.trimmingPrefix("Help:").drop { $0 == " " }
        }
        let hint = lines.isEmpty ? nil : lines.joined(separator: "\n")
        // The parser puts each choice on a line of its own; an error is one line.
        let line = message.replacing(":\n  - ", with: ": ").replacing("\n  - ", with: ", ")
        let fault = Fault(code: "usage", place: nil, message: line, hint: hint, status: .usage)
        if isJSON { fault.printJSON(findings: nil) } else { fault.printText() }
    }
}

/// An error, ready to be told.
private struct Fault {
    let code: String
    let place: String?
    let message: String
    let hint: String?
    let status: ExitStatus

    func printText() {
        let place = place.map { "\($0): " } ?? ""
        printRows("2cvm: error[\(code)]: \(place + message)")
        guard let hint else { return }
        // A hint may be lines to paste. None of them can pass for a message of its own.
        let lines = hint.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        printRows("2cvm: hint: " + (lines.first ?? ""))
        for line in lines.dropFirst() { printRows(line, indentedBy: "            ") }
    }

    func printJSON(findings: JSONValue?) {
        let members = [
            JSONMember("version", 1), JSONMember("code", .string(code)), JSONMember("message", .string(message)),
            JSONMember("status", .integer(Int(status.rawValue))),
        ]
        let more = [
            hint.map { JSONMember("hint", .string($0)) }, place.map { JSONMember("place", .string($0)) },
            findings.map { JSONMember("appraisal", $0) },
        ]
        let object = JSONValue.object(members + more.compactMap(\.self))
        printError(String(decoding: object.canonicalBytes, as: UTF8.self))
    }
}

/// Names of files and agents' answers come from others too: a terminal must not obey what is in them, nor break them
/// where a row would pass for a line of this program's own.
private func printRows(_ text: String, indentedBy indentation: String = "") {
    let shown = text.showingItself(besides: [])
    guard let columns = Terminal.standardError.columns else { return printError(indentation + shown) }
    let rows = shown.wrapped(columns: max(columns - 4 - indentation.count, 20))
    printError(indentation + rows.joined(separator: "\n    " + indentation))
}

/// A line on standard error.
package func printError(_ line: String) {
    var stream = StandardError()
    print(line, to: &stream)
}

/// Sees that what was printed has arrived: a full disk is no success.
package func flushOutput() throws(CommandFailure) {
    do {
        try NamedFile.flushStandardOutput()
    } catch {
        throw CommandFailure(error)
    }
}

/// A value on standard output, for machines.
package func printJSON(_ value: JSONValue) {
    print(String(decoding: value.indentedBytes, as: UTF8.self), terminator: "")
}

private struct StandardError: TextOutputStream {
    mutating func write(_ text: String) {
        // Nobody is left to tell when standard error itself cannot be written.
        try? NamedFile.writeStandardError(Array(text.utf8))
    }
}
