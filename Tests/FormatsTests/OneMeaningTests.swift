import Formats
import Testing

/// Code that wants to tell more than its table says: by spelling, by order, by what is dropped and rounded.
@Suite("One meaning")
struct OneMeaningTests {
    private static let columns = #"""
        {"name": "region", "type": "text", "values": ["north", "so,uth"], "optional": true},
        {"name": "n", "type": "integer", "minimum": -3, "maximum": 99}, {"name": "d", "type": "date"},
        {"name": "f", "type": "decimal", "fractionDigits": 2}, {"name": "b", "type": "boolean"},
        {"name": "t", "type": "text", "maximumCharacters": 9, "characters": "latin", "optional": true}
        """#
    private static let names = ["region", "n", "d", "f", "b", "t"]

    /// Cells with every spelling that means the same; the first is the released one.
    private static let table: [[[String]]] = [
        [
            ["north", "\"north\""], ["12", "012", "12.0", "1.2e1", "120e-1", "\"12\""],
            ["2024-02-29", "\"2024-02-29\""],
            ["0.00", "-0", "0", "0e9", "-0.0049", "0.005", "-1e-30", "0.0000001"], ["true", "True", "TRUE"],
            ["é", "\"é\""],
        ],
        [
            ["\"so,uth\""], ["-3", "-03", "-3.000", "-0.3e1"], ["0001-01-01"],
            ["1.50", "1.5", "1.504999", "1.4950000001", "001.5", "15e-1", "0.15E+1"], ["false", "False", "FALSE"],
            ["\"a\"\"b,\""],
        ],
        [["", "\"\""], ["99"], ["9999-12-31"], ["-7.25", "-7.2549", "-7.245000001"], ["true"], ["", "\"\""]],
    ]

    private static func spelled(_ rows: [[[String]]], _ numbers: inout Sequence64) -> String {
        var (rows, columns) = (rows, Array(names.indices))
        for index in columns.indices { columns.swapAt(index, numbers.next(below: columns.count)) }
        for index in rows.indices { rows.swapAt(index, numbers.next(below: rows.count)) }
        var lines = [columns.map { numbers.next(below: 2) == 0 ? names[$0] : "\"\(names[$0])\"" }]
        for row in rows { lines.append(columns.map { row[$0][numbers.next(below: row[$0].count)] }) }
        let text = lines.map { $0.joined(separator: ",") + (numbers.next(below: 2) == 0 ? "\n" : "\r\n") }.joined()
        let isCut = numbers.next(below: 3) == 0 && !text.hasSuffix("\r\n")
        return isCut ? String(text.dropLast()) : text
    }

    @Test("has one release, however it is spelled and ordered")
    func spelling() throws {
        let draft = try Draft(columns: Self.columns)
        var numbers = Sequence64(state: 1)
        var (inputs, releases): (Set<String>, Set<String>) = ([], [])
        for _ in 0..<4000 {
            let text = Self.spelled(Self.table, &numbers)
            inputs.insert(text)
            releases.insert(try draft.release(text))
        }
        #expect(inputs.count > 3900)
        #expect(
            releases == [
                "region,n,d,f,b,t\n,99,9999-12-31,-7.25,true,\nnorth,12,2024-02-29,0.00,true,é\n"
                    + "\"so,uth\",-3,0001-01-01,1.50,false,\"a\"\"b,\"\n"
            ])
    }

    @Test("has one release where rules drop rows and round numbers")
    func rules() throws {
        let draft = try Draft(
            columns: Self.columns,
            rules: #", "minimumGroup": {"column": "n", "atLeast": 10}, "round": [{"column": "n", "to": 10}, "#
                + #"{"column": "f", "to": "0.5"}]"#)
        var numbers = Sequence64(state: 2)
        var releases: Set<String> = []
        for _ in 0..<4000 {
            var rows = [Self.table[0], Self.table[2]]
            rows[0][1] = ["10", "11", "12", "14", "14.0", "013", "1.2e1"]
            rows[0][3] = ["0", "0.1", "-0.2", "0.25", "-0.25", "0.2499"]
            rows[1][1] = ["95", "96", "99"]
            // Rows that are dropped, as many as there is room for, and as many different ones.
            for _ in 0..<numbers.next(below: 90) {
                var row = Self.table[1]
                row[1] = ["\(numbers.next(below: 13) - 3)"]
                row[3] = ["\(numbers.next(below: 1000))"]
                rows.append(row)
            }
            releases.insert(try draft.release(Self.spelled(rows, &numbers)))
        }
        #expect(
            releases == ["region,n,d,f,b,t\n,90,9999-12-31,-7.00,true,\nnorth,10,2024-02-29,0.00,true,é\n"])
    }

    @Test("of JSON has one release")
    func json() throws {
        let draft = try Draft(
            #"""
            {"format": {"kind": "json", "schema": {"type": "object", "properties": {
              "a": {"type": "array", "maxItems": 3, "items": {"type": "number", "fractionDigits": 1}},
              "s": {"type": "string", "maxLength": 5, "characters": "latin"}, "b": {"type": "boolean"}}}}}
            """#)
        var numbers = Sequence64(state: 3)
        var releases: Set<String> = []
        for _ in 0..<4000 {
            func one(of texts: [String]) -> String { texts[numbers.next(below: texts.count)] }
            func space() -> String { one(of: ["", " ", "\n", "\t \r\n"]) }
            var members = [
                "\"a\"\(space()):\(space())[\(space())\(one(of: ["0", "-0", "0.04", "-0.0", "0e5", "-1e-9"])),"
                    + "\(space())\(one(of: ["2.5", "2.50", "25e-1", "2.45000001", "2.549"]))\(space())]",
                one(of: [#""s": "é/\"""#, #""\u0073":"\u00e9\/\u0022""#, #""s":"\u00E9/\"""#]),
                one(of: [#""b":true"#, #""\u0062" : true"#]),
            ]
            members.swapAt(0, numbers.next(below: 3))
            members.swapAt(1, numbers.next(below: 3))
            releases.insert(
                try draft.release("\(space()){\(members.joined(separator: space() + ","))\(space())}\(space())"))
        }
        #expect(releases == [#"{"a":[0.0,2.5],"b":true,"s":"é/\""}"#])
    }

    @Test("Whatever code writes, there are no more releases than the format counts", arguments: ["sorted", "kept"])
    func all(_ order: String) throws {
        let draft = try Draft(
            columns: #"{"name": "n", "type": "integer", "minimum": -1, "maximum": 2, "optional": true}, "#
                + #"{"name": "b", "type": "boolean"}"#, rows: 2, also: #", "order": "\#(order)""#,
            rules: #", "round": [{"column": "n", "to": 2}]"#)
        let cells = [
            "", "\"\"", "-1", "-01", "0", "-0", "1", "1.0", "1e0", "2", "2.5", "3", "-2", "x", "NaN", "true", "TRUE",
            "False", "false", " ", "\"true\"", "\"false", "\u{0}", ",", "\r",
        ]
        var numbers = Sequence64(state: 4)
        var releases: Set<String> = []
        var refusedCount = 0
        for _ in 0..<200_000 {
            var text = numbers.next(below: 2) == 0 ? "n,b\n" : "b,n\n"
            for _ in 0..<numbers.next(below: 4) {
                // Mostly what fits, so that much is released.
                let range = numbers.next(below: 8) == 0 ? cells.count : 12
                let pair = [cells[numbers.next(below: range)], cells[15 + numbers.next(below: 4)]]
                let line = (text.hasPrefix("n") ? pair : pair.reversed()).joined(separator: ",")
                text += line + (numbers.next(below: 4) == 0 ? "\r\n" : "\n")
            }
            do {
                releases.insert(try draft.release(text))
            } catch {
                refusedCount += 1
            }
        }
        #expect(refusedCount > 10_000)
        // Empty, 0 and 2, true and false: six rows, of which up to two.
        #expect(draft.gate.count.exact == (order == "sorted" ? 28 : 43))
        #expect(UInt64(releases.count) == draft.gate.count.exact)
    }
}
