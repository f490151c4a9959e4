package import Primitives

/// YAML of a JSON value, as people expect Kubernetes objects: block style, strings in double quotes.
///
/// Every scalar is JSON's, so no word is taken for a date, a number or a "no"; every key is plain or quoted.
package enum YAML {
    /// - Precondition: `value` is an object.
    package static func text(_ value: JSONValue) -> String {
        guard case .object(let members) = value, !members.isEmpty else {
            preconditionFailure("a Kubernetes object is an object")
        }
        return lines(of: value, level: 0).joined(separator: "\n") + "\n"
    }

    private static func lines(of value: JSONValue, level: Int) -> [String] {
        let indent = String(repeating: "  ", count: level)
        switch value {
        case .object(let members) where !members.isEmpty:
            return members.flatMap { member -> [String] in
                let key = indent + key(member.name) + ":"
                return nested(member.value)
                    ? [key] + lines(of: member.value, level: level + 1)
                    : [key + " " + scalar(member.value)]
            }
        case .array(let elements) where !elements.isEmpty:
            return elements.flatMap { element -> [String] in
                guard nested(element) else { return [indent + "- " + scalar(element)] }
                // The first line of what is nested stands beside the dash, two columns in.
                var inner = lines(of: element, level: level + 1)
                inner[0] = indent + "- " + inner[0].dropFirst(indent.count + 2)
                return inner
            }
        default: return [indent + scalar(value)]
        }
    }

    private static func nested(_ value: JSONValue) -> Bool {
        switch value {
        case .object(let members): !members.isEmpty
        case .array(let elements): !elements.isEmpty
        default: false
        }
    }

    private static func scalar(_ value: JSONValue) -> String {
        String(decoding: value.canonicalBytes, as: UTF8.self)
    }

    /// What some readers take for a truth value or nothing.
    private static let words: Set<String> = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"]

    private static func key(_ name: String) -> String {
        let isPlain =
            name.utf8.first.map { $0 >= UInt8(ascii: "A") } == true
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                case UInt8(ascii: "0")...UInt8(ascii: "9"): true
                default: "./-_".utf8.contains(byte)
                }
            }
        return isPlain && !words.contains(name.lowercased()) ? name : scalar(.string(name))
    }
}
