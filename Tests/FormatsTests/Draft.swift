import Formats
import Primitives

/// An output's entry as a manifest would hold it.
struct Draft {
    let gate: Gate

    /// - Parameter entry: the keys `format`, `noise`, `minimumGroup` and `round`, as JSON.
    init(_ entry: String, maximumBytes: Int = 1 << 20) throws {
        let value = try JSONValue(parsing: Array(entry.utf8), maximumByteCount: 1 << 20)
        var object = try JSONReader(value).object()
        let format = try Format(try object.required("format"))
        let rules = try OutputRules(&object, for: format)
        try object.finish()
        gate = Gate(format: format, rules: rules, maximumBytes: maximumBytes)
    }

    /// A table of these columns.
    init(columns: String, rows: Int = 100, also: String = "", rules: String = "") throws {
        try self.init(
            #"{"format": {"kind": "csv", "maximumRows": \#(rows), "columns": [\#(columns)]\#(also)}\#(rules)}"#)
    }

    func release(_ text: String, noise key: NoiseKey? = nil) throws(Misfit) -> String {
        String(decoding: try gate.release(Array(text.utf8), noise: key).bytes, as: UTF8.self)
    }

    func isReleasable(_ text: String) -> Bool {
        do {
            try gate.requireReleasable(Array(text.utf8))
            return true
        } catch {
            return false
        }
    }
}
