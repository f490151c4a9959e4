import Formats
import Testing

@Suite("The first rows of a table")
struct ExcerptTests {
    private static let columns = #"""
        {"name": "w", "type": "text", "values": ["b,\"c", "plain"], "optional": true},
        {"name": "t", "type": "text", "maximumCharacters": 40, "characters": "unicode", "optional": true},
        {"name": "f", "type": "decimal", "fractionDigits": 2}
        """#

    private func excerpt(_ text: String, rows: Int = 100, also: String = "") throws -> TableExcerpt {
        guard case .csv(let format) = try Draft(columns: Self.columns, also: also).gate.format else {
            throw Misfit.missingHeader
        }
        return try format.excerpt(of: Array(text.utf8), maximumRows: rows)
    }

    @Test("has each cell as it reads, without the marks that a file needs")
    func cells() throws {
        let found = try excerpt(
            """
            w,t,f
            "b,""c","say ""no"", then",1.5
            plain,\"\"\"x\"\"\",-0.25
            ,,3

            """)
        #expect(found.columns.map(\.name) == ["w", "t", "f"])
        #expect(
            found.rows == [["b,\"c", "say \"no\", then", "1.50"], ["plain", "\"x\"", "-0.25"], ["", "", "3.00"]])
        #expect(found.rowCount == 3)
    }

    @Test("has so many rows and counts all of them", arguments: [0, 1, 2, 60, 61, 100])
    func bounds(_ rows: Int) throws {
        let found = try excerpt("w,t,f\n" + (0..<60).map { "plain,\($0),\($0)\n" }.joined(), rows: rows)
        #expect(found.rowCount == 60)
        #expect(found.rows.map { $0[1] } == (0..<min(60, rows)).map(String.init))
    }

    @Test("refuses what is not of the format, wherever it stands")
    func misfits() {
        #expect(throws: Misfit.self) { try excerpt("w,t,f\nother,x,1\n") }
        #expect(throws: Misfit.self) { try excerpt("w,t,f\nplain,x,1\nplain,x,one\n", rows: 1) }
        #expect(throws: Misfit.self) { try excerpt("w,t\nplain,x\n") }
    }

    @Test("takes a complete table from which a rule dropped rows")
    func droppedRows() throws {
        guard
            case .csv(let format) = try Draft(
                columns: #"{"name": "w", "type": "text", "values": ["a", "b"]}, {"name": "n", "type": "integer"}"#,
                also: #", "complete": true"#
            ).gate.format
        else { throw Misfit.missingHeader }
        #expect(try format.excerpt(of: Array("w,n\na,1\n".utf8), maximumRows: 9).rows == [["a", "1"]])
    }
}
