import Primitives
import Testing

@Suite("Reading JSON into types")
struct JSONReaderTests {
    enum Colour: String, CaseIterable {
        case red, kelvin = "K"
    }

    private func object(_ value: JSONValue) throws -> JSONObjectReader {
        try JSONReader(value, path: samplePath).object()
    }

    @Test("names the path of what is wrong")
    func paths() throws {
        var object = try object(["name": 7])
        #expect(throws: JSONShapeError.wrongKind(path("name"), expected: .string, found: .integer)) {
            try object.string("name", maximumByteCount: 9)
        }
        #expect(path("name").description == "$.participants[1].name")
        #expect(throws: JSONShapeError.missing(path("key"))) { try object.required("key") }
    }

    @Test("refuses members that nobody took")
    func unknownNames() throws {
        var object = try object(["name": "a", "Name": "b"])
        _ = try object.string("name", maximumByteCount: 9)
        #expect(throws: JSONShapeError.unknownName(path("Name"))) { try object.finish() }
    }

    @Test("prints hostile names escaped and cut")
    func hostileNames() throws {
        let name = "\u{202E}\u{1B}[2J\u{0}" + String(repeating: "x", count: 500)
        let object = try object(.object([JSONMember(name, 1)]))
        let error = try #require(throws: JSONShapeError.self) { try object.finish() }
        #expect(error.message.utf8.count < 200)
        #expect(error.message.unicodeScalars.allSatisfy { $0.value >= 0x20 && ($0.isASCII || $0 == "…") })
    }

    @Test(
        "takes whole numbers inside their range only",
        arguments: [
            (JSONValue.integer(0), JSONShapeError.outOfRange(path("n"), expected: 1...9)),
            (10, .outOfRange(path("n"), expected: 1...9)),
            (.number(5), .wrongKind(path("n"), expected: .integer, found: .number)),
            (.number(1e300), .wrongKind(path("n"), expected: .integer, found: .number)),
            ("5", .wrongKind(path("n"), expected: .integer, found: .string)),
            (.null, .wrongKind(path("n"), expected: .integer, found: .null)),
            (true, .wrongKind(path("n"), expected: .integer, found: .bool)),
        ])
    func integers(_ value: JSONValue, _ error: JSONShapeError) throws {
        var object = try object(["n": value])
        #expect(throws: error) { try object.integer("n", in: 1...9) }
    }

    @Test("bounds strings and arrays before it reads them")
    func bounds() throws {
        var object = try object(["text": "abcde", "list": [1, 2, 3]])
        #expect(throws: JSONShapeError.tooLong(path("text"), found: 5, maximum: 4)) {
            try object.string("text", maximumByteCount: 4)
        }
        #expect(throws: JSONShapeError.tooMany(path("list"), found: 3, maximum: 2)) {
            try object.array("list", maximumCount: 2)
        }
        #expect(try object.array("list", maximumCount: 3).map { try $0.integer(in: 1...3) } == [1, 2, 3])
        try object.finish()
    }

    @Test("compares words by their bytes")
    func words() throws {
        var object = try object(["a": "red", "b": "\u{212A}", "c": "Red", "d": "any"])
        #expect(try object.choice("a", of: Colour.self) == .red)
        #expect(throws: JSONShapeError.unknownWord(path("b"), expected: ["red", "K"])) {
            try object.choice("b", of: Colour.self)
        }
        #expect(throws: JSONShapeError.unknownWord(path("c"), expected: ["red", "K"])) {
            try object.choice("c", of: Colour.self)
        }
        #expect(try object.required("d").isWord("any"))
        #expect(!object.contains("\u{212A}"))
    }

    @Test("takes digests in their one spelling")
    func digests() throws {
        let digest = SHA256Digest(repeating: 0xAB)
        var object = try object([
            "a": .string(digest.prefixed), "b": .string(digest.description), "c": "sha256:AB", "d": "abcd",
        ])
        #expect(try object.required("a").digest() == digest)
        #expect(try object.hex("b") == digest)
        #expect(throws: JSONShapeError.self) { try object.required("b").digest() }
        #expect(throws: JSONShapeError.self) { try object.required("c").digest() }
        #expect(throws: JSONShapeError.self) { try object.hex("d") as FixedBytes<3> }
    }
}

private let samplePath = JSONPath.root.appending("participants").appending(1)

private func path(_ name: String) -> JSONPath { samplePath.appending(name) }
