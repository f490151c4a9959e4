import Formats
import Primitives
import Testing

@Suite("A format's entry")
struct FormatReadingTests {
    @Test(
        "is refused where it is not bounded, contradicts itself or has a key that is not supported",
        arguments: [
            #"{"format": "all"}"#, #"{"format": {"kind": "xml"}}"#, #"{"format": {"kind": "text"}}"#,
            #"{"format": {"kind": "text", "maximumCharacters": 0}}"#,
            #"{"format": {"kind": "text", "maximumCharacters": 5, "pattern": "x"}}"#,
            #"{"format": {"kind": "csv", "maximumRows": 5, "columns": []}}"#,
            #"{"format": {"kind": "csv", "columns": [{"name": "a", "type": "boolean"}]}}"#,
            #"{"format": {"kind": "csv", "maximumRows": 100000001, "columns": [{"name": "a", "type": "boolean"}]}}"#,
            #"{"format": {"kind": "json", "schema": {"type": "object", "properties": {}}}}"#,
            #"{"format": {"kind": "json", "schema": {"type": "array", "items": {"type": "boolean"}}}}"#,
            #"{"format": {"kind": "json", "schema": {"type": "string"}}}"#,
            #"{"format": {"kind": "json", "schema": {"type": "string", "enum": ["a", "a"]}}}"#,
            #"{"format": {"kind": "json", "schema": {"type": "string", "enum": ["a"], "pattern": "a"}}}"#,
            #"{"format": {"kind": "json", "schema": {"type": "integer", "minimum": 1000, "maximum": 10}}}"#,
            #"{"format": {"kind": "json", "schema": {"type": "number", "minimum": "1e3", "fractionDigits": 1}}}"#,
            #"{"format": {"kind": "json", "schema": {"type": "number", "minimum": "1.25", "fractionDigits": 1}}}"#,
            #"{"format": {"kind": "json", "schema": {"type": "number", "fractionDigits": 0, "#
                + #""minimum": "9999999999999999"}}}"#,
        ])
    func refusesFormats(_ entry: String) {
        #expect(throws: JSONShapeError.self) { try Draft(entry) }
    }

    @Test(
        "is refused for a column that is none",
        arguments: [
            #"{"name": "", "type": "boolean"}"#, #"{"name": "a\u200b", "type": "boolean"}"#, #"{"name": "a"}"#,
            #"{"name": "a", "type": "text"}"#, #"{"name": "a", "type": "text", "values": []}"#,
            #"{"name": "a", "type": "text", "values": ["x", ""]}"#,
            #"{"name": "a", "type": "text", "values": ["x\n"]}"#,
            #"{"name": "a", "type": "text", "maximumCharacters": 5}"#,
            #"{"name": "a", "type": "text", "maximumCharacters": 10001, "characters": "ascii"}"#,
            #"{"name": "a", "type": "text", "values": ["x"], "characters": "ascii"}"#,
            #"{"name": "a", "type": "integer", "fractionDigits": 1}"#, #"{"name": "a", "type": "decimal"}"#,
            #"{"name": "a", "type": "decimal", "fractionDigits": 19}"#,
            #"{"name": "a", "type": "integer", "minimum": "0"}"#,
            #"{"name": "a", "type": "date", "minimum": "2023-02-29"}"#,
            #"{"name": "a", "type": "date", "minimum": "2024-02-29", "maximum": "2024-02-28"}"#,
            #"{"name": "a", "type": "boolean", "optional": 1}"#,
            #"{"name": "a", "type": "boolean"}, {"name": "a", "type": "boolean"}"#,
        ])
    func refusesColumns(_ columns: String) {
        #expect(throws: JSONShapeError.self) { try Draft(columns: columns) }
    }

    @Test(
        "is refused for a rule that its columns cannot keep",
        arguments: [
            #", "noise": []"#,
            #", "noise": [{"column": "t", "mechanism": "discrete-laplace", "scale": "1", "sensitivity": "1"}]"#,
            #", "noise": [{"column": "n", "mechanism": "gauss", "scale": "1", "sensitivity": "1"}]"#,
            #", "noise": [{"column": "n", "mechanism": "discrete-laplace", "scale": "0", "sensitivity": "1"}]"#,
            #", "noise": [{"column": "n", "mechanism": "discrete-laplace", "scale": "-1", "sensitivity": "1"}]"#,
            #", "noise": [{"column": "n", "mechanism": "discrete-laplace", "scale": "1"}]"#,
            #", "noise": [{"column": "n", "mechanism": "discrete-laplace", "sensitivity": "1", "#
                + #""scale": "99999999999999999"}]"#,
            #", "noise": [{"column": "o", "mechanism": "discrete-laplace", "scale": "1", "sensitivity": "1"}]"#,
            #", "minimumGroup": {"column": "d", "atLeast": 5}"#, #", "minimumGroup": {"column": "n", "atLeast": 0}"#,
            #", "minimumGroup": {"column": "n", "atLeast": 101}"#, #", "minimumGroup": {"column": "m", "atLeast": 5}"#,
            #", "minimumGroup": {"column": "x", "atLeast": 1}"#,
            #", "round": [{"column": "n", "to": 0}]"#, #", "round": [{"column": "x", "to": 7}]"#,
            #", "round": [{"column": "n", "to": 5}, {"column": "n", "to": 3}]"#,
            #", "round": [{"column": "d", "to": "0.05"}]"#,
            #", "round": [{"column": "d", "to": 1}]"#,
        ])
    func refusesRules(_ rules: String) throws {
        let columns = #"""
            {"name": "n", "type": "integer", "minimum": 0, "maximum": 100}, {"name": "t", "type": "boolean"},
            {"name": "o", "type": "integer", "optional": true},
            {"name": "x", "type": "integer", "minimum": -6, "maximum": -1},
            {"name": "d", "type": "decimal", "fractionDigits": 1}
            """#
        _ = try Draft(columns: columns)
        #expect(throws: JSONShapeError.self) { try Draft(columns: columns, rules: rules) }
    }

    @Test("has rules only beside a table")
    func rulesWithoutTable() {
        let round = #""round": [{"column": "n", "to": 5}]"#
        #expect(throws: JSONShapeError.self) { try Draft(#"{"format": "any", \#(round)}"#) }
    }

    @Test("demands room for every combination of a complete table")
    func completeTables() {
        let columns = #"{"name": "k", "type": "text", "values": ["x", "y", "z"]}, {"name": "n", "type": "integer"}"#
        #expect(throws: JSONShapeError.self) { try Draft(columns: columns, rows: 2, also: #", "complete": true"#) }
    }

    @Test("gives each day its text and back")
    func days() {
        for day in stride(from: Int64(0), through: DateText.all.upperBound, by: 97) {
            #expect(DateText.day(of: Array(DateText.text(day).utf8).span) == day)
        }
        #expect(DateText.text(0) == "0001-01-01")
        #expect(DateText.text(DateText.all.upperBound) == "9999-12-31")
        for text in [
            "2023-02-29", "1900-02-29", "2024-13-01", "2024-00-01", "2024-01-00", "0000-01-01", "2024-1-01 ",
            "2024x01-01", "2024-01x01", "2024-01-0x", "2024-01-01 ", "2024-01-1", "",
        ] {
            #expect(DateText.day(of: Array(text.utf8).span) == nil)
        }
    }

    @Test(
        "rounds numbers half to even, whatever their spelling",
        arguments: [
            ("0.25", "0.2"), ("0.35", "0.4"), ("-0.25", "-0.2"), ("0.2500001", "0.3"), ("25e-2", "0.2"),
            ("0.0000001", "0.0"),
            ("-0", "0.0"), ("-0.04", "0.0"), ("1e2", "100.0"), ("00012.30", "12.3"), ("0.95", "1.0"), ("1E+1", "10.0"),
            ("0e999", "0.0"), ("1e-999", "0.0"),
        ])
    func rounding(_ text: String, _ expected: String) throws {
        let draft = try Draft(columns: #"{"name": "n", "type": "decimal", "fractionDigits": 1}"#)
        #expect(try draft.release("n\n\(text)\n") == "n\n\(expected)\n")
    }
}
