/// A JSON text as a value (RFC 8259), in the order in which it was written.
///
/// Parsing refuses whatever two readers could understand differently: duplicate names, lone
/// surrogates, numbers outside a Double's range, bytes after the value.
public enum JSONValue: Sendable {
    case null
    case bool(Bool)
    /// Written without fraction or exponent, and at most 2^53 - 1 in magnitude.
    case integer(Int)
    /// Any other number. Finite.
    case number(Double)
    case string(String)
    case array([JSONValue])
    /// Names are unique by their bytes.
    case object([JSONMember])

    /// 2^53 - 1: beyond it a Double no longer holds every integer.
    public static let maximumInteger = (1 << 53) - 1

    /// The nesting that parsing allows unless told otherwise.
    public static let defaultMaximumDepth = 32
}

/// One name and its value in an object.
public struct JSONMember: Sendable {
    public let name: String
    public let value: JSONValue

    /// Pairs a name with its value.
    public init(_ name: String, _ value: JSONValue) {
        self.name = name
        self.value = value
    }
}

// Swift compares strings by canonical equivalence ("K" equals the Kelvin sign). Bytes are signed,
// so bytes are compared.

extension JSONValue: Equatable {
    public static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.integer(let left), .integer(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left.hasSameBytes(as: right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }
}

extension JSONMember: Equatable {
    public static func == (left: JSONMember, right: JSONMember) -> Bool {
        left.name.hasSameBytes(as: right.name) && left.value == right.value
    }
}

extension StringProtocol {
    /// Whether the UTF-8 bytes are equal, where `==` would also take canonically equivalent text.
    public func hasSameBytes(as other: some StringProtocol) -> Bool {
        utf8.elementsEqual(other.utf8)
    }
}

extension JSONValue {
    /// What sort of value this is, for messages.
    public var kind: JSONKind {
        switch self {
        case .null: .null
        case .bool: .bool
        case .integer: .integer
        case .number: .number
        case .string: .string
        case .array: .array
        case .object: .object
        }
    }
}

/// A sort of JSON value. The raw value reads well after "expected".
public enum JSONKind: String, Sendable {
    case null
    case bool = "true or false"
    case integer = "a whole number"
    case number = "a number with a fraction or exponent, or one beyond 2^53"
    case string = "a string"
    case array = "an array"
    case object = "an object"
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    /// A string.
    public init(stringLiteral text: String) { self = .string(text) }
}

extension JSONValue: ExpressibleByIntegerLiteral {
    /// A whole number.
    public init(integerLiteral value: Int) { self = .integer(value) }
}

extension JSONValue: ExpressibleByBooleanLiteral {
    /// `true` or `false`.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension JSONValue: ExpressibleByArrayLiteral {
    /// An array.
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
}

extension JSONValue: ExpressibleByDictionaryLiteral {
    /// An object, its members in the order in which they are written.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { JSONMember($0.0, $0.1) })
    }
}
