import Formats
import Glibc
import Platform
import Primitives

/// What the gate costs on one core and in memory: nanoseconds of reading, checking and writing a typed table anew, its
/// rows as they came and sorted, and of the agent's check of the result, as one JSON object.
///
/// Processor time, so that what else the machine does counts little.
///
///     gate-benchmark MEBIBYTES ROUNDS
@main
struct GateBenchmark {
    private static let columns = #"""
        {"name": "region", "type": "text", "values": ["east", "north", "south", "west"]},
        {"name": "day", "type": "date"}, {"name": "patients", "type": "integer", "minimum": 0, "maximum": 1000000},
        {"name": "mean-age", "type": "decimal", "minimum": "0", "maximum": "120", "fractionDigits": 2},
        {"name": "code", "type": "text", "maximumCharacters": 8, "characters": "identifier"},
        {"name": "current", "type": "boolean"}
        """#

    static func main() throws {
        let words = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        guard words.count == 2, 1...1024 ~= words[0], 1...1000 ~= words[1] else {
            return try NamedFile.writeStandardError(Array("usage: gate-benchmark MEBIBYTES ROUNDS\n".utf8))
        }
        let content = table(byteCount: words[0] << 20)
        let (kept, sorted) = (try gate(order: "kept"), try gate(order: "sorted"))
        var times: [String: [Int]] = [:]
        for _ in 0..<words[1] {
            var released: [UInt8] = []
            times["kept", default: []].append(try timed { released = try kept.release(content, noise: nil).bytes })
            times["sorted", default: []].append(try timed { _ = try sorted.release(content, noise: nil) })
            times["check", default: []].append(try timed { try kept.requireReleasable(released) })
        }
        func told(_ part: String) -> JSONValue {
            .array((times[part] ?? []).map { .integer($0) })
        }
        let value: JSONValue = [
            "bytes": .integer(content.count), "kept": told("kept"), "sorted": told("sorted"), "check": told("check"),
        ]
        print(String(decoding: value.canonicalBytes, as: UTF8.self))
    }

    private static func gate(order: String) throws -> Gate {
        let entry =
            #"{"format": {"kind": "csv", "maximumRows": 100000000, "order": "\#(order)", "columns": [\#(columns)]}}"#
        var object = try JSONReader(try JSONValue(parsing: Array(entry.utf8), maximumByteCount: 1 << 16)).object()
        let format = try Format(try object.required("format"))
        return Gate(format: format, rules: try OutputRules(&object, for: format), maximumBytes: 1 << 30)
    }

    /// Rows of a fixed sequence that looks like nothing in order.
    private static func table(byteCount: Int) -> [UInt8] {
        var bytes = Array("region,day,patients,mean-age,code,current\n".utf8)
        bytes.reserveCapacity(byteCount + 100)
        var state: UInt64 = 88_172_645_463_325_252
        func next(below bound: UInt64) -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state % bound
        }
        func digits(_ value: UInt64, count: Int) -> [UInt8] {
            let text = Array(String(value).utf8)
            return [UInt8](repeating: UInt8(ascii: "0"), count: max(0, count - text.count)) + text
        }
        let regions = ["east", "north", "south", "west"].map { Array($0.utf8) }
        while bytes.count < byteCount {
            bytes += regions[Int(next(below: 4))]
            bytes += ",20".utf8 + digits(next(below: 100), count: 2) + "-".utf8
            bytes += digits(1 + next(below: 12), count: 2) + "-".utf8 + digits(1 + next(below: 28), count: 2) + ",".utf8
            bytes += digits(next(below: 1_000_000), count: 1) + ",".utf8
            bytes += digits(next(below: 120), count: 1) + ".".utf8 + digits(next(below: 100), count: 2) + ",c".utf8
            bytes += digits(next(below: 10_000_000), count: 7) + (next(below: 2) == 0 ? ",true\n" : ",false\n").utf8
        }
        return bytes
    }

    private static func timed(_ body: () throws -> Void) rethrows -> Int {
        let start = clock()
        try body()
        // POSIX: microseconds, whatever the machine's clock.
        return 1000 * (clock() - start)
    }
}
