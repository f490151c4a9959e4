import Formats
import Testing

/// The same tables by hand: every row of every cell, every list of rows, through the gate.
private struct Enumeration {
    let draft: Draft
    /// What the code may write in each column.
    let cells: [[String]]
    let names: [String]
    let maximumRows: Int

    func releases() throws -> Set<[UInt8]> {
        var rows = [""]
        for (index, texts) in cells.enumerated() {
            rows = rows.flatMap { row in texts.map { index == 0 ? $0 : row + "," + $0 } }
        }
        let header = names.joined(separator: ",") + "\n"
        var releases: Set<[UInt8]> = []
        var tables = [header]
        for count in 0...maximumRows {
            for table in tables {
                // A complete format refuses most of them.
                guard let released = try? draft.gate.release(Array(table.utf8), noise: nil).bytes else { continue }
                try draft.gate.requireReleasable(released)
                releases.insert(released)
            }
            if count < maximumRows { tables = tables.flatMap { table in rows.map { table + $0 + "\n" } } }
        }
        return releases
    }
}

@Suite("The capacity of a format")
struct CapacityTests {
    private static let small = #"{"name": "n", "type": "integer", "minimum": 0, "maximum": 6}"#
    private static let numbers = (0...6).map(String.init)

    @Test("equals the number of tables that can be released: rows in order, rows without order, one column")
    func plainTables() throws {
        for (order, count) in [("sorted", 120), ("kept", 400)] {
            let draft = try Draft(columns: Self.small, rows: 3, also: #", "order": "\#(order)""#)
            let releases = try Enumeration(draft: draft, cells: [Self.numbers], names: ["n"], maximumRows: 3).releases()
            #expect(releases.count == count)
            #expect(draft.gate.count.exact == UInt64(count))
        }
    }

    @Test("equals the number of tables with words, dates, truth, optional cells, decimals and text")
    func everyType() throws {
        let columns = [
            (#"{"name": "c", "type": "text", "values": ["b", "a,\"", "c d"]}"#, ["b", #""a,""""#, "c d"]),
            (
                #"{"name": "c", "type": "date", "minimum": "2024-02-28", "maximum": "2024-03-01"}"#,
                ["2024-02-28", "2024-02-29", "2024-03-01"]
            ),
            (#"{"name": "c", "type": "boolean", "optional": true}"#, ["true", "False", "", "TRUE"]),
            (
                #"{"name": "c", "type": "integer", "minimum": -1, "maximum": 1, "optional": true}"#,
                ["-1", "0", "1", ""]
            ),
            (
                #"{"name": "c", "type": "decimal", "fractionDigits": 1, "minimum": "-0.2", "maximum": "0.2"}"#,
                ["-0.2", "-0.14", "-0.0", "0.1", "0.1500", "2e-1", "0"]
            ),
            (
                #"{"name": "c", "type": "text", "maximumCharacters": 1, "characters": "digits"}"#,
                (0...9).map(String.init)
            ),
        ]
        for (column, cells) in columns {
            let draft = try Draft(columns: column, rows: 2)
            let releases = try Enumeration(draft: draft, cells: [cells], names: ["c"], maximumRows: 2).releases()
            #expect(draft.gate.count.exact == UInt64(releases.count), "\(column)")
        }
    }

    @Test(
        "counts what the rules leave",
        arguments: [
            #", "minimumGroup": {"column": "n", "atLeast": 3}"#,
            #", "round": [{"column": "n", "to": 4}]"#,
            #", "minimumGroup": {"column": "n", "atLeast": 3}, "round": [{"column": "n", "to": 4}]"#,
            #", "minimumGroup": {"column": "n", "atLeast": 1}, "round": [{"column": "n", "to": 5}]"#,
        ])
    func rules(_ rules: String) throws {
        for order in ["sorted", "kept"] {
            let draft = try Draft(columns: Self.small, rows: 3, also: #", "order": "\#(order)""#, rules: rules)
            let releases = try Enumeration(draft: draft, cells: [Self.numbers], names: ["n"], maximumRows: 3).releases()
            #expect(draft.gate.count.exact == UInt64(releases.count), "\(order) \(rules)")
        }
    }

    @Test(
        "counts one row for each combination in a complete table, dropped ones too",
        arguments: [
            ("", 49), (#", "minimumGroup": {"column": "n", "atLeast": 3}"#, 25),
        ])
    func complete(_ rules: String, _ count: UInt64) throws {
        let draft = try Draft(
            columns: #"{"name": "k", "type": "text", "values": ["x", "y"]},"# + Self.small, rows: 2,
            also: #", "complete": true"#, rules: rules)
        let releases = try Enumeration(
            draft: draft, cells: [["x", "y"], Self.numbers], names: ["k", "n"], maximumRows: 2
        ).releases()
        #expect(releases.count == count)
        #expect(draft.gate.count.exact == count)
    }

    @Test("of JSON is the product of its members and the sum over its lists")
    func json() throws {
        let draft = try Draft(
            #"""
            {"format": {"kind": "json", "schema": {"type": "object", "properties": {
              "a": {"type": "array", "maxItems": 2, "items": {"type": "integer", "minimum": 0, "maximum": 2}},
              "b": {"type": "string", "enum": ["x", "y"]}, "c": {"type": "boolean"},
              "d": {"type": "number", "minimum": "0", "maximum": "0.2", "fractionDigits": 1}}}}}
            """#)
        var releases: Set<String> = []
        let lists = ["[]"] + (0...2).map { "[\($0)]" } + (0...2).flatMap { one in (0...2).map { "[\(one),\($0)]" } }
        for list in lists {
            for word in ["x", "y"] {
                for truth in ["true", "false"] {
                    for number in ["0", "0.1", "0.2", "0.20", "0.14", "2e-1"] {
                        let text = #"{"d": \#(number), "c": \#(truth), "b": "\#(word)", "a": \#(list)}"#
                        releases.insert(try draft.release(text))
                    }
                }
            }
        }
        #expect(releases.count == 13 * 2 * 2 * 3)
        #expect(draft.gate.count.exact == UInt64(releases.count))
        #expect(releases.allSatisfy(draft.isReleasable))
    }

    @Test("of text counts every line of its characters, and of anything every file of its size")
    func textAndAny() throws {
        let text = try Draft(#"{"format": {"kind": "text", "maximumCharacters": 3, "characters": "digits"}}"#)
        #expect(text.gate.count.exact == 1 + 11 + 121 + 1331)
        let any = try Draft(#"{"format": "any"}"#, maximumBytes: 2)
        #expect(any.gate.count.exact == 1 + 256 + 65536)
        let large = try Draft(#"{"format": "any"}"#, maximumBytes: 1 << 20)
        #expect(large.gate.count.capacity.bits == 8 << 20 + 1)
    }

    @Test("is never above that of whatever bytes would fit")
    func bounded() throws {
        let draft = try Draft(#"{"format": {"kind": "text", "maximumCharacters": 1000000}}"#, maximumBytes: 10)
        #expect(draft.gate.count == Count(256).sequences(atMost: 10))
    }

    @Test("agrees with logarithms computed otherwise, and is never below them")
    func logarithms() {
        for value in [1, 2, 3, 5, 7, 10, 1000, 65535, 65536, 65537, 1 << 40, UInt64.max] as [UInt64] {
            let units = Double(Capacity(log2Of: value).units) / 65536
            let expected = value == .max ? 64 : Double(value).log2
            #expect(units >= expected - 1e-12 && units < expected + 2.0 / 65536, "\(value)")
        }
        #expect(Count(8).capacity.description == "3 bits")
        #expect(Count(2).capacity.description == "1 bit")
        #expect(Count(3).capacity.description == "1.6 bits")
    }

    @Test("of many rows stays an upper bound within a thousandth")
    func manyRows() {
        for (values, rows) in [(1_000_001, 500), (3, 100_000_000), (1 << 40, 1_000_000), (50, 60)] as [(UInt64, Int)] {
            let bound = Double(Count(values).multisets(atMost: rows).capacity.units) / 65536
            let expected = logBinomial(Double(values), Double(rows))
            #expect(bound >= expected * 0.9999999 && bound <= expected * 1.001 + 0.001, "\(values) \(rows)")
        }
        // A row of 18-digit numbers in many columns: no integer holds the count.
        let wide = Count(1 << 60).power(20).multisets(atMost: 1000)
        let expected = 1200 * 1000 - logGamma(1001) / 0.6931471805599453
        let bound = Double(wide.capacity.units) / 65536
        #expect(bound >= expected && bound <= expected * 1.001)
    }

    /// log2 of C(n + k, k).
    private func logBinomial(_ n: Double, _ k: Double) -> Double {
        (logGamma(n + k + 1) - logGamma(n + 1) - logGamma(k + 1)) / 0.6931471805599453
    }
}
