import Formats
import Primitives
import Testing

/// What code may write that wants the gate to fail, to wait, to fill memory, or to let something pass.
@Suite("A hostile file")
struct HostileFileTests {
    private static let columns = #"""
        {"name": "t", "type": "text", "maximumCharacters": 8, "characters": "unicode", "optional": true},
        {"name": "n", "type": "integer", "minimum": -9, "maximum": 99},
        {"name": "f", "type": "decimal", "fractionDigits": 2}
        """#

    @Test(
        "is refused for its bytes",
        arguments: [
            ("a zero byte in a text", Array("t,n,f\na\0b,1,1\n".utf8)), ("a zero byte alone", [0]),
            ("a zero byte in a number", Array("t,n,f\na,1\0,1\n".utf8)),
            ("a zero byte in the header", Array("t\0,n,f\na,1,1\n".utf8)),
            ("a byte order mark", [0xEF, 0xBB, 0xBF] + Array("t,n,f\na,1,1\n".utf8)),
            ("UTF-16", Array("t,n,f\n".utf16).flatMap { [0xFF, UInt8($0 & 0xFF), UInt8($0 >> 8)] }),
            ("a carriage return alone", Array("t,n,f\na,1,1\rb,1,1\n".utf8)),
            ("a carriage return at the end", Array("t,n,f\na,1,1\r".utf8)),
            ("two carriage returns", Array("t,n,f\na,1,1\r\r\n".utf8)),
            ("a carriage return in a text", Array("t,n,f\n\"a\rb\",1,1\n".utf8)),
            ("a line feed in a text", Array("t,n,f\n\"a\nb\",1,1\n".utf8)),
            ("a mark without an end", Array("t,n,f\n\"a,1,1\n".utf8)),
            ("a mark without an end at the end", Array("t,n,f\n\"".utf8)),
            ("three marks", Array("t,n,f\n\"\"\",1,1\n".utf8)), ("a mark after text", Array("t,n,f\na\",1,1\n".utf8)),
            ("text after a mark", Array("t,n,f\n\"a\"b,1,1\n".utf8)),
            ("a space after a mark", Array("t,n,f\n\"a\" ,1,1\n".utf8)),
            ("a byte that begins no character", Array("t,n,f\n".utf8) + [0x80] + Array(",1,1\n".utf8)),
            ("a character that is cut off", Array("t,n,f\n".utf8) + [0xE6, 0xBC] + Array(",1,1\n".utf8)),
            ("a character cut off by the end", Array("t,n,f\n".utf8) + [0xF0]),
            ("an overlong comma", Array("t,n,f\n".utf8) + [0xC0, 0xAC] + Array(",1,1\n".utf8)),
            ("an overlong letter", Array("t,n,f\n".utf8) + [0xE0, 0x81, 0xA1] + Array(",1,1\n".utf8)),
            ("half of a pair", Array("t,n,f\n".utf8) + [0xED, 0xA0, 0xBD] + Array(",1,1\n".utf8)),
            (
                "what is past the last character",
                Array("t,n,f\n".utf8) + [0xF4, 0x90, 0x80, 0x80] + Array(",1,1\n".utf8)
            ),
            ("nine characters of four bytes", Array("t,n,f\n\(String(repeating: "📈", count: 9)),1,1\n".utf8)),
            ("an empty line at the end", Array("t,n,f\na,1,1\n\n".utf8)), ("nothing", []), ("an empty line", [0x0A]),
        ] as [(String, [UInt8])])
    func bytes(_ what: String, _ content: [UInt8]) throws {
        for order in ["sorted", "kept"] {
            let draft = try Draft(columns: Self.columns, also: #", "order": "\#(order)""#)
            #expect(throws: Misfit.self, "\(what)") { try draft.gate.release(content, noise: nil) }
            #expect(throws: Misfit.self, "\(what)") { try draft.gate.requireReleasable(content) }
        }
    }

    @Test(
        "is refused for its numbers",
        arguments: [
            "NaN", "nan", "-NaN", "inf", "Infinity", "-inf", "1e", "1e+", "e1", "1e1000", "1e-1000",
            "1e99999999999999999999",
            "0x1", "1_0", "1 0", " 1", "1 ", "+1", "--1", "-", ".", "1.", ".1", "1,5", "1.2.3", "1.2e3.4", "٣", "１",
            "1e18", "99999999999999999999", "0." + String(repeating: "0", count: 70) + "1", "\u{0}",
        ])
    func numbers(_ number: String) throws {
        let draft = try Draft(columns: #"{"name": "f", "type": "decimal", "fractionDigits": 2}"#)
        #expect(throws: Misfit.self) { try draft.release("f\n\"\(number)\"\n") }
    }

    @Test("has one zero, and one text for each number")
    func zeros() throws {
        let draft = try Draft(columns: #"{"name": "f", "type": "decimal", "fractionDigits": 2}"#)
        for zero in ["0", "-0", "-0.00", "0e999", "-0e-999", "0.000000", "1e-999", "-1e-500", "-0.005", "0.004999"] {
            #expect(try draft.release("f\n\(zero)\n") == "f\n0.00\n")
        }
        #expect(try draft.release("f\n9999999999999999.99\n") == "f\n9999999999999999.99\n")
        for large in ["9999999999999999.995", "1e16", "100000000000000000e-1"] {
            #expect(throws: Misfit.self) { try draft.release("f\n\(large)\n") }
        }
    }

    @Test(
        "of a thousand million digits, columns or marks is read no further than a row can be",
        arguments: [
            ("t,n,f\na,", "1"), ("t,n,f\na,1,0.", "0"), ("", ","), ("t,n,f\n\"", "\"\""), ("t,n,f\n", "a"), ("", "t"),
        ])
    func endless(_ head: String, _ part: String) throws {
        let gate = try Draft(columns: Self.columns).gate
        var check = FormatCheck(gate.format, maximumBytes: 1 << 31)
        let piece = Array(String(repeating: part, count: 1 << 12).utf8)
        var pieceCount = 0
        #expect(throws: Misfit.self) {
            try check.take(Array(head.utf8))
            // 10^9 bytes in all; nothing near it is read.
            while pieceCount < 1_000_000_000 / piece.count {
                try check.take(piece)
                pieceCount += 1
            }
        }
        #expect(pieceCount < 3)
    }

    @Test("of a million columns, rows or empty lines is refused")
    func many() throws {
        let gate = try Draft(columns: Self.columns).gate
        for content in [
            String(repeating: ",", count: 1_000_000), "t,n,f\n" + String(repeating: ",", count: 1_000_000),
            "t,n,f\n" + String(repeating: "\n", count: 1_000_000), String(repeating: "\n", count: 1_000_000),
            "t,n,f\n" + String(repeating: "a,1,1\n", count: 1_000_000),
            (0..<100_000).map { "c\($0)" }.joined(separator: ","),
        ] {
            #expect(throws: Misfit.self) { try gate.release(Array(content.utf8), noise: nil) }
        }
    }

    @Test(
        "of JSON is refused",
        arguments: [
            #"{"a":1,"a":1,"s":"x"}"#, #"{"a":1,"\u0061":1,"s":"x"}"#, #"{"a":1,"s":"x","b":{}}"#,
            #"{"a":1,"s":"\u0000"}"#,
            #"{"a":1,"s":"\ud800"}"#, #"{"a":NaN,"s":"x"}"#, #"{"a":1e400,"s":"x"}"#, #"{"a":01,"s":"x"}"#,
            #"{"a":"1","s":"x"}"#, #"{"a":null,"s":"x"}"#, #"{"a":[],"s":"x"}"#, #"{"a":1,"s":"x"} x"#,
            #"{"a":1,"s":"x""#,
            #"{"a":1,"s":'x'}"#, #"{"a":1,"s":"x",}"#, #"/**/{"a":1,"s":"x"}"#, "\u{FEFF}{\"a\":1,\"s\":\"x\"}",
            #"{"a":1,"s":"\#u{202E}"}"#, #"{"a":1,"s":"xxxxx"}"#, #"{"a":1000000000000000000,"s":"x"}"#, "null", "1",
            "\"\"",
            String(repeating: "[", count: 1_000_000), String(repeating: #"{"a":"#, count: 100_000),
            #"{"a":"# + String(repeating: "1", count: 100_000) + #","s":"x"}"#,
        ])
    func json(_ content: String) throws {
        let draft = try Draft(
            #"""
            {"format": {"kind": "json", "schema": {"type": "object", "properties": {
              "a": {"type": "number", "fractionDigits": 1},
              "s": {"type": "string", "maxLength": 4, "characters": "unicode"}}}}}
            """#)
        #expect(try draft.release(#"{"s":"x","a":-0}"#) == #"{"a":0.0,"s":"x"}"#)
        #expect(throws: Misfit.self) { try draft.release(content) }
        let overlong = Array(#"{"a":1,"s":""#.utf8) + [0xC1, 0xBF] + Array("\"}".utf8)
        #expect(throws: Misfit.self) { try draft.gate.release(overlong, noise: nil) }
    }
}

private func nested(_ depth: Int) -> String {
    String(repeating: #"{"type": "array", "maxItems": 1, "items": "#, count: depth) + #"{"type": "boolean"}"#
        + String(repeating: "}", count: depth)
}

private func columns(_ count: Int) -> String {
    (0..<count).map { #"{"name": "c\#($0)", "type": "text", "maximumCharacters": 10000, "characters": "unicode"}"# }
        .joined(separator: ",")
}

private func words(_ columnCount: Int, _ count: Int) -> String {
    let words = (0..<count).map { "\"w\($0)\"" }.joined(separator: ",")
    return (0..<columnCount).map { #"{"name": "k\#($0)", "type": "text", "values": [\#(words)]}"# }.joined(
        separator: ",")
}

@Suite("A hostile format")
struct HostileFormatTests {
    @Test(
        "is refused",
        arguments: [
            #"{"kind": "csv", "maximumRows": 9223372036854775808, "columns": [{"name": "a", "type": "boolean"}]}"#,
            #"{"kind": "csv", "maximumRows": -1, "columns": [{"name": "a", "type": "boolean"}]}"#,
            #"{"kind": "csv", "maximumRows": 1e3, "columns": [{"name": "a", "type": "boolean"}]}"#,
            #"{"kind": "csv", "maximumRows": 1, "maximumRows": 2, "columns": [{"name": "a", "type": "boolean"}]}"#,
            #"{"kind": "csv", "maximumRows": 1, "columns": [\#(columns(257))]}"#,
            #"{"kind": "csv", "maximumRows": 100000000, "complete": true, "columns": [\#(words(9, 1000))]}"#,
            #"{"kind": "csv", "maximumRows": 9, "complete": true, "order": "kept", "columns": [\#(words(1, 2))]}"#,
            #"{"kind": "csv", "maximumRows": 9, "columns": [\#(words(1, 1001))]}"#,
            #"{"kind": "csv", "maximumRows": 9, "columns": [{"name": "a", "type": "integer", "minimum": 1, "#
                + #""maximum": 0}]}"#,
            #"{"kind": "csv", "maximumRows": 9, "columns": [{"name": "a", "type": "decimal", "fractionDigits": 18, "#
                + #""minimum": "1"}]}"#,
            #"{"kind": "csv", "maximumRows": 9, "columns": [{"name": "a", "type": "decimal", "fractionDigits": -1}]}"#,
            #"{"kind": "csv", "maximumRows": 9, "columns": [{"name": "a\"\n", "type": "boolean"}]}"#,
            #"{"kind": "json", "schema": \#(nested(8))}"#, #"{"kind": "json", "schema": \#(nested(100))}"#,
            #"{"kind": "json", "schema": {"type": "array", "maxItems": 1000001, "items": {"type": "boolean"}}}"#,
            #"{"kind": "text", "maximumCharacters": 1073741825}"#, #"{"kind": "text", "maximumCharacters": 1e300}"#,
        ])
    func refused(_ format: String) {
        #expect(throws: (any Error).self) { try Draft(#"{"format": \#(format)}"#) }
    }

    @Test("of the largest counts has a capacity that does not overflow, and reads a file as any other")
    func largest() throws {
        for order in ["sorted", "kept"] {
            let draft = try Draft(
                #"{"format": {"kind": "csv", "maximumRows": 100000000, "order": "\#(order)", "#
                    + #""columns": [\#(columns(256))]}}"#,
                maximumBytes: 1 << 40)
            #expect(draft.gate.count.capacity.bits >= 8 << 40)
            #expect(draft.gate.count.capacity.bits <= 8 << 40 + 1)
            let header = (0..<256).map { "c\($0)" }.joined(separator: ",")
            let row = (0..<256).map { "é\($0)" }.joined(separator: ",")
            let table = "\(header)\n\(row)\n\(row)\n"
            #expect(try draft.release(table) == table)
        }
        let json = try Draft(#"{"format": {"kind": "json", "schema": \#(nested(7))}}"#)
        #expect(json.gate.count.exact == 9)
    }
}
