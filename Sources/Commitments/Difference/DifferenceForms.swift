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
        let sections = Consequence.Effect.allCases.compactMap { effect -> TitledStatements? in
            var statements = consequences.filter { $0.effect == effect }.map(\.statement)
            if effect == .learning, statements.isEmpty { statements = [.notice("Nobody.")] }
            return statements.isEmpty ? nil : TitledStatements(effect.title, statements)
        }
        return TitledStatements.text(sections, colour: colour, columns: columns, all: true) + "\n"
            + Change.text(changes, columns: columns, paths: paths)
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
            "changes": .array(changes.map(\.json)),
        ]
    }
}

extension ManifestDifference.Change {
    /// Each changed value with its place, or how many there are.
    package static func text(_ changes: [Self], columns: Int, paths: Bool) -> String {
        guard paths else { return "\(counted(changes.count, "value")) changed: add --paths to see each.\n" }
        return changes.flatMap { $0.lines(columns: columns) }.map { $0 + "\n" }.joined()
    }

    /// The place and its values.
    package var json: JSONValue {
        var members = [JSONMember("place", .string(place))]
        if let before { members.append(JSONMember("before", before)) }
        if let after { members.append(JSONMember("after", after)) }
        return .object(members)
    }

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
