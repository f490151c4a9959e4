internal import Primitives

/// A JSON text of one shape: a closed part of JSON Schema in which everything is bounded and nothing is optional.
public indirect enum JSONFormat: Equatable, Sendable {
    case object([Property])
    case array(JSONFormat, maximumCount: Int)
    case value(ValueKind)

    /// A member that is always there.
    public struct Property: Equatable, Sendable {
        public let name: String
        public let format: JSONFormat
    }

    static let maximumDepth = 8
    static let maximumPropertyCount = 64
    static let maximumItemCount = 1_000_000
    /// Doubles hold 15 digits whatever they are, and JSON's numbers are read as doubles.
    static let maximumUnits: Int64 = 999_999_999_999_999

    private enum SchemaType: String, CaseIterable {
        case object, array, string, integer, number, boolean
    }

    init(_ reader: JSONReader, depth: Int = 0) throws(JSONShapeError) {
        guard depth < Self.maximumDepth else {
            throw .wrongForm(reader.path, expected: "no more than \(Self.maximumDepth) levels")
        }
        var object = try reader.object()
        switch try object.choice("type", of: SchemaType.self) {
        case .object: self = .object(try Self.properties(try object.required("properties"), depth: depth))
        case .array:
            self = .array(
                try JSONFormat(try object.required("items"), depth: depth + 1),
                maximumCount: try object.integer("maxItems", in: 0...Self.maximumItemCount))
        case .string: self = .value(try .text(&object, list: "enum", maximum: "maxLength"))
        case .integer:
            self = .value(try .number(&object, isDecimal: false, most: Int64(JSONValue.maximumInteger)))
        case .number: self = .value(try .number(&object, isDecimal: true, most: Self.maximumUnits))
        case .boolean: self = .value(.boolean)
        }
        try object.finish()
    }

    private static func properties(_ reader: JSONReader, depth: Int) throws(JSONShapeError) -> [Property] {
        var object = try reader.object()
        let members = try object.rest(maximumCount: maximumPropertyCount)
        guard !members.isEmpty else { throw .wrongForm(reader.path, expected: "at least one property") }
        var properties: [Property] = []
        for (name, reader) in members {
            guard let count = Characters.unicode.count(in: Array(name.utf8).span), (1...64).contains(count) else {
                throw .wrongForm(reader.path, expected: "names of 1 to 64 visible characters")
            }
            properties.append(Property(name: name, format: try JSONFormat(reader, depth: depth + 1)))
        }
        // RFC 8785, section 3.2.3: the order in which they are written.
        return properties.sorted { $0.name.utf16.lexicographicallyPrecedes($1.name.utf16) }
    }

    /// How many texts there are.
    public var count: Count {
        switch self {
        case .object(let properties): properties.reduce(Count(1)) { $0 * $1.format.count }
        case .array(let element, let maximum): element.count.sequences(atMost: maximum)
        case .value(let kind): kind.count
        }
    }
}
