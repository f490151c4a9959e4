public import Primitives

extension Explanation {
    /// The explanation for a terminal or a file.
    ///
    /// Warnings begin with `!`, dangers with `!!`, so that nothing hangs on colour.
    /// - Parameter colour: Whether to add ANSI colours: yellow for warnings, red for dangers.
    public func text(colour: Bool, columns: Int = 100) -> String {
        var lines: [String] = []
        for section in sections {
            if !lines.isEmpty { lines.append("") }
            lines.append(colour ? "\u{1B}[1m\(section.title)\u{1B}[0m" : section.title)
            for statement in section.statements {
                lines += Self.lines(of: statement, colour: colour, columns: columns)
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The explanation for machines, who can learn what included.
    public func json(of manifest: Manifest) -> JSONValue {
        let sections = sections.map { section -> JSONValue in
            let statements = section.statements.map { statement -> JSONValue in
                ["severity": .string(statement.severity.rawValue), "text": .string(statement.text)]
            }
            return ["title": .string(section.title), "statements": .array(statements)]
        }
        return [
            "version": 1,
            "name": .string(manifest.name.description),
            "digest": .string(manifest.digest.prefixed),
            "disclosures": .array(Reachability(of: manifest).disclosures.map(\.json)),
            "sections": .array(sections),
        ]
    }

    private static func lines(of statement: Statement, colour: Bool, columns: Int) -> [String] {
        let mark: (text: String, code: String?) =
            switch statement.severity {
            case .notice: ("  ", nil)
            case .warning: ("! ", "33")
            case .danger: ("!!", "31")
            }
        let indent = statement.text.prefix { $0 == " " }.count
        var lines = [mark.text + " " + String(repeating: " ", count: indent)]
        for word in statement.text.split(separator: " ") {
            let isFirst = lines[lines.count - 1].utf8.allSatisfy { $0 == 0x20 || $0 == UInt8(ascii: "!") }
            if !isFirst, lines[lines.count - 1].count + 1 + word.count > columns {
                lines.append(String(repeating: " ", count: 3 + indent) + word)
            } else {
                lines[lines.count - 1] += isFirst ? String(word) : " " + word
            }
        }
        guard colour, let code = mark.code else { return lines }
        return lines.map { "\u{1B}[\(code)m\($0)\u{1B}[0m" }
    }
}

extension Disclosure {
    /// The source, who can learn from it, and by which routes.
    public var json: JSONValue {
        [
            "source": .string(source.description),
            "kind": .string(kind.rawValue),
            "provider": .string(provider.description),
            "learners": .array(learners.map { .string($0.description) }),
            "routes": .array(
                routes.map { route in
                    [
                        "output": .string(route.output.description),
                        "steps": .array(route.steps.map { .string($0.description) }),
                        "recipients": .array(route.recipients.map { .string($0.description) }),
                    ]
                }),
        ]
    }
}
