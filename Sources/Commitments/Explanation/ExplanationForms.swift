internal import Formats
public import Primitives

extension Explanation {
    /// The explanation for a terminal or a file.
    ///
    /// Warnings begin with `!`, dangers with `!!`, so that nothing hangs on colour; foreign text with `|`, on each of
    /// its lines.
    /// - Parameters:
    ///   - colour: Whether to add ANSI colours: yellow for warnings, red for dangers.
    ///   - columns: Where lines are broken.
    ///   - all: Whether to print also the values that the statements only count.
    public func text(colour: Bool, columns: Int = 100, all: Bool = false) -> String {
        TitledStatements.text(
            sections.map { TitledStatements($0.title, $0.statements) }, colour: colour, columns: columns, all: all)
    }

    /// The explanation for machines, who can learn what and each waiver included.
    public func json(of manifest: Manifest) -> JSONValue {
        let sections = sections.map { section -> JSONValue in
            [
                "subject": .string(section.subject.rawValue), "title": .string(section.title),
                "statements": .array(section.statements.map(\.json)),
            ]
        }
        let waivers = manifest.platform.waivers.map { waiver -> JSONValue in
            [
                "key": .string(waiver.key), "opens": .string(waiver.opens.rawValue),
                "severity": .string(waiver.severity.rawValue), "meaning": .string(waiver.meaning),
            ]
        }
        let reachability = Reachability(of: manifest)
        let outputs = manifest.outputs.map { output -> JSONValue in
            [
                "name": .string(output.name.description),
                "recipients": .array(output.recipients.map(\.json)),
                "maximumBits": reachability.capacity(of: [output.name]).json,
            ]
        }
        let participants = manifest.participants.map { participant -> JSONValue in
            let readings = manifest.readings(of: participant.name)
            return [
                "name": .string(participant.name.description), "maximumBits": reachability.capacity(of: readings).json,
            ]
        }
        return [
            "version": 1,
            "name": .string(manifest.name.description),
            "digest": .string(manifest.digest.prefixed),
            "disclosures": .array(reachability.disclosures.map(\.json)),
            "outputs": .array(outputs),
            "recipients": .array(participants),
            "maximumBitsOfAll": reachability.capacity(of: Array(reachability.capacities.keys)).json,
            "waivers": .array(waivers),
            "sections": .array(sections),
        ]
    }
}

/// Statements below a title, for a terminal or a file.
package struct TitledStatements {
    let title: String
    let statements: [Statement]

    /// Joins the two.
    package init(_ title: String, _ statements: [Statement]) {
        self.title = title
        self.statements = statements
    }

    /// All of them, one below the other. What `all` would show besides is counted in the end.
    package static func text(_ sections: [TitledStatements], colour: Bool, columns: Int, all: Bool) -> String {
        var lines: [String] = []
        for section in sections {
            if !lines.isEmpty { lines.append("") }
            lines.append(colour ? "\u{1B}[1m\(section.title)\u{1B}[0m" : section.title)
            for statement in section.statements {
                lines += statement.rows(colour: colour, columns: columns, all: all)
            }
        }
        let hidden = sections.flatMap(\.statements).reduce(0) { $0 + $1.details.count }
        if !all, hidden > 0 {
            lines += ["", "\(counted(hidden, "value")) more can be shown: add --all."]
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension Statement {
    /// The statement with what belongs to it, in rows of a screen.
    func rows(colour: Bool, columns: Int, all: Bool) -> [String] {
        let mark: (text: String, code: String?) =
            switch severity {
            case .notice: ("   ", nil)
            case .warning: ("!  ", "33")
            case .danger: ("!! ", "31")
            }
        var rows = text.wrapped(columns: columns - 3).enumerated().map {
            ($0.offset == 0 ? mark.text : "   ") + $0.element
        }
        for line in all ? lines + details : lines { rows += line.rows(columns: columns) }
        guard colour, let code = mark.code else { return rows }
        return rows.map { "\u{1B}[\(code)m\($0)\u{1B}[0m" }
    }

    /// Every value, also those that are shown on demand.
    public var json: JSONValue {
        var members = [JSONMember("severity", .string(severity.rawValue)), JSONMember("text", .string(text))]
        if !lines.isEmpty { members.append(JSONMember("lines", .array(lines.map(\.json)))) }
        if !details.isEmpty { members.append(JSONMember("details", .array(details.map(\.json)))) }
        return .object(members)
    }
}

extension Statement.Line {
    fileprivate func rows(columns: Int) -> [String] {
        switch self {
        case .value(let value): Self.rows(of: value, columns: columns - 5).map { "     " + $0 }
        case .quote(let label, let text):
            ForeignText(escaping: (label.map { "\($0): " } ?? "") + text.description)
                .lines(columns: columns - 3).map { "   " + $0 }
        }
    }

    /// Words are wrapped, and a long digest is broken into rows of one length.
    private static func rows(of value: String, columns: Int) -> [String] {
        guard value.utf8.count > columns, columns > 0, !value.utf8.contains(0x20) else {
            return value.wrapped(columns: columns)
        }
        let count = (value.utf8.count + columns - 1) / columns
        return value.broken(columns: (value.utf8.count + count - 1) / count)
    }

    fileprivate var json: JSONValue {
        switch self {
        case .value(let value): ["value": .string(value)]
        case .quote(nil, let text): ["quote": .string(text.description)]
        case .quote(let label?, let text): ["label": .string(label), "quote": .string(text.description)]
        }
    }
}

extension Capacity {
    /// Whole bits, rounded up.
    fileprivate var json: JSONValue { .integer(Int(bits)) }
}

extension Disclosure {
    /// The source, who can learn from it, and by which routes.
    public var json: JSONValue {
        [
            "source": .string(source.description),
            "kind": .string(kind.rawValue),
            "provider": provider.json,
            "learners": .array(learners.map { .string($0.description) }),
            "readers": .array(readers.map { .string($0.description) }),
            "passedOnToCount": .integer(reached.count),
            "maximumBitsOfOthers": together.json,
            "routes": .array(
                routes.map { route in
                    [
                        "output": .string(route.output.description),
                        "steps": .array(route.steps.map { .string($0.description) }),
                        "omittedSteps": .integer(route.omittedCount),
                        "learners": .array(route.learners.map { .string($0.description) }),
                    ]
                }),
        ]
    }
}
