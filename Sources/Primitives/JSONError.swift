/// Why bytes are not the JSON that is read here. Offsets count bytes from the start.
public enum JSONError: Error, Equatable, Sendable {
    case tooLarge(found: Int, maximum: Int)
    case byteOrderMark
    case invalidUTF8(offset: Int)
    case unexpectedEnd
    case unexpectedByte(offset: Int, expected: String)
    case duplicateName(offset: Int)
    case loneSurrogate(offset: Int)
    case controlCharacter(offset: Int)
    case unknownEscape(offset: Int)
    case numberTooLong(offset: Int, maximum: Int)
    case numberOutOfRange(offset: Int)
    case tooDeep(offset: Int, maximum: Int)
    case trailingBytes(offset: Int)

    /// Where it was seen, or `nil` where the whole is at fault.
    public var offset: Int? {
        switch self {
        case .tooLarge, .byteOrderMark, .unexpectedEnd: nil
        case .invalidUTF8(let offset), .unexpectedByte(let offset, _), .duplicateName(let offset),
            .loneSurrogate(let offset), .controlCharacter(let offset), .unknownEscape(let offset),
            .numberTooLong(let offset, _), .numberOutOfRange(let offset), .tooDeep(let offset, _),
            .trailingBytes(let offset):
            offset
        }
    }
}

extension JSONError: ExplainedError {
    public var code: String {
        switch self {
        case .tooLarge: "json.size"
        case .byteOrderMark: "json.byteOrderMark"
        case .invalidUTF8: "json.utf8"
        case .unexpectedEnd: "json.end"
        case .unexpectedByte: "json.syntax"
        case .duplicateName: "json.name.duplicate"
        case .loneSurrogate: "json.surrogate"
        case .controlCharacter: "json.control"
        case .unknownEscape: "json.escape"
        case .numberTooLong, .numberOutOfRange: "json.number"
        case .tooDeep: "json.depth"
        case .trailingBytes: "json.trailing"
        }
    }

    public var message: String {
        switch self {
        case .tooLarge(let found, let maximum): "expected at most \(maximum) bytes of JSON, found \(found)"
        case .byteOrderMark: "expected JSON, found a byte order mark before it"
        case .invalidUTF8(let offset): "the bytes at \(offset) are not UTF-8"
        case .unexpectedEnd: "the JSON text ends before its value does"
        case .unexpectedByte(let offset, let expected): "expected \(expected) at byte \(offset)"
        case .duplicateName(let offset): "the name at byte \(offset) occurs twice in one object"
        case .loneSurrogate(let offset): "half a surrogate pair at byte \(offset)"
        case .controlCharacter(let offset): "an unescaped control character in a string at byte \(offset)"
        case .unknownEscape(let offset): "an escape that JSON does not have at byte \(offset)"
        case .numberTooLong(let offset, let maximum):
            "the number at byte \(offset) has more than \(maximum) characters"
        case .numberOutOfRange(let offset): "the number at byte \(offset) does not fit a double"
        case .tooDeep(let offset, let maximum): "more than \(maximum) levels of nesting at byte \(offset)"
        case .trailingBytes(let offset): "expected the end after the JSON value, found more at byte \(offset)"
        }
    }

    public var hint: String? {
        switch self {
        case .byteOrderMark: "save the file as UTF-8 without a byte order mark"
        case .duplicateName: "keep one of the two: readers disagree on which one counts"
        default: nil
        }
    }
}
