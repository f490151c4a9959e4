import Foundation
import Primitives
import TestSupport
import Testing

@Suite("Strict JSON")
struct JSONParserTests {
    private func parse(_ text: String, depth: Int = JSONValue.defaultMaximumDepth) throws -> JSONValue {
        try JSONValue(parsing: Array(text.utf8), maximumByteCount: 1 << 20, maximumDepth: depth)
    }

    @Test(
        "refuses each fault with its offset",
        arguments: [
            ("", JSONError.unexpectedEnd),
            ("   ", .unexpectedEnd),
            ("{", .unexpectedEnd),
            ("[1,", .unexpectedEnd),
            (#"{"a":"#, .unexpectedEnd),
            (#""abc"#, .unexpectedEnd),
            ("\u{FEFF}{}", .byteOrderMark),
            ("{} {}", .trailingBytes(offset: 3)),
            ("1\u{0}", .trailingBytes(offset: 1)),
            (#"{"a":1,"a":2}"#, .duplicateName(offset: 7)),
            (#"{"a":1,"\u0061":2}"#, .duplicateName(offset: 7)),
            (#"[{"b":{"x":1,"x":1}}]"#, .duplicateName(offset: 13)),
            (#""\ud800""#, .loneSurrogate(offset: 1)),
            (#""\udc00""#, .loneSurrogate(offset: 1)),
            (#""\ud800\u0041""#, .loneSurrogate(offset: 1)),
            (#""\ud800\ud800""#, .loneSurrogate(offset: 1)),
            ("\"a\u{0}\"", .controlCharacter(offset: 2)),
            ("\"a\nb\"", .controlCharacter(offset: 2)),
            (#""\x41""#, .unknownEscape(offset: 1)),
            (#""\u00g0""#, .unexpectedByte(offset: 5, expected: "a hexadecimal digit")),
            ("01", .unexpectedByte(offset: 0, expected: "a number without leading zeros")),
            ("-01", .unexpectedByte(offset: 1, expected: "a number without leading zeros")),
            ("+1", .unexpectedByte(offset: 0, expected: "a value")),
            (".5", .unexpectedByte(offset: 0, expected: "a value")),
            ("[1.]", .unexpectedByte(offset: 3, expected: "a digit")),
            ("[1e]", .unexpectedByte(offset: 3, expected: "a digit")),
            ("-", .unexpectedEnd),
            ("NaN", .unexpectedByte(offset: 0, expected: "a value")),
            ("Infinity", .unexpectedByte(offset: 0, expected: "a value")),
            ("nul", .unexpectedByte(offset: 0, expected: "null")),
            ("[true,]", .unexpectedByte(offset: 6, expected: "a value")),
            ("[1 2]", .unexpectedByte(offset: 3, expected: "a comma or ]")),
            ("{a:1}", .unexpectedByte(offset: 1, expected: "a name in quotation marks")),
            (#"{"a" 1}"#, .unexpectedByte(offset: 5, expected: "a colon")),
            (#"{"a":1,}"#, .unexpectedByte(offset: 7, expected: "a name in quotation marks")),
            ("{'a':1}", .unexpectedByte(offset: 1, expected: "a name in quotation marks")),
            ("// no\n1", .unexpectedByte(offset: 0, expected: "a value")),
            ("\u{A0}1", .unexpectedByte(offset: 0, expected: "a value")),
            ("1e400", .numberOutOfRange(offset: 0)),
            ("[-1e400]", .numberOutOfRange(offset: 1)),
            ("1e-400", .numberOutOfRange(offset: 0)),
            (String(repeating: "9", count: 65), .numberTooLong(offset: 0, maximum: 64)),
        ])
    func refuses(_ text: String, _ error: JSONError) {
        #expect(throws: error) { try parse(text) }
    }

    @Test(
        "refuses bytes that are not UTF-8, with their offset",
        arguments: [
            ([0x22, 0xFF, 0x22], 1), ([0x22, 0xC0, 0x80, 0x22], 1), ([0x22, 0x61, 0xED, 0xA0, 0x80, 0x22], 2),
            ([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], 1), ([0x31, 0xE2, 0x82], 1),
        ])
    func refusesOtherEncodings(_ bytes: [UInt8], _ offset: Int) {
        #expect(throws: JSONError.invalidUTF8(offset: offset)) {
            try JSONValue(parsing: bytes, maximumByteCount: 64)
        }
    }

    @Test("refuses one byte more than allowed, unread")
    func refusesTooLarge() {
        let bytes = [UInt8](repeating: 0xFF, count: 65)
        #expect(throws: JSONError.tooLarge(found: 65, maximum: 64)) {
            try JSONValue(parsing: bytes, maximumByteCount: 64)
        }
    }

    @Test("takes 32 levels and refuses 33, whatever is nested", arguments: [("[", "]"), (#"{"a":"#, "}")])
    func refusesDepth(_ opening: String, _ closing: String) throws {
        func nested(_ depth: Int) -> String {
            String(repeating: opening, count: depth) + "1" + String(repeating: closing, count: depth)
        }
        _ = try parse(nested(32))
        #expect(throws: JSONError.tooDeep(offset: 32 * opening.utf8.count, maximum: 32)) { try parse(nested(33)) }
        #expect(throws: JSONError.tooDeep(offset: 32 * opening.utf8.count, maximum: 32)) { try parse(nested(100_000)) }
        #expect(throws: JSONError.tooDeep(offset: 0, maximum: 0)) { try parse(nested(1), depth: 0) }
    }

    @Test("tells whole numbers from others by how they are written")
    func numbers() throws {
        #expect(try parse("[0,-5,9007199254740991]") == [0, -5, 9_007_199_254_740_991])
        #expect(try parse("9007199254740992") == .number(9_007_199_254_740_992))
        #expect(try parse("1.0") == .number(1))
        #expect(try parse("1e2") == .number(100))
        #expect(try parse("-0") == .number(0))
        #expect(try parse("0e-999") == .number(0))
    }

    @Test("keeps names apart that Swift's strings hold equal")
    func canonicallyEquivalentNames() throws {
        let value = try parse("{\"K\":1,\"\u{212A}\":2}")
        #expect(value == ["K": 1, "\u{212A}": 2])
        #expect(value != ["\u{212A}": 1, "K": 2])
        #expect(JSONValue.string("\u{E9}") != .string("e\u{301}"))
    }

    @Test("reads every escape")
    func escapes() throws {
        let value = try parse(#""\"\\\/\b\f\n\r\t\u20AC\ud83d\ude02\u0000x""#)
        #expect(value == .string("\"\\/\u{8}\u{C}\n\r\t€😂\u{0}x"))
    }

    @Test("keeps the order of members")
    func order() throws {
        #expect(try parse(#" { "b" : [ ] , "a" : { } } "#) == ["b": [], "a": [:]])
        #expect(try parse(#"{"b":1,"a":2}"#) != ["a": 2, "b": 1])
    }
}
