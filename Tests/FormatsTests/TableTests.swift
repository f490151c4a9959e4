import Formats
import Testing

/// Numbers that look like nothing in order, and are the same each time.
struct Sequence64 {
    var state: UInt64

    mutating func next(below bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(bound))
    }
}

@Suite("A table")
struct TableTests {
    private static let columns = #"""
        {"name": "w", "type": "text", "values": ["aaaaaaaaaa", "aaaaaaaaab", "aaaaaaaa", "b,\"c"], "optional": true},
        {"name": "t", "type": "text", "maximumCharacters": 40, "characters": "unicode", "optional": true},
        {"name": "n", "type": "integer", "optional": true}, {"name": "d", "type": "date"},
        {"name": "f", "type": "decimal", "fractionDigits": 3}, {"name": "b", "type": "boolean"}
        """#

    /// One cell as code writes it, and what stands for it in the order of rows.
    private struct Cell {
        let text: String
        let order: [UInt8]

        init(_ text: String, order: String? = nil) {
            self.text = text
            self.order = Array((order ?? text).utf8)
        }

        /// - Parameter number: small enough for a text of ten digits, negative ones before positive.
        init(number: Int, text: String) {
            self.init(text, order: String(2_000_000_000 + number))
        }
    }

    private static func row(_ from: inout Sequence64, _ spread: Int) -> [Cell] {
        let word = ["aaaaaaaaaa", "aaaaaaaaab", "aaaaaaaa", "b,\"c", ""][from.next(below: 5)]
        let texts = ["", "a", "é", "prefix-prefix-prefix-", "漢字", "\"", "a,", "a\"b"]
        let text = texts[from.next(below: texts.count)] + (spread > 3 ? String(from.next(below: spread)) : "")
        let number = from.next(below: 2 * spread) - spread
        let days = ["0001-01-01", "1999-12-31", "2000-02-29", "2024-03-01", "9999-12-31"]
        let thousandths = from.next(below: spread) + 1000
        let truth = from.next(below: 2) == 0
        func quoted(_ text: String) -> String {
            text.contains { ",\"".contains($0) } ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
        }
        return [
            Cell(quoted(word), order: word), Cell(quoted(text), order: text),
            number == 0 ? Cell("") : Cell(number: number, text: String(number)),
            Cell(days[from.next(below: days.count)]),
            Cell(number: thousandths, text: "\(thousandths / 1000).\(String(thousandths % 1000 + 1000).dropFirst())"),
            Cell(truth ? "true" : "false"),
        ]
    }

    @Test(
        "is sorted by its first columns, empty cells first, texts by their bytes, as a plain sort would do",
        arguments: [(1, 40), (2, 3000), (3, 3000), (1000, 3000), (400_000_000, 3000)])
    func sorted(_ spread: Int, _ count: Int) throws {
        let draft = try Draft(columns: Self.columns, rows: count)
        var numbers = Sequence64(state: 88_172_645_463_325_252)
        let rows = (0..<count).map { _ in Self.row(&numbers, spread) }
        func table(_ rows: [[Cell]]) -> String {
            "w,t,n,d,f,b\n" + rows.map { $0.map(\.text).joined(separator: ",") + "\n" }.joined()
        }
        let sorted = rows.sorted { one, other in
            for (left, right) in zip(one, other) where left.order != right.order {
                return left.order.lexicographicallyPrecedes(right.order)
            }
            return false
        }
        let released = try draft.release(table(rows))
        #expect(released == table(sorted))
        #expect(draft.isReleasable(released))
        #expect(released == table(rows) || !draft.isReleasable(table(rows)))
    }

    @Test("tells its first fault by row, and there by the format's first column, however the file is cut in pieces")
    func firstFault() throws {
        let draft = try Draft(
            columns: #"{"name": "a", "type": "boolean"}, {"name": "b", "type": "boolean"}"#, rows: 9999)
        let good = String(repeating: "true,false\n", count: 3000)
        let faults: [(String, Misfit)] = [
            ("true,x\nx,false\n\"", .cell(row: 3001, column: "b", expected: "true or false")),
            ("y,x\n", .cell(row: 3001, column: "a", expected: "true or false")),
            ("true\n\"\"\"x\n", .cellCount(row: 3001, expected: 2, found: 1)),
            ("true,true,true\nx,x\n", .cellCount(row: 3001, expected: 2, found: 3)),
            ("true,\"true\" \nx,x\n", .quoting(row: 3001)), ("true,true\rx,x\n", .lineEnd(row: 3001)),
        ]
        for (bad, fault) in faults {
            let content = Array(("a,b\n" + good + bad).utf8)
            #expect(throws: fault) { try draft.gate.release(content, noise: nil) }
            for length in [7, 4096, 100_000] {
                var check = FormatCheck(draft.gate.format, maximumBytes: 1 << 20)
                #expect(throws: fault) {
                    for start in stride(from: 0, to: content.count, by: length) {
                        try check.take(Array(content[start..<min(start + length, content.count)]))
                    }
                    try check.finish()
                }
            }
        }
    }

    @Test("tells which row of a release is written otherwise, far into it too")
    func firstDifference() throws {
        let draft = try Draft(columns: #"{"name": "n", "type": "integer"}"#, rows: 9999, also: #", "order": "kept""#)
        let lines = (0..<5000).map { "\($0)\n" }
        for row in [1, 2, 1024, 1025, 4999, 5000] {
            var changed = lines
            changed[row - 1] = "0" + changed[row - 1]
            let content = Array(("n\n" + changed.joined()).utf8)
            #expect(throws: Misfit.notCanonical(row: row)) { try draft.gate.requireReleasable(content) }
        }
    }
}
