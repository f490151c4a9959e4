/// Where a value stands in a JSON text: `$.participants[2].name`.
///
/// Names come from hostile input, so a name that is not plain is printed escaped and cut.
public struct JSONPath: Hashable, Sendable, CustomStringConvertible {
    public static let root = JSONPath(description: "$")

    public let description: String

    private init(description: String) {
        self.description = description
    }

    /// The member `name` of this object.
    public func appending(_ name: String) -> JSONPath {
        JSONPath(description: description + (Self.isPlain(name) ? "." + name : "[" + Self.quoted(name) + "]"))
    }

    /// The element at `index`, counted from 0, of this array.
    public func appending(_ index: Int) -> JSONPath {
        JSONPath(description: "\(description)[\(index)]")
    }

    private static let maximumNameByteCount = 64

    private static func isPlain(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= maximumNameByteCount && name.utf8.allSatisfy(isPlainByte)
    }

    private static func isPlainByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }

    /// Printable ASCII stays; everything else, terminal controls and bidirectional marks included, is escaped.
    private static func quoted(_ name: String) -> String {
        var text = "\""
        for scalar in name.unicodeScalars.prefix(maximumNameByteCount) {
            text += scalar == "\"" ? "\\\"" : scalar.escaped(asASCII: true)
        }
        return text + (name.unicodeScalars.count > maximumNameByteCount ? "…\"" : "\"")
    }
}
