internal import Platform

/// One thing that a draft needs.
package struct Question {
    package enum Form {
        /// A whole line is one answer.
        case line
        /// Words of a line, at least one.
        case several
        /// Words of a line, or none.
        case optional
    }

    package let text: String
    /// What gives the answer on the command line.
    package let flag: String
    package let form: Form

    package init(_ text: String, flag: String, _ form: Form = .several) {
        self.text = text
        self.flag = flag
        self.form = form
    }

    fileprivate var prompt: String {
        switch form {
        case .line: "\(text):"
        case .several: "\(text), separated by spaces:"
        case .optional: "\(text), separated by spaces, or nothing:"
        }
    }
}

/// Asks at a terminal for what no flag gave. An answer that is refused is asked for again, so that one slip costs one
/// answer.
package struct Questions {
    /// Whether somebody answers. Who gave every flag is not asked for what a manifest can do without.
    package private(set) var isAnswered = false
    /// Whether the person has left: nobody answers what is asked now.
    package private(set) var isAtEnd = false

    package init() {}

    /// Whether a question would be asked at all.
    package func asks(_ question: Question, given: [String]) -> Bool {
        given.isEmpty && Keyboard.isInteractive && (question.form != .optional || isAnswered)
    }

    /// What the step makes of the draft with the flags' values, else with the first answer that it takes.
    ///
    /// - Throws: for flags what the step throws; ``CommandError/missing(_:)`` where nobody answers.
    package mutating func put(
        _ question: Question, given: [String], _ draft: Draft,
        _ step: (Draft) -> ([String]) throws(CommandFailure) -> Draft
    ) throws(CommandFailure) -> Draft {
        guard asks(question, given: given) else {
            guard !given.isEmpty || question.form == .optional else { throw Self.missing([question.flag]) }
            return try step(draft)(given)
        }
        while true {
            printError(question.prompt)
            guard let line = readLine(strippingNewline: true) else {
                isAtEnd = true
                throw Self.missing([question.flag])
            }
            isAnswered = true
            let words = line.split(separator: " ").map(String.init)
            guard !words.isEmpty || question.form == .optional else { continue }
            do throws(CommandFailure) {
                return try step(draft)(question.form == .line ? [words.joined(separator: " ")] : words)
            } catch {
                Report.show(error)
            }
        }
    }

    /// Whether the answer is yes.
    package func agrees(to question: String) -> Bool {
        printError("\(question) yes or no:")
        return ["y", "yes"].contains((readLine(strippingNewline: true) ?? "").lowercased())
    }

    package static func missing(_ flags: [String]) -> CommandFailure {
        CommandFailure(CommandError.missing(flags))
    }
}
