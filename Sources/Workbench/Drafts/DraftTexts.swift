internal import Primitives

// How flags and answers are written: NAME:OWNER=VALUE, NAME=VALUE, lists with commas.

/// `NAME:OWNER` or `NAME:OWNER=VALUE`.
package struct OwnedText {
    package let name: String
    package let owner: String
    package let value: String?

    package init(_ text: String, expected: String) throws(CommandFailure) {
        let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let parts = sides[0].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { throw malformed(text, expected) }
        name = parts[0]
        owner = parts[1]
        value = sides.count == 2 ? sides[1] : nil
    }
}

/// `NAME=VALUE`.
package func pairText(_ text: String, expected: String) throws(CommandFailure) -> (String, String) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !parts[0].isEmpty else { throw malformed(text, expected) }
    return (parts[0], parts[1])
}

/// `NAME=VALUE` flags by name; a name that comes twice is a mistake.
package func pairTexts<Value>(
    _ texts: [String], _ read: (String) throws(CommandFailure) -> Value
) throws(CommandFailure) -> [String: Value] {
    var values: [String: Value] = [:]
    for text in texts {
        let (name, value) = try pairText(text, expected: "NAME=VALUE")
        guard values.updateValue(try read(value), forKey: name) == nil else {
            throw malformed(text, "one value for \(name)")
        }
    }
    return values
}

/// A number that JSON can hold. Whether the manifest takes it, its decoding says.
package func countText(_ text: String) throws(CommandFailure) -> Int {
    guard let count = Int(text) else { throw malformed(text, "a whole number") }
    guard count.magnitude <= JSONValue.maximumInteger else { throw malformed(text, "a whole number below 2^53") }
    return count
}

/// What the command line itself is refused for.
package func malformed(_ text: String, _ expected: String) -> CommandFailure {
    CommandFailure(CommandError.argument(text, expected: expected))
}
