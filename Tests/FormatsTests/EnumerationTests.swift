import Formats
import Testing

/// A column of few cells.
private struct SmallColumn {
    /// The keys of its entry but its name.
    let entry: String
    /// Each cell once, as it is released, and some that are written otherwise.
    let cells: [String]
    var isNumber = false

    static let all = [
        SmallColumn(
            entry: #""type": "integer", "minimum": 0, "maximum": 2"#, cells: ["0", "1", "2", "02"], isNumber: true),
        SmallColumn(
            entry: #""type": "integer", "minimum": -1, "maximum": 0, "optional": true"#, cells: ["", "-1", "0", "-0"],
            isNumber: true),
        SmallColumn(
            entry: #""type": "integer", "minimum": 3, "maximum": 5"#, cells: ["3", "4", "5"], isNumber: true),
        SmallColumn(
            entry: #""type": "decimal", "fractionDigits": 1, "minimum": "-0.1", "maximum": "0.1""#,
            cells: ["-0.1", "0.0", "0.1", "0"]),
        SmallColumn(entry: #""type": "boolean""#, cells: ["false", "true", "True"]),
        SmallColumn(entry: #""type": "text", "values": ["b", "a,\""]"#, cells: ["b", #""a,""""#, #""b""#]),
        SmallColumn(entry: #""type": "text", "values": ["x"], "optional": true"#, cells: ["", "x"]),
        SmallColumn(
            entry: #""type": "date", "minimum": "2024-02-29", "maximum": "2024-03-01""#,
            cells: ["2024-02-29", "2024-03-01"]),
        SmallColumn(
            entry: #""type": "text", "maximumCharacters": 1, "characters": "digits""#, cells: (0...9).map(String.init)),
    ]
}

/// Every file that code can write of some columns, up to a number of rows.
private struct Enumeration {
    let draft: Draft
    let columns: [SmallColumn]
    let maximumRows: Int

    init(_ columns: [SmallColumn], rows: Int, also: String = "", rules: String = "") throws {
        let entries = columns.enumerated().map { #"{"name": "c\#($0)", \#($1.entry)}"# }.joined(separator: ", ")
        draft = try Draft(columns: entries, rows: rows, also: also, rules: rules)
        self.columns = columns
        maximumRows = rows
    }

    /// Whether the gate writes as many files as the format counts, and the check of its work passes just these.
    func require(_ location: SourceLocation = #_sourceLocation) throws {
        var rows = [""]
        for (index, column) in columns.enumerated() {
            rows = rows.flatMap { row in column.cells.map { index == 0 ? $0 : row + "," + $0 } }
        }
        // A lone empty cell is in quotation marks where it is released.
        if columns.count == 1, rows.contains("") { rows.append("\"\"") }
        let header = columns.indices.map { "c\($0)" }.joined(separator: ",") + "\n"
        var (releases, accepted): (Set<String>, Set<String>) = ([], [])
        var tables = [header]
        for count in 0...maximumRows {
            for table in tables {
                // A complete format refuses most of them.
                if let released = try? draft.release(table) { releases.insert(released) }
                if draft.isReleasable(table) { accepted.insert(table) }
            }
            if count < maximumRows { tables = tables.flatMap { table in rows.map { table + $0 + "\n" } } }
        }
        let about = Comment(rawValue: "\(columns.map(\.entry)) \(maximumRows) \(draft.gate)")
        #expect(releases == accepted, about, sourceLocation: location)
        #expect(draft.gate.count.exact == UInt64(releases.count), about, sourceLocation: location)
    }
}

@Suite("Every small format's capacity")
struct EnumerationTests {
    @Test("is the number of its tables: one column, each order", arguments: ["sorted", "kept"])
    func oneColumn(_ order: String) throws {
        for column in SmallColumn.all {
            for rows in 1...3 { try Enumeration([column], rows: rows, also: #", "order": "\#(order)""#).require() }
        }
    }

    @Test("is the number of its tables: two columns, each order", arguments: ["sorted", "kept"])
    func twoColumns(_ order: String) throws {
        for one in SmallColumn.all.dropLast() {
            for two in SmallColumn.all.dropLast() {
                for rows in 1...2 {
                    try Enumeration([one, two], rows: rows, also: #", "order": "\#(order)""#).require()
                }
            }
        }
    }

    @Test("is the number of its complete tables, with dropped rows where rows can be dropped")
    func complete() throws {
        let keys = SmallColumn.all.filter { $0.entry.contains("values") }
        for key in keys {
            for value in SmallColumn.all where !value.entry.contains("values") && value.cells.count < 9 {
                let rows = key.entry.contains("optional") ? 2 : key.cells.count - 1
                let rules = value.isNumber ? ["", rule(atLeast: 1, column: 1), rule(atLeast: 2, column: 1)] : [""]
                for rule in rules {
                    guard
                        let enumeration = try? Enumeration(
                            [key, value], rows: rows, also: #", "complete": true"#, rules: rule)
                    else { continue }
                    try enumeration.require()
                }
            }
        }
        // Two keys, and no key at all.
        try Enumeration([keys[0], keys[1]], rows: 4, also: #", "complete": true"#).require()
        try Enumeration([SmallColumn.all[0]], rows: 1, also: #", "complete": true"#).require()
    }

    @Test("is the number of tables that the rules leave, each order", arguments: ["sorted", "kept"])
    func rules(_ order: String) throws {
        var count = 0
        for column in SmallColumn.all where column.isNumber {
            for atLeast in [nil, 1, 2, 4, 5] {
                for step in [nil, 1, 2, 3, 4] {
                    let rules =
                        (atLeast.map { rule(atLeast: $0, column: 0) } ?? "")
                        + (step.map { #", "round": [{"column": "c0", "to": \#($0)}]"# } ?? "")
                    // No group where no number is large enough, no step where no multiple is in range.
                    guard
                        let enumeration = try? Enumeration(
                            [column, SmallColumn.all[4]], rows: 2, also: #", "order": "\#(order)""#, rules: rules)
                    else { continue }
                    try enumeration.require()
                    count += 1
                }
            }
        }
        #expect(count > 30)
    }

    private func rule(atLeast: Int, column: Int) -> String {
        #", "minimumGroup": {"column": "c\#(column)", "atLeast": \#(atLeast)}"#
    }

    @Test(
        "is the number of its texts, with bounded lines too",
        arguments: [nil, 1, 2, 3, 4], 1...4)
    func texts(_ line: Int?, _ most: Int) throws {
        let lines = line.map { #", "maximumLineCharacters": \#($0)"# } ?? ""
        let draft = try Draft(
            #"{"format": {"kind": "text", "maximumCharacters": \#(most), "characters": "digits"\#(lines)}}"#)
        var texts = [""]
        var last = [""]
        for _ in 0..<most {
            last = last.flatMap { text in "0123456789\n".map { text + String($0) } }
            texts += last
        }
        let releases = Set(texts.compactMap { try? draft.release($0) })
        #expect(draft.gate.count.exact == UInt64(releases.count))
        #expect(releases.allSatisfy(draft.isReleasable))
    }

    @Test("of long texts with bounded lines is no more than that of texts without")
    func longTexts() throws {
        for line in [1, 7, 1 << 30] {
            let draft = try Draft(
                #"{"format": {"kind": "text", "maximumCharacters": 100000, "maximumLineCharacters": \#(line)}}"#,
                maximumBytes: 1 << 30)
            let free = try Draft(#"{"format": {"kind": "text", "maximumCharacters": 100000}}"#, maximumBytes: 1 << 30)
            #expect(draft.gate.count.capacity <= free.gate.count.capacity)
        }
    }

    @Test(
        "is the number of its JSON texts",
        arguments: [
            (#"{"type": "boolean"}"#, ["true", "false", " true "]),
            (#"{"type": "integer", "minimum": -1, "maximum": 1}"#, ["-1", "0", "1", "-0", "1.0", "1e0"]),
            (#"{"type": "string", "enum": ["a", "\""]}"#, [#""a""#, #""\"""#, #""\u0061""#]),
            (#"{"type": "array", "maxItems": 1, "items": {"type": "boolean"}}"#, ["[]", "[true]", "[false]", "[ ]"]),
            (
                #"{"type": "array", "maxItems": 2, "items": {"type": "array", "maxItems": 1, "items": {"#
                    + #""type": "string", "enum": ["a"]}}}"#,
                ["[]", "[[]]", #"[["a"]]"#, "[[],[]]", #"[[],["a"]]"#, #"[["a"],[]]"#, #"[["a"],["a"]]"#]
            ),
            (
                #"{"type": "object", "properties": {"a": {"type": "boolean"}, "b": {"type": "integer", "minimum": 0, "#
                    + #""maximum": 1}}}"#,
                [
                    #"{"a":true,"b":0}"#, #"{"a":true,"b":1}"#, #"{"a":false,"b":0}"#, #"{"b":1,"a":false}"#,
                    #"{"b":1,"a":true}"#,
                ]
            ),
        ] as [(String, [String])])
    func json(_ schema: String, _ texts: [String]) throws {
        let draft = try Draft(#"{"format": {"kind": "json", "schema": \#(schema)}}"#)
        let releases = try Set(texts.map { try draft.release($0) })
        #expect(draft.gate.count.exact == UInt64(releases.count))
        #expect(releases.allSatisfy(draft.isReleasable))
        #expect(releases.isSuperset(of: texts.filter(draft.isReleasable)))
    }
}
