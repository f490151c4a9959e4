import Formats
import Testing

@Suite("The ends of a table's rows")
struct CSVRowEndsTests {
    /// The rows of a text that comes in pieces of a size.
    private func rows(_ text: String, pieces size: Int = 1 << 20) throws -> [String] {
        let bytes = Array(text.utf8)
        var ends = CSVRowEnds()
        var offsets = [0]
        var start = 0
        while start < bytes.count {
            let end = min(start + size, bytes.count)
            try ends.take(Array(bytes[start..<end])) { offsets.append($0) }
            start = end
        }
        try ends.finish { offsets.append($0) }
        #expect(ends.rowCount == offsets.count - 1)
        #expect(offsets.last == bytes.count, "every byte belongs to a row")
        return zip(offsets, offsets.dropFirst()).map { String(decoding: bytes[$0..<$1], as: UTF8.self) }
    }

    private static let table = [
        "name,note\r\n", "a,plain\n", "b,\"two\nlines\"\n", "c,\"a \"\"word\"\", and\r\nmore\"\r\n", "\"\",\n", ",\n",
        "\n", "d,\"\"",
    ]

    @Test("are found whatever the pieces, with line ends in cells, doubled marks, empty cells and no last line end")
    func pieces() throws {
        let text = Self.table.joined()
        for size in 1...text.utf8.count { #expect(try rows(text, pieces: size) == Self.table) }
    }

    @Test("are none in an empty file, one without a line end, and one more where a line end alone follows")
    func few() throws {
        #expect(try rows("") == [])
        #expect(try rows("a") == ["a"])
        #expect(try rows("a\n") == ["a\n"])
        #expect(try rows("a\n\n") == ["a\n", "\n"])
        #expect(try rows("a,") == ["a,"])
        #expect(try rows("\"\"") == ["\"\""])
    }

    @Test(
        "are refused where a mark or a carriage return stands where none can",
        arguments: [
            "a\"b\n", "a,b\"\n", "\"a\"b\n", "\"a\" ,b\n", "a\rb\n", "a\r", "\"a\r\n", "\"", "x\n\"a,b\nc",
            "\"a\"\r\r\n",
        ])
    func malformed(_ text: String) {
        for size in 1...text.utf8.count { #expect(throws: Misfit.self) { try rows(text, pieces: size) } }
    }
}
