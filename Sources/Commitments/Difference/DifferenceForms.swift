public import Primitives

extension ManifestDifference {
    /// What it means, for a terminal or a file: who can learn more first.
    ///
    /// - Parameters:
    ///   - colour: Whether to add ANSI colours.
    ///   - columns: Where lines are broken.
    ///   - paths: Whether each changed value follows, with its place.
    public func text(colour: Bool, columns: Int = 100, paths: Bool = false) -> String {
        guard !isEmpty else { return "" }
        var lines: [String] = []
        for effect in Consequence.Effect.allCases {
            var statements = consequences.filter { $0.effect == effect }.map(\.statement)
            if effect == .learning, statements.isEmpty { statements = [.notice("Nobody.")] }
            guard !statements.isEmpty else { continue }
            if !lines.isEmpty { lines.append("") }
            lines.append(colour ? "\u{1B}[1m\(effect.title)\u{1B}[0m" : effect.title)
            lines += statements.flatMap { $0.rows(colour: colour, columns: columns, all: true) }
        }
        lines.append("")
        if paths {
            lines += changes.flatMap { $0.lines(columns: columns) }
        } else {
            lines.append("\(counted(changes.count, "value")) changed: add --paths to see each.")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Every consequence, and every change with its values in full.
    public var json: JSONValue {
        [
            "version": 1,
            "consequences": .array(
                consequences.map { consequence in
                    [
                        "effect": .string(consequence.effect.rawValue),
                        "statement": consequence.statement.json,
                    ]
                }),
            "changes": .array(
                changes.map { change in
                    var members = [JSONMember("place", .string(change.place))]
                    if let before = change.before { members.append(JSONMember("before", before)) }
                    if let after = change.after { members.append(JSONMember("after", after)) }
                    return .object(members)
                }),
        ]
    }
}

extension ManifestDifference.Change {
    /// `+ place: value`, `- place: value`, `~ place: before → after`. Values that may hold words stand in lines of
    /// their own, marked as foreign.
    fileprivate func lines(columns: Int) -> [String] {
        let sign = before == nil ? "+" : after == nil ? "-" : "~"
        let values = [before, after].compactMap { $0 }.map(Self.short)
        guard values.allSatisfy(Self.isPlain) else {
            return ["\(sign) \(place)"]
                + values.flatMap { ForeignText(escaping: $0).lines(columns: columns - 3).map { "   " + $0 } }
        }
        return ["\(sign) \(place): " + values.joined(separator: " → ")]
    }

    /// The bare values.
    public var statement: Statement {
        if place.hasSuffix(", order") { return .notice("The order of \(place.dropLast(", order".count)) is another.") }
        let quotes = [("before", before), ("after", after)].compactMap { label, value -> Statement.Line? in
            value.map { .quote(label: label, ForeignText(escaping: Self.short($0))) }
        }
        return .notice("\(place) is \(before == nil ? "new" : after == nil ? "gone" : "another"):", lines: quotes)
    }

    private static func isPlain(_ text: String) -> Bool {
        text.utf8.count <= 80 && text.utf8.allSatisfy { 0x21...0x7E ~= $0 }
    }

    /// Keys are 1,628 characters long, and a terminal is not.
    private static func short(_ value: JSONValue) -> String {
        let text = String(decoding: value.canonicalBytes, as: UTF8.self)
        guard text.unicodeScalars.count > 160 else { return text }
        return String(text.unicodeScalars.prefix(100)) + " … " + String(text.unicodeScalars.suffix(40))
    }
}
