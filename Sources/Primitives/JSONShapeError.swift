/// Where a JSON value is not of the shape that its format demands.
///
/// Says names, kinds and lengths, never content.
public enum JSONShapeError: Error, Equatable, Sendable {
    case missing(JSONPath)
    case unknownName(JSONPath)
    case wrongKind(JSONPath, expected: JSONKind, found: JSONKind)
    case outOfRange(JSONPath, expected: ClosedRange<Int>)
    case tooMany(JSONPath, found: Int, maximum: Int)
    case tooLong(JSONPath, found: Int, maximum: Int)
    /// A string that is none of the words that stand here.
    case unknownWord(JSONPath, expected: [String])
    /// Of the right kind, yet not of the form, such as `a name: …`.
    case wrongForm(JSONPath, expected: String)

    public var path: JSONPath {
        switch self {
        case .missing(let path), .unknownName(let path), .wrongKind(let path, _, _), .outOfRange(let path, _),
            .tooMany(let path, _, _), .tooLong(let path, _, _), .unknownWord(let path, _), .wrongForm(let path, _):
            path
        }
    }
}

extension JSONShapeError: ExplainedError {
    public var code: String {
        switch self {
        case .missing: "shape.missing"
        case .unknownName: "shape.unknown"
        case .wrongKind: "shape.kind"
        case .outOfRange: "shape.range"
        case .tooMany: "shape.count"
        case .tooLong: "shape.length"
        case .unknownWord: "shape.word"
        case .wrongForm: "shape.form"
        }
    }

    public var message: String {
        switch self {
        case .missing(let path): "\(path) is missing"
        case .unknownName(let path): "\(path) is not a key of this format"
        case .wrongKind(let path, let expected, let found):
            "\(path): expected \(expected.rawValue), found \(found.rawValue)"
        case .outOfRange(let path, let expected) where expected.count == 1:
            "\(path): expected \(expected.lowerBound)"
        case .outOfRange(let path, let expected):
            "\(path): expected a number from \(expected.lowerBound) to \(expected.upperBound)"
        case .tooMany(let path, let found, let maximum):
            "\(path): expected at most \(maximum) elements, found \(found)"
        case .tooLong(let path, let found, let maximum):
            "\(path): expected at most \(maximum) bytes, found \(found)"
        case .unknownWord(let path, let expected):
            "\(path): expected " + expected.map { "\"\($0)\"" }.joined(separator: " or ")
        case .wrongForm(let path, let expected): "\(path): expected \(expected)"
        }
    }

    public var hint: String? {
        switch self {
        case .unknownName: "keys are case-sensitive, and unknown ones are refused rather than ignored"
        case .wrongKind(_, .integer, .number): "write whole numbers without fraction or exponent"
        default: nil
        }
    }
}
