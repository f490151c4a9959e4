import Formats
import Primitives
import Testing

@Suite("A stand-in")
struct StandInTests {
    private static let formats = [
        #"{"kind": "csv", "maximumRows": 300, "columns": [{"name": "a,\"b\"", "type": "boolean", "optional": true}]}"#,
        #"""
        {"kind": "csv", "maximumRows": 1000, "order": "kept", "columns": [
          {"name": "n", "type": "integer"}, {"name": "o", "type": "integer", "minimum": -5, "maximum": 5},
          {"name": "far", "type": "integer", "minimum": 9007199254740000},
          {"name": "below", "type": "integer", "maximum": -7000000000}, {"name": "d", "type": "date", "optional": true},
          {"name": "old", "type": "date", "maximum": "0001-01-02"},
          {"name": "new", "type": "date", "minimum": "9999-12-31"}]}
        """#,
        #"""
        {"kind": "csv", "maximumRows": 1000, "columns": [
          {"name": "f", "type": "decimal", "fractionDigits": 18}, {"name": "g", "type": "decimal", "fractionDigits": 0},
          {"name": "h", "type": "decimal", "fractionDigits": 2, "minimum": "-1000000.55", "maximum": "0"},
          {"name": "i", "type": "decimal", "fractionDigits": 15, "minimum": "0.5", "optional": true}]}
        """#,
        #"""
        {"kind": "csv", "maximumRows": 1000, "columns": [
          {"name": "w", "type": "text", "values": ["\"", ",", "north"]},
          {"name": "a", "type": "text", "maximumCharacters": 1, "characters": "ascii"},
          {"name": "l", "type": "text", "maximumCharacters": 40, "characters": "latin", "optional": true},
          {"name": "u", "type": "text", "maximumCharacters": 10000, "characters": "unicode"},
          {"name": "i", "type": "text", "maximumCharacters": 3, "characters": "identifier"},
          {"name": "s", "type": "text", "maximumCharacters": 30, "characters": "digits"}]}
        """#,
        #"""
        {"kind": "csv", "maximumRows": 100, "complete": true, "columns": [{"name": "n", "type": "integer"},
          {"name": "k", "type": "text", "values": ["x", "y", "z"], "optional": true},
          {"name": "l", "type": "text", "values": ["p", "q"]}, {"name": "m", "type": "text", "values": ["one"]}]}
        """#,
        #"""
        {"kind": "json", "schema": {"type": "object", "properties": {
          "é\"": {"type": "array", "maxItems": 500, "items": {"type": "array", "maxItems": 2, "items": {
            "type": "object", "properties": {
              "x": {"type": "number", "fractionDigits": 14}, "b": {"type": "boolean"}}}}},
          "s": {"type": "string", "maxLength": 9, "characters": "unicode"}, "i": {"type": "integer"},
          "e": {"type": "string", "enum": ["a\"b", "c"]}, "none": {"type": "array", "maxItems": 0, "items": {
            "type": "boolean"}}}}}
        """#,
        #"{"kind": "text", "maximumCharacters": 100000}"#,
        #"{"kind": "text", "maximumCharacters": 50, "maximumLineCharacters": 3, "characters": "digits"}"#,
        #"{"kind": "text", "maximumCharacters": 1, "characters": "latin"}"#,
    ]

    private static func draft(_ format: String) throws -> Draft { try Draft(#"{"format": \#(format)}"#) }

    @Test("is of its format, and written as a gate writes it", arguments: formats)
    func fits(_ format: String) throws {
        let gate = try Self.draft(format).gate
        for seed in 0..<40 as Range<UInt64> {
            for count in [0, 1, 7, StandIn.usualRowCount, 2000] {
                let bytes = try #require(StandIn(gate.format, seed: seed, rowCount: count)).bytes
                var check = FormatCheck(gate.format, maximumBytes: 1 << 20)
                try check.take(bytes)
                try check.finish()
                try gate.requireReleasable(bytes)
                #expect(try gate.release(bytes, noise: nil).bytes == bytes)
            }
        }
    }

    @Test("is the same for the same seed, and another for another", arguments: formats)
    func seeds(_ format: String) throws {
        let gate = try Self.draft(format).gate
        var files: Set<[UInt8]> = []
        for seed in 0..<20 as Range<UInt64> {
            let standIn = StandIn(gate.format, seed: seed)
            #expect(standIn != nil && standIn == StandIn(gate.format, seed: seed))
            files.insert(try #require(standIn).bytes)
        }
        // One character, or one row for each of few combinations, is soon the same by chance.
        #expect(files.count > 10)
    }

    @Test("stays what it is from one version to the next")
    func known() throws {
        let gate = try Draft(
            columns: #"{"name": "n", "type": "integer", "minimum": 0, "maximum": 9}, {"name": "d", "type": "date"}"#
        ).gate
        let bytes = try #require(StandIn(gate.format, seed: 1, rowCount: 3)).bytes
        #expect(String(decoding: bytes, as: UTF8.self) == "n,d\n5,2023-02-10\n7,2023-02-09\n9,2025-05-04\n")
    }

    @Test("has as many rows as were asked for, and no more than the format allows")
    func rows() throws {
        func lineCount(_ format: String, _ count: Int?) throws -> Int {
            let format = try Self.draft(format).gate.format
            let standIn = count.map { StandIn(format, seed: 3, rowCount: $0) } ?? StandIn(format, seed: 3)
            return try #require(standIn).bytes.count { $0 == 0x0A }
        }
        #expect(try lineCount(Self.formats[0], nil) == 101)
        #expect(try lineCount(Self.formats[0], 5) == 6)
        #expect(try lineCount(Self.formats[0], 5000) == 301)
        #expect(try lineCount(Self.formats[4], 5) == 4 * 2 + 1)
        #expect(try lineCount(Self.formats[6], 12) == 12)
    }

    @Test("has empty cells, whole ranges where they are narrow, and small numbers and near dates where they are wide")
    func sensible() throws {
        let gate = try Self.draft(Self.formats[1]).gate
        let text = String(decoding: try #require(StandIn(gate.format, seed: 9, rowCount: 1000)).bytes, as: UTF8.self)
        let rows = text.split(separator: "\n").dropFirst().map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        #expect(rows.count == 1000)
        #expect(rows.allSatisfy { (0...1000).contains(Int($0[0]) ?? -1) })
        #expect(Set(rows.map { Int($0[1]) }) == Set(-5...5))
        #expect(rows.allSatisfy { $0[4].isEmpty || $0[4].hasPrefix("202") })
        let empty = rows.count { $0[4].isEmpty }
        #expect(empty > 50 && empty < 250)
    }

    @Test("of JSON has the items asked for in each outer list, and bounded lists in these")
    func jsonItems() throws {
        let deep = String(repeating: #"{"type": "array", "maxItems": 1000000, "items": "#, count: 6)
        let wide = (0..<64).map { #""p\#($0)": {"type": "boolean"}"# }.joined(separator: ", ")
        let draft = try Draft(
            #"{"format": {"kind": "json", "schema": \#(deep){"type": "object", "properties": {\#(wide)}}"#
                + String(repeating: "}", count: 6) + "}}", maximumBytes: 1 << 28)
        for seed in 0..<3 as Range<UInt64> {
            let bytes = try #require(StandIn(draft.gate.format, seed: seed, rowCount: 500)).bytes
            #expect(bytes.count < 1 << 22)
            let value = try JSONValue(parsing: bytes, maximumByteCount: 1 << 22)
            guard case .array(let items) = value else {
                Issue.record("no list")
                return
            }
            #expect(items.count == 500)
        }
    }

    @Test("is none for a format that allows anything")
    func anything() {
        #expect(StandIn(.any, seed: 1) == nil)
    }
}
