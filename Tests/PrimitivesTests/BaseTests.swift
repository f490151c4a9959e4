import Primitives
import Testing

@Suite("Base64 and base58")
struct BaseTests {
    /// RFC 4648, section 10.
    @Test(
        "encodes and decodes the RFC's examples",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ])
    func examples(_ text: String, _ encoded: String) {
        let bytes = Array(text.utf8)
        #expect(Base64.standard.encode(bytes) == encoded)
        #expect(Base64.standard.decode(encoded) == bytes)
        let unpadded = String(encoded.prefix { $0 != "=" })
        #expect(Base64.urlUnpadded.encode(bytes) == unpadded)
        #expect(Base64.urlUnpadded.decode(unpadded) == bytes)
    }

    @Test(
        "refuses every second spelling",
        arguments: [
            "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Z", "Zm9v\n", " Zm9v", "Zm9v====", "Zm=v", "=", "====", "-_-_",
            "Zm9é",
        ])
    func refusesStandard(_ text: String) {
        #expect(Base64.standard.decode(text) == nil)
    }

    @Test("refuses padding and the other alphabet in the URL form", arguments: ["Zg==", "Zh", "Zm9", "+/+/", "A"])
    func refusesURL(_ text: String) {
        #expect(Base64.urlUnpadded.decode(text) == nil)
    }

    @Test("uses the right alphabet each")
    func alphabets() {
        #expect(Base64.standard.encode([0xFB, 0xFF]) == "+/8=")
        #expect(Base64.urlUnpadded.encode([0xFB, 0xFF]) == "-_8")
    }

    @Test(
        "encodes base58 as the draft's examples",
        arguments: [
            (Array("Hello World!".utf8), "2NEpo7TZRRrLZSi2U"), ([0, 0, 0x28, 0x7F, 0xB4, 0xCD], "11233QC4"),
            ([], ""), ([0], "1"),
        ] as [([UInt8], String)])
    func base58(_ bytes: [UInt8], _ text: String) {
        #expect(Base58.encode(bytes) == text)
        #expect(Base58.decode(text) == bytes)
    }

    @Test("refuses what base58 has not", arguments: ["0", "O", "I", "l", " 1", "1\n", "é", "+"])
    func refusesBase58(_ text: String) {
        #expect(Base58.decode(text) == nil)
    }

    @Test("refuses long base58 before it works on it")
    func boundsBase58() {
        #expect(Base58.decode(String(repeating: "z", count: 129)) == nil)
        #expect(Base58.decode(String(repeating: "1", count: 128))?.count == 128)
    }
}
