import Primitives
import Testing

@Suite("Faults of documents")
struct DocumentErrorTests {
    private func read(_ text: String, maximumByteCount: Int = 100) throws(DocumentError) -> Int {
        try JSONDocument.read(
            Array(text.utf8), maximumByteCount: maximumByteCount, maximumDepth: 2,
            orThrow: { (error: DocumentError) in error }
        ) { reader throws(JSONShapeError) in
            var object = try reader.object()
            let count = try object.integer("count", in: 0...9)
            try object.finish()
            return count
        }
    }

    @Test("are none where there are none")
    func noFault() throws {
        #expect(try read(#"{"count": 7}"#) == 7)
    }

    @Test(
        "stand where an editor shows them: line and column from 1, one column for each scalar",
        arguments: [
            ("", nil), ("{", nil), ("}", "1:1"), ("{\"count\": 1,}", "1:13"), ("{\n  \"count\": x\n}", "2:12"),
            ("{\"é\": 1, \"é\": 2}", "1:10"), ("{\n\n\"a\": \"\\q\"}", "3:7"), ("{\"count\": 1}\n\nx", "3:1"),
            ("[[[]]]", "1:3"),
        ])
    func positions(_ text: String, _ expected: String?) {
        let error = #expect(throws: DocumentError.self) { try read(text) }
        #expect(error?.position?.description == expected)
        #expect(error?.path == .root)
        #expect(error?.code.hasPrefix("json.") == true)
    }

    @Test("of shape are told by their path")
    func paths() {
        let error = #expect(throws: DocumentError.self) { try read(#"{"count": 10}"#) }
        #expect(error?.path.description == "$.count" && error?.position == nil)
        #expect(error?.code == "shape.range")
        #expect(error?.fault == .shape(.outOfRange(JSONPath.root.appending("count"), expected: 0...9)))
    }

    @Test("come before reading where there are too many bytes")
    func size() {
        let error = #expect(throws: DocumentError.self) { try read(#"{"count": 7}"#, maximumByteCount: 11) }
        #expect(error?.fault == .json(.tooLarge(found: 12, maximum: 11)))
    }
}
