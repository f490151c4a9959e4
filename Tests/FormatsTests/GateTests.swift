import Formats
import Primitives
import Testing

private let table = #"""
    {"name": "region", "type": "text", "values": ["north", "south"]},
    {"name": "patients", "type": "integer", "minimum": 0, "maximum": 1000000},
    {"name": "mean-age", "type": "decimal", "minimum": "0", "maximum": "120", "fractionDigits": 1}
    """#

@Suite("The gate")
struct GateTests {
    @Test("writes one form, whatever the spelling, the order and the line ends were")
    func oneForm() throws {
        let draft = try Draft(columns: table)
        let released = "region,patients,mean-age\nnorth,12,61.0\nsouth,7,60.2\n"
        for content in [
            "region,patients,mean-age\nsouth,7,60.2\nnorth,12,61\n",
            "mean-age,region,patients\r\n6.1e1,\"north\",012\r\n60.2499999999999,south,7",
            "\"patients\",\"mean-age\",\"region\"\n\"7\",60.15001,south\n12.000,60.95,north\n",
        ] {
            #expect(try draft.release(content) == released)
        }
        #expect(draft.isReleasable(released))
    }

    @Test(
        "refuses what is not a table of the format",
        arguments: [
            "", "region,patients\n", "region,patients,mean-age,note\n", "region,patients,patients\n",
            "region,patients,mean-age\nnorth,12\n", "region,patients,mean-age\nnorth,12,61,\n",
            "region,patients,mean-age\n\n", "region,patients,mean-age\neast,12,61\n",
            "region,patients,mean-age\nnorth,-1,61\n",
            "region,patients,mean-age\nnorth,1000001,61\n", "region,patients,mean-age\nnorth,1.5,61\n",
            "region,patients,mean-age\nnorth,,61\n", "region,patients,mean-age\nnorth,NaN,61\n",
            "region,patients,mean-age\nnorth,inf,61\n", "region,patients,mean-age\nnorth,0x10,61\n",
            "region,patients,mean-age\nnorth,1e9,61\n", "region,patients,mean-age\nnorth,1,120.06\n",
            "region,patients,mean-age\nnorth,1,1e999999999\n", "region,patients,mean-age\nnorth, 1,61\n",
            "region,patients,mean-age\nnorth,1\u{0},61\n", "region,patients,mean-age\n\"north,1,61\n",
            "region,patients,mean-age\nno\"rth,1,61\n", "region,patients,mean-age\n\"north\" ,1,61\n",
            "region,patients,mean-age\rnorth,1,61\r", "\u{FEFF}region,patients,mean-age\nnorth,1,61\n",
            "region,patients,mean-age\nnorth,１,61\n", "region,patients,mean-age\nnorth,+1,61\n",
            "region,patients,mean-age\nnorth,.5,61\n", "region,patients,mean-age\nnorth,1.,61\n",
            "Region,patients,mean-age\nnorth,1,61\n",
        ])
    func refuses(_ content: String) throws {
        let draft = try Draft(columns: table)
        #expect(throws: Misfit.self) { try draft.release(content) }
        #expect(!draft.isReleasable(content))
    }

    @Test("refuses numbers of a thousand million digits, a million columns and endless rows in bounded memory")
    func floods() throws {
        let draft = try Draft(columns: table)
        let head = Array("region,patients,mean-age\nnorth,".utf8)
        for flood in [
            head + [UInt8](repeating: UInt8(ascii: "1"), count: 1 << 24),
            head + [UInt8(ascii: "\"")] + [UInt8](repeating: UInt8(ascii: "\""), count: 1 << 24),
            [UInt8](repeating: UInt8(ascii: ","), count: 1 << 20),
            head + [UInt8](repeating: UInt8(ascii: ","), count: 1 << 20),
            Array("region,patients,mean-age\n".utf8) + Array(String(repeating: "north,1,1\n", count: 101).utf8),
        ] {
            #expect(throws: Misfit.self) { try draft.gate.release(flood, noise: nil) }
        }
    }

    @Test("reads a file the same however it is cut in pieces")
    func pieces() throws {
        let draft = try Draft(
            columns: #"{"name": "a\"b", "type": "text", "maximumCharacters": 9, "characters": "unicode"},"#
                + #"{"name": "n", "type": "integer"}"#, rows: 100_000)
        var content = "\"a\"\"b\",n\r\n"
        for number in 0..<60_000 { content += "\"é\"\"\(number)\",\(number)\r\n" }
        let released = try draft.release(content)
        #expect(released.utf8.count > 1 << 19)
        #expect(draft.isReleasable(released))
        #expect(try draft.release(released) == released)
    }

    @Test("writes a lone empty cell so that its row is seen")
    func loneEmptyCell() throws {
        let draft = try Draft(columns: #"{"name": "n", "type": "integer", "optional": true}"#)
        #expect(try draft.release("n\n\n5\n\n") == "n\n\"\"\n\"\"\n5\n")
        #expect(draft.isReleasable("n\n\"\"\n\"\"\n5\n"))
        #expect(!draft.isReleasable("n\n\n\n5\n"))
    }

    @Test(
        "takes text by characters, not by bytes, and none that is invisible or not UTF-8",
        arguments: [
            ("ascii", "abc d", true), ("ascii", "abcé", false), ("ascii", "abcdef", false), ("latin", "éÉßœ", true),
            ("latin", "漢", false), ("unicode", "漢字x漢字", true), ("unicode", "a\u{200B}", false),
            ("unicode", "a\u{FE0F}", false),
            ("unicode", "a\u{A0}b", false), ("unicode", "a\u{202E}b", false), ("unicode", "\u{E000}", false),
            ("unicode", "\u{2800}", false), ("unicode", "\u{3164}", false), ("unicode", "\u{FFFE}", false),
            ("unicode", "\u{E0041}", false), ("identifier", "a-_.9", true), ("identifier", "a b", false),
            ("digits", "00123", true), ("digits", "12a", false), ("ascii", "a\tb", false), ("ascii", "a\u{7F}", false),
        ])
    func characters(_ set: String, _ text: String, _ isTaken: Bool) throws {
        let draft = try Draft(
            columns: #"{"name": "t", "type": "text", "maximumCharacters": 5, "characters": "\#(set)"}"#)
        let released = try? draft.release("t\n\(text)\n")
        #expect((released != nil) == isTaken)
        let overlong = Array("t\n".utf8) + [0xC0, 0xAF, 0x0A]
        #expect(throws: Misfit.self) { try draft.gate.release(overlong, noise: nil) }
        let surrogate = Array("t\n".utf8) + [0xED, 0xA0, 0x80, 0x0A]
        #expect(throws: Misfit.self) { try draft.gate.release(surrogate, noise: nil) }
    }

    @Test("drops small groups, then rounds, and tells the author what each rule did")
    func rules() throws {
        let draft = try Draft(
            columns: table,
            rules:
                #", "minimumGroup": {"column": "patients", "atLeast": 10}, "round": [{"column": "patients", "to": 5}]"#)
        let content = "region,patients,mean-age\nnorth,9,50\nsouth,13,50\nnorth,10,50\nsouth,12,50\nnorth,1000000,2\n"
        let (bytes, report) = try draft.gate.release(Array(content.utf8), noise: nil)
        let expected = "region,patients,mean-age\nnorth,10,50.0\nnorth,1000000,2.0\nsouth,10,50.0\nsouth,15,50.0\n"
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
        #expect(report.rows == 5 && report.droppedRows == 1 && report.roundedCells == 2)
    }

    @Test(
        "finds every release that its rules, its order or its form would not give",
        arguments: [
            "region,patients,mean-age\nnorth,5,50.0\n", "region,patients,mean-age\nnorth,11,50.0\n",
            "region,patients,mean-age\nnorth,10,50\n", "region,patients,mean-age\nnorth,010,50.0\n",
            "region,patients,mean-age\nsouth,10,50.0\nnorth,10,50.0\n", "region,patients,mean-age\n\"north\",10,50.0\n",
            "region,patients,mean-age\r\nnorth,10,50.0\r\n", "region,patients,mean-age\nnorth,10,50.0",
            "patients,region,mean-age\n10,north,50.0\n", "region,patients,mean-age\nnorth,10,50.0\n\n",
        ])
    func findsForgery(_ release: String) throws {
        let draft = try Draft(
            columns: table,
            rules:
                #", "minimumGroup": {"column": "patients", "atLeast": 10}, "round": [{"column": "patients", "to": 5}]"#)
        #expect(draft.isReleasable("region,patients,mean-age\nnorth,10,50.0\n"))
        #expect(!draft.isReleasable(release))
    }

    @Test("demands every combination of a complete table, once")
    func complete() throws {
        let draft = try Draft(
            columns: #"{"name": "k", "type": "text", "values": ["x", "y"]}, {"name": "n", "type": "integer"}"#, rows: 2,
            also: #", "complete": true"#)
        #expect(try draft.release("k,n\ny,1\nx,2\n") == "k,n\nx,2\ny,1\n")
        for content in ["k,n\n", "k,n\nx,1\n", "k,n\nx,1\nx,2\n"] {
            #expect(throws: Misfit.self) { try draft.release(content) }
        }
    }

    @Test("writes JSON with its members in order and numbers with all their digits")
    func json() throws {
        let draft = try Draft(
            #"""
            {"format": {"kind": "json", "schema": {"type": "object", "properties": {
              "rows": {"type": "array", "maxItems": 3, "items": {"type": "number", "fractionDigits": 2}},
              "é": {"type": "string", "maxLength": 4, "characters": "unicode"}, "n": {"type": "integer"}}}}}
            """#)
        let released = #"{"n":-7,"rows":[1.50,0.00,0.33],"é":"a\"b"}"#
        #expect(try draft.release(#" { "rows": [1.5, -0.0, 3.3333e-1],"é":"a\u0022b" , "n":-7 } "#) == released)
        #expect(draft.isReleasable(released))
        #expect(!draft.isReleasable(released + "\n"))
        for content in [
            #"{"n":1,"rows":[]}"#, #"{"n":1,"rows":[],"é":"a","x":1}"#, #"{"n":1,"n":1,"rows":[],"é":"a"}"#,
            #"{"n":1.5,"rows":[],"é":"a"}"#, #"{"n":1,"rows":[1,2,3,4],"é":"a"}"#, #"{"n":1,"rows":[null],"é":"a"}"#,
            #"{"n":1,"rows":[],"é":""}"#, #"{"n":1,"rows":[],"é":"abcde"}"#, #"{"n":1,"rows":[],"é":"a\u200b"}"#,
            #"{"n":1,"rows":[1e300],"é":"a"}"#, "[]", "", String(repeating: "[", count: 100_000),
        ] {
            #expect(throws: Misfit.self) { try draft.release(content) }
        }
    }

    @Test("takes text of its characters and lines, and cuts a log instead of refusing it")
    func text() throws {
        let draft = try Draft(
            #"{"format": {"kind": "text", "maximumCharacters": 12, "maximumLineCharacters": 5, "characters": "ascii"}}"#
        )
        #expect(try draft.release("SELECT"[...].prefix(5) + "\n1;\n") == "SELEC\n1;\n")
        for content in ["a\r\n", "a\u{0}", "123456", "12345\n12345\n1", "é"] {
            #expect(throws: Misfit.self) { try draft.release(content) }
        }
        guard case .text(let format) = draft.gate.format else { return }
        func cut(_ bytes: [UInt8], _ most: Int = 100) -> String {
            String(decoding: format.cut(bytes, maximumBytes: most), as: UTF8.self)
        }
        #expect(cut(Array("é\u{0}1234567\nxy\u{202E}zzzzzzz".utf8)) == "??123\nxy?zz")
        #expect(cut([0xFF, 0xC3, 0x0A]) == "??\n")
        #expect(cut(Array("abc".utf8), 2) == "ab")
    }
}
