/// A JSON value and where it stands: the one way in which this project turns JSON into its types.
///
/// Every method says what it takes and refuses the rest with ``JSONShapeError``.
///
///     var entry = try reader.object()
///     let name = try entry.string("name", maximumByteCount: 40)
///     let kind = try entry.choice("kind", of: Kind.self)
///     try entry.finish()
public struct JSONReader: Sendable {
    public let value: JSONValue
    public let path: JSONPath

    /// Starts at `path`, the root unless the value stands inside another text.
    public init(_ value: JSONValue, path: JSONPath = .root) {
        self.value = value
        self.path = path
    }

    /// An object, whose members are then taken one by one.
    public func object() throws(JSONShapeError) -> JSONObjectReader {
        guard case .object(let members) = value else { throw mismatch(.object) }
        return JSONObjectReader(members, path: path)
    }

    /// The elements of an array, each with its path.
    public func array(maximumCount: Int) throws(JSONShapeError) -> [JSONReader] {
        guard case .array(let elements) = value else { throw mismatch(.array) }
        guard elements.count <= maximumCount else {
            throw .tooMany(path, found: elements.count, maximum: maximumCount)
        }
        return elements.enumerated().map { JSONReader($0.element, path: path.appending($0.offset)) }
    }

    /// A string. Its characters are not restricted here.
    public func string(maximumByteCount: Int) throws(JSONShapeError) -> String {
        guard case .string(let text) = value else { throw mismatch(.string) }
        let count = text.utf8.count
        guard count <= maximumByteCount else { throw .tooLong(path, found: count, maximum: maximumByteCount) }
        return text
    }

    /// A string that `parse` turns into a value.
    ///
    /// - Parameters:
    ///   - maximumByteCount: Of the string, in UTF-8.
    ///   - expected: What the string is, to follow "expected" in the error.
    ///   - parse: Returns `nil` for what is not of the form.
    public func parsed<Value>(
        as expected: String, maximumByteCount: Int = 4096, _ parse: (String) -> Value?
    ) throws(JSONShapeError) -> Value {
        let text = try string(maximumByteCount: maximumByteCount)
        guard let value = parse(text) else { throw .wrongForm(path, expected: expected) }
        return value
    }

    /// A number without fraction or exponent, inside `range`.
    public func integer(in range: ClosedRange<Int>) throws(JSONShapeError) -> Int {
        switch value {
        case .integer(let value) where range.contains(value): return value
        case .integer: throw .outOfRange(path, expected: range)
        default: throw mismatch(.integer)
        }
    }

    /// `true` or `false`.
    public func bool() throws(JSONShapeError) -> Bool {
        guard case .bool(let value) = value else { throw mismatch(.bool) }
        return value
    }

    /// A string that is one of the type's raw values, byte for byte.
    public func choice<Choice: CaseIterable & RawRepresentable>(
        of type: Choice.Type
    ) throws(JSONShapeError) -> Choice where Choice.RawValue == String {
        guard case .string(let text) = value else { throw mismatch(.string) }
        for choice in Choice.allCases where choice.rawValue.hasSameBytes(as: text) { return choice }
        throw .unknownWord(path, expected: Choice.allCases.map(\.rawValue))
    }

    /// Whether this is the string `word`, byte for byte.
    public func isWord(_ word: String) -> Bool {
        guard case .string(let text) = value else { return false }
        return text.hasSameBytes(as: word)
    }

    private func mismatch(_ expected: JSONKind) -> JSONShapeError {
        .wrongKind(path, expected: expected, found: value.kind)
    }
}
