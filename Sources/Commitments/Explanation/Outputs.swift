internal import Formats
internal import Primitives

// What leaves: of which form, by which rules, and how much it can tell.

extension Explanation {
    static func output(_ output: Output, in manifest: Manifest, _ voice: Voice) -> [Statement] {
        let recipients = Listing(output.recipients.map(voice.object), title: "recipients of \(output.name)")
        let told = bits(output.gate.count.capacity) + (manifest.limits.runs == 1 ? "" : " in each run")
        let bound = "at most \(size(output.maximumBytes)), which can tell at most \(told)"
        let format = output.gate.format
        let severity: Severity = format == .any ? .danger : .notice
        let statement = Statement.dozen(
            "\(output.name) goes to \(recipients.text): \(format.words), \(bound).",
            format.lines + recipients.details, severity)
        return [statement] + order(of: output) + rules(of: output, in: manifest, voice)
    }

    private static func order(of output: Output) -> [Statement] {
        guard case .csv(let table) = output.gate.format else { return [] }
        return switch table.order {
        case .sorted: [.notice("The rows of \(output.name) are sorted before they leave.")]
        case .kept:
            [
                .warning(
                    "The rows of \(output.name) leave in the order in which the code writes them, which can tell "
                        + "something too. The bits count it.")
            ]
        }
    }

    private static func rules(of output: Output, in manifest: Manifest, _ voice: Voice) -> [Statement] {
        guard case .csv(let table) = output.gate.format, !output.gate.rules.isEmpty else { return [] }
        let rules = output.gate.rules
        var statements: [Statement] = []
        if !rules.noise.isEmpty {
            let lines = rules.noise.map { rule -> Statement.Line in
                let digits = table.fractionDigits(rule.column)
                let scale = rule.scale.text(inUnitsOf: digits)
                let sensitivity = rule.sensitivity.text(inUnitsOf: digits)
                return table.line("noise of scale \(scale) for a sensitivity of \(sensitivity) on", rule.column)
            }
            statements.append(
                .dozen(
                    "Noise of the discrete Laplace distribution is added to cells of \(output.name), "
                        + "and the sums stay in their columns' ranges:", lines))
            statements += privacy(of: output, table) + [knowers(of: output, in: manifest, voice)]
        }
        if let group = rules.minimumGroup {
            let label = "dropped are rows with less than \(grouped(Int(group.atLeast))) in"
            statements.append(.notice("\(output.name) has a smallest group:", lines: [table.line(label, group.column)]))
        }
        if !rules.rounding.isEmpty {
            let lines = rules.rounding.map { rule -> Statement.Line in
                let step = NumberText.text(rule.step, fractionDigits: table.fractionDigits(rule.column))
                return table.line("to a multiple of \(step)", rule.column)
            }
            statements.append(.dozen("Numbers of \(output.name) are rounded:", lines))
        }
        return statements + [
            .notice(
                "The rules of \(output.name) check form, not truth: code that writes 1000 where it counted three "
                    + "passes them. If you need the truth, read the code that is pinned.")
        ]
    }

    /// Who could take the noise away again.
    private static func knowers(of output: Output, in manifest: Manifest, _ voice: Voice) -> Statement {
        var providers: [End] = []
        for entry in manifest.data where !providers.contains(entry.provider) { providers.append(entry.provider) }
        let names = Listing(providers.map(voice.object), title: "who can compute the noise of \(output.name)")
        let feeding = providers.contains { $0.session != nil }
        let text =
            feeding
            ? "The noise follows from the salts of the data and of what other sessions send. Those who bring all of "
                + "it, there too, can compute it together."
            : providers.count == 1
                ? "The noise follows from the salts of the data, so \(names.text) can compute it."
                : "The noise follows from the salts of all data, so \(names.text) can compute it together, and nobody "
                    + "without all of them."
        return Statement(text: text, severity: .warning, lines: [], details: names.details)
    }

    /// What the noise guarantees.
    private static func privacy(of output: Output, _ table: CSVFormat) -> [Statement] {
        guard let guarantee = NoiseGuarantee(output.gate.rules, for: output.gate.format) else {
            return [
                .warning(
                    "No guarantee follows from the noise of \(output.name): which rows it has can depend on single "
                        + "people.")
            ]
        }
        let columns = guarantee.columns.map { column -> Statement.Line in
            .quote(label: "epsilon \(column.epsilon) on", ForeignText(escaping: column.name))
        }
        let statement = Statement.dozen(
            "If one person changes the cells of a column by no more than its sensitivity, added up, what the noised "
                + "cells of \(output.name) tell of each person is bounded by an epsilon of \(guarantee.sum). It adds "
                + "up over outputs and runs:",
            columns)
        guard !guarantee.columnsWithout.isEmpty else { return [statement] }
        let others = guarantee.columnsWithout.map { Statement.Line.quote(label: "column", ForeignText(escaping: $0)) }
        return [
            statement,
            .dozen("Nothing is guaranteed of these columns of \(output.name), which have no noise:", others, .warning),
        ]
    }
}

extension Format {
    /// What it is, to stand in a sentence.
    var words: String {
        switch self {
        case .any: "whatever bytes the code writes"
        case .csv(let table):
            "a table (CSV) of at most \(counted(table.maximumRows, "row")) and "
                + counted(table.columns.count, "column")
                + (table.isComplete ? ", with one row for each combination of the listed values" : "")
        case .json: "a JSON text of the shape below"
        case .text(let text):
            "text of at most \(counted(text.maximumCharacters, "character")) of the set \(text.characters.rawValue)"
                + (text.maximumLineCharacters.map { ", at most \(grouped($0)) in a line" } ?? "")
        }
    }

    /// Its columns, or the values of a shape.
    var lines: [Statement.Line] {
        switch self {
        case .any, .text: []
        case .csv(let table):
            table.columns.enumerated().flatMap { index, column in
                let otherwise = column.isOptional ? ", or nothing" : ""
                return column.kind.lines(
                    "column \(index + 1), \(column.kind.words)\(otherwise)", ForeignText(escaping: column.name))
            }
        case .json(let shape): shape.lines(at: "$")
        }
    }
}

extension CSVFormat {
    fileprivate func line(_ label: String, _ column: Int) -> Statement.Line {
        .quote(label: label, ForeignText(escaping: columns[column].name))
    }

    fileprivate func fractionDigits(_ column: Int) -> Int {
        if case .number(let bounds) = columns[column].kind { bounds.fractionDigits } else { 0 }
    }
}

extension JSONFormat {
    /// One line for each value and each list, by its place.
    fileprivate func lines(at place: String) -> [Statement.Line] {
        switch self {
        case .object(let properties):
            properties.flatMap { property in
                // As errors write it: no name passes for a way through two objects.
                let step = JSONPath.root.appending(property.name).description.dropFirst()
                return property.format.lines(at: place + step)
            }
        case .array(let element, let maximum):
            [
                .quote(label: "a list of at most \(counted(maximum, "element"))", ForeignText(escaping: place))
            ] + element.lines(at: place + "[]")
        case .value(let kind): kind.lines(kind.words, ForeignText(escaping: place))
        }
    }
}

extension ValueKind {
    /// Where such a value stands, and of words which they are.
    fileprivate func lines(_ label: String, _ place: ForeignText) -> [Statement.Line] {
        guard case .words(let words) = self else { return [.quote(label: label, place)] }
        // Quoted as in JSON, so that no two pass for one.
        let list = words.map { String(decoding: JSONValue.string($0).canonicalBytes, as: UTF8.self) }
        return [
            .quote(label: label, place),
            .quote(label: "which are", ForeignText(escaping: list.joined(separator: ", "))),
        ]
    }

    fileprivate var words: String {
        switch self {
        case .number(let bounds):
            (bounds.fractionDigits == 0
                ? "a whole number" : "a number with \(counted(bounds.fractionDigits, "digit")) after the point")
                + " from \(bounds.text(bounds.minimum)) to \(bounds.text(bounds.maximum))"
        case .date(let days): "a date from \(DateText.text(days.lowerBound)) to \(DateText.text(days.upperBound))"
        case .boolean: "true or false"
        case .words(let words): "one of \(counted(words.count, "text"))"
        case .text(let bounds): "1 to \(grouped(bounds.maximumCharacters)) characters of \(bounds.characters.rawValue)"
        }
    }
}
