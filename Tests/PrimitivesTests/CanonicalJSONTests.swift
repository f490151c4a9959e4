import Foundation
import Primitives
import TestSupport
import Testing

@Suite("Canonical JSON")
struct CanonicalJSONTests {
    @Test("gives the bytes of the public JCS pairs")
    func publicPairs() throws {
        let folder = try SharedFolder.url("vectors/jcs")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "input").path)
        try #require(names.count >= 6, "the pairs are incomplete")
        for name in names {
            let input = [UInt8](try Data(contentsOf: folder.appending(path: "input/\(name)")))
            let output = [UInt8](try Data(contentsOf: folder.appending(path: "output/\(name)")))
            let value = try JSONValue(parsing: input, maximumByteCount: 1 << 16)
            #expect(value.canonicalBytes == output, "\(name)")
            #expect(try JSONValue(parsing: output, maximumByteCount: 1 << 16).canonicalBytes == output, "\(name)")
        }
    }

    @Test("gives the bytes of another implementation for values of every kind")
    func otherImplementation() throws {
        var texts = JSONTexts(seed: 11)
        let inputs = (0..<3000).map { _ in texts.next(depth: 4) }
        let program = """
            import json, rfc8785
            for line in sys.stdin:
                print(rfc8785.dumps(json.loads(line)).hex())

            """
        let theirs = try ForeignProgram.python(program, reading: inputs.joined(separator: "\n"))
        try #require(theirs.count == inputs.count)
        for (input, canonical) in zip(inputs, theirs) {
            let value = try JSONValue(parsing: Array(input.utf8), maximumByteCount: 1 << 20)
            #expect(value.canonicalBytes.hex == canonical, "\(input)")
        }
    }

    /// RFC 8785, appendix B, and the borders between ECMAScript's four notations.
    @Test(
        "writes numbers as ECMAScript does",
        arguments: [
            (0x0000_0000_0000_0000, "0"), (0x8000_0000_0000_0000, "0"),
            (0x0000_0000_0000_0001, "5e-324"), (0x8000_0000_0000_0001, "-5e-324"),
            (0x7FEF_FFFF_FFFF_FFFF, "1.7976931348623157e+308"), (0xFFEF_FFFF_FFFF_FFFF, "-1.7976931348623157e+308"),
            (0x4340_0000_0000_0000, "9007199254740992"), (0xC340_0000_0000_0000, "-9007199254740992"),
            (0x4430_0000_0000_0000, "295147905179352830000"), (0x44B5_2D02_C7E1_4AF5, "9.999999999999997e+22"),
            (0x44B5_2D02_C7E1_4AF6, "1e+23"), (0x44B5_2D02_C7E1_4AF7, "1.0000000000000001e+23"),
            (0x444B_1AE4_D6E2_EF4E, "999999999999999700000"), (0x444B_1AE4_D6E2_EF4F, "999999999999999900000"),
            (0x444B_1AE4_D6E2_EF50, "1e+21"), (0x3EB0_C6F7_A0B5_ED8C, "9.999999999999997e-7"),
            (0x3EB0_C6F7_A0B5_ED8D, "0.000001"), (0x41B3_DE43_5555_5553, "333333333.3333332"),
            (0x41B3_DE43_5555_5554, "333333333.33333325"), (0x41B3_DE43_5555_5555, "333333333.3333333"),
            (0x41B3_DE43_5555_5556, "333333333.3333334"), (0x41B3_DE43_5555_5557, "333333333.33333343"),
            (0xBECB_F647_612F_3696, "-0.0000033333333333333333"), (0x4314_3FF3_C1CB_0959, "1424953923781206.2"),
        ] as [(UInt64, String)])
    func numbers(_ bits: UInt64, _ text: String) {
        let bytes = JSONValue.number(Double(bitPattern: bits)).canonicalBytes
        #expect(String(decoding: bytes, as: UTF8.self) == text)
    }

    @Test(
        "writes the same value for every spelling",
        arguments: [
            (#"{ "b":1.0, "a":"\u0041\/" }"#, #"{"a":"A/","b":1}"#),
            (#"[1e2,0.1e1,-0,-0.0,100e-2]"#, "[100,1,0,0,1]"),
            ("[\n]", "[]"),
            (#"{"\ud83d\ude02":1,"\ufb33":2}"#, "{\"😂\":1,\"\u{FB33}\":2}"),
            (#""\u000f\u007f\b\u2028""#, "\"\\u000f\u{7F}\\b\u{2028}\""),
        ])
    func spellings(_ text: String, _ canonical: String) throws {
        let value = try JSONValue(parsing: Array(text.utf8), maximumByteCount: 1024)
        #expect(value.canonicalBytes == Array(canonical.utf8))
    }

    @Test("reads back what it indents, order kept")
    func indented() throws {
        let value: JSONValue = ["b": [1, .number(0.5), .null], "a": ["x": true, "y": []], "e": [:]]
        let bytes = value.indentedBytes
        #expect(try JSONValue(parsing: bytes, maximumByteCount: 1024) == value)
        #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("{\n  \"b\": [\n    1,\n    0.5,"))
        #expect(bytes.last == 0x0A)
    }
}
