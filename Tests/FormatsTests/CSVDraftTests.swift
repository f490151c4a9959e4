import Formats
import Primitives
import TestSupport
import Testing

/// What is drafted from a file takes that file.
@Suite("A drafted format")
struct CSVDraftTests {
    @Test(
        "has room for each number of a column, or takes them as text",
        arguments: [
            (["1", "49e-18"], "text"), (["49e-18", "1"], "text"), (["0", "49e-18"], "decimal"),
            (["123456789012345678", "0.5"], "text"), (["12345678901234567", "0.5"], "decimal"),
            (["-12345678901234567", "0.25"], "text"), (["1.50", "200"], "decimal"),
        ])
    func numbers(cells: [String], type: String) throws {
        let file = Array(("n\n" + cells.joined(separator: "\n") + "\n").utf8)
        var draft = CSVDraft()
        try draft.take(file)
        let drafted = try draft.finish()
        #expect(drafted.at("columns.0.type") == .string(type))
        var check = FormatCheck(try Format(JSONReader(drafted)), maximumBytes: 1 << 10)
        try check.take(file)
        try check.finish()
    }
}
