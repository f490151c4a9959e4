internal import Commitments
internal import Primitives

extension HTML {
    /// Statements, one paragraph each.
    static func statements(_ statements: [Statement]) -> HTML { .pieces(statements.map(statement)) }

    /// A statement as `explain` has it: a mark for what deserves a second look, its lines, and the rest on demand.
    static func statement(_ statement: Statement) -> HTML {
        let words: [HTML] =
            switch statement.severity {
            case .notice: [.text(statement.text)]
            case .warning: [.tag("b", text: "Look twice: "), .text(statement.text)]
            case .danger: [.tag("b", text: "Grave: "), .text(statement.text)]
            }
        var pieces: [HTML] = [.tag("p", nil, [], words)] + lines(statement.lines)
        if !statement.details.isEmpty {
            let summary = "\(counted(statement.details.count, "value")) more"
            pieces.append(.tag("details", nil, [], [.tag("summary", text: summary)] + lines(statement.details)))
        }
        guard statement.severity != .notice else { return .pieces(pieces) }
        return .tag("div", statement.severity.rawValue, [], pieces)
    }

    private static func lines(_ lines: [Statement.Line]) -> [HTML] {
        var pieces: [HTML] = []
        var values: [HTML] = []
        func close() {
            if !values.isEmpty { pieces.append(.tag("ul", "v", [], values)) }
            values = []
        }
        for line in lines {
            switch line {
            case .value(let value): values.append(.tag("li", text: value))
            case .quote(let label, let text):
                close()
                pieces.append(quote(label, text.description))
            }
        }
        close()
        return pieces
    }

    /// What somebody else wrote: apart from the program's own words, its direction kept to itself.
    static func quote(_ label: String?, _ text: String) -> HTML {
        let own = label.map { [HTML.tag("span", "label", text: $0 + ": ")] } ?? []
        return .tag("blockquote", nil, [], own + [.tag("bdi", text: text)])
    }

    /// A section with its heading.
    static func section(_ identifier: String, _ title: String, _ content: [HTML]) -> HTML {
        .tag(
            "section", nil, [.init("aria-labelledby", identifier)],
            [.tag("h2", nil, [.init("id", identifier)], [.text(title)])] + content)
    }

    /// What scrolls by itself where a screen is narrow, also by keyboard.
    static func wide(_ label: String, _ content: [HTML]) -> HTML {
        .tag(
            "div", "wide",
            [.init("tabindex", "0"), .init("role", "region"), .init("aria-label", label)], content)
    }
}
