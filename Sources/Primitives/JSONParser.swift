extension JSONValue {
    /// Parses one JSON text (RFC 8259) and refuses everything that readers treat differently.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8, hostile.
    ///   - maximumByteCount: More bytes are refused before one is read.
    ///   - maximumDepth: Arrays and objects inside one another.
    /// - Throws: ``JSONError``, with the offset of the first fault.
    public init(
        parsing bytes: [UInt8], maximumByteCount: Int, maximumDepth: Int = defaultMaximumDepth
    ) throws(JSONError) {
        guard bytes.count <= maximumByteCount else {
            throw .tooLarge(found: bytes.count, maximum: maximumByteCount)
        }
        guard !bytes.starts(with: [0xEF, 0xBB, 0xBF]) else { throw .byteOrderMark }
        do {
            _ = try UTF8Span(validating: bytes.span)
        } catch {
            throw .invalidUTF8(offset: error.byteOffsets.lowerBound)
        }
        var parser = JSONParser(bytes: bytes, maximumDepth: maximumDepth)
        self = try parser.document()
    }
}

/// Recursive descent over bytes that are known to be UTF-8. The depth bounds the recursion.
fileprivate struct JSONParser {
    let bytes: [UInt8]
    let maximumDepth: Int
    var offset = 0
    var depth = 0

    /// Longer than any double needs; without a bound, a megabyte of digits would be converted.
    static let maximumNumberByteCount = 64

    init(bytes: [UInt8], maximumDepth: Int) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
    }

    mutating func document() throws(JSONError) -> JSONValue {
        skipWhitespace()
        let value = try value()
        skipWhitespace()
        guard offset == bytes.count else { throw .trailingBytes(offset: offset) }
        return value
    }

    private mutating func value() throws(JSONError) -> JSONValue {
        switch try peek() {
        case UInt8(ascii: "{"): return try nested { parser throws(JSONError) in .object(try parser.members()) }
        case UInt8(ascii: "["): return try nested { parser throws(JSONError) in .array(try parser.elements()) }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw .unexpectedByte(offset: offset, expected: "a value")
        }
    }

    private mutating func nested(
        _ body: (inout JSONParser) throws(JSONError) -> JSONValue
    ) throws(JSONError) -> JSONValue {
        guard depth < maximumDepth else { throw .tooDeep(offset: offset, maximum: maximumDepth) }
        depth += 1
        offset += 1
        skipWhitespace()
        let value = try body(&self)
        depth -= 1
        return value
    }

    private mutating func elements() throws(JSONError) -> [JSONValue] {
        var elements: [JSONValue] = []
        if try take("]") { return elements }
        while true {
            elements.append(try value())
            if try endsList("]") { return elements }
        }
    }

    private mutating func members() throws(JSONError) -> [JSONMember] {
        var members: [JSONMember] = []
        var names: Set<[UInt8]> = []
        if try take("}") { return members }
        while true {
            let start = offset
            guard try peek() == UInt8(ascii: "\"") else {
                throw .unexpectedByte(offset: offset, expected: "a name in quotation marks")
            }
            let name = try string()
            guard names.insert(Array(name.utf8)).inserted else { throw .duplicateName(offset: start) }
            skipWhitespace()
            guard try take(":") else { throw .unexpectedByte(offset: offset, expected: "a colon") }
            skipWhitespace()
            members.append(JSONMember(name, try value()))
            if try endsList("}") { return members }
        }
    }

    /// After an element: `true` at the closing bracket, `false` after a comma.
    private mutating func endsList(_ closing: Unicode.Scalar) throws(JSONError) -> Bool {
        skipWhitespace()
        if try take(closing) { return true }
        guard try take(",") else { throw .unexpectedByte(offset: offset, expected: "a comma or \(closing)") }
        skipWhitespace()
        return false
    }

    private mutating func word(_ text: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let letters = Array(text.description.utf8)
        guard bytes[offset...].starts(with: letters) else {
            throw .unexpectedByte(offset: offset, expected: text.description)
        }
        offset += letters.count
        return value
    }

    private func peek() throws(JSONError) -> UInt8 {
        guard offset < bytes.count else { throw .unexpectedEnd }
        return bytes[offset]
    }

    private mutating func take(_ scalar: Unicode.Scalar) throws(JSONError) -> Bool {
        guard try peek() == UInt8(ascii: scalar) else { return false }
        offset += 1
        return true
    }

    private mutating func skipWhitespace() {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x09, 0x0A, 0x0D: offset += 1
            default: return
            }
        }
    }
}

// MARK: - Strings

extension JSONParser {
    /// From one quotation mark to the other.
    fileprivate mutating func string() throws(JSONError) -> String {
        offset += 1
        var text: [UInt8] = []
        var runStart = offset
        while true {
            switch try peek() {
            case UInt8(ascii: "\""):
                text += bytes[runStart..<offset]
                offset += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                text += bytes[runStart..<offset]
                text += try escaped()
                runStart = offset
            case 0x00...0x1F:
                throw .controlCharacter(offset: offset)
            default:
                offset += 1
            }
        }
    }

    private mutating func escaped() throws(JSONError) -> [UInt8] {
        let start = offset
        offset += 1
        let letter = try peek()
        offset += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [letter]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return Array(String(try scalar(from: start)).utf8)
        default: throw .unknownEscape(offset: start)
        }
    }

    /// The scalar of `\uXXXX`, or of two of them that form a surrogate pair.
    private mutating func scalar(from start: Int) throws(JSONError) -> Unicode.Scalar {
        let first = try codeUnit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard UTF16.isLeadSurrogate(first), bytes[offset...].starts(with: Array("\\u".utf8)) else {
            throw .loneSurrogate(offset: start)
        }
        offset += 2
        let second = try codeUnit()
        guard UTF16.isTrailSurrogate(second) else { throw .loneSurrogate(offset: start) }
        return UTF16.decode(UTF16.EncodedScalar([first, second]))
    }

    private mutating func codeUnit() throws(JSONError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            let digit = try peek()
            guard let value = Character(Unicode.Scalar(digit)).hexDigitValue else {
                throw .unexpectedByte(offset: offset, expected: "a hexadecimal digit")
            }
            unit = unit << 4 | UInt16(value)
            offset += 1
        }
        return unit
    }
}

// MARK: - Numbers

extension JSONParser {
    fileprivate mutating func number() throws(JSONError) -> JSONValue {
        let start = offset
        if bytes[offset] == UInt8(ascii: "-") { offset += 1 }
        let integerStart = offset
        try digits()
        guard bytes[integerStart] != UInt8(ascii: "0") || offset == integerStart + 1 else {
            throw .unexpectedByte(offset: integerStart, expected: "a number without leading zeros")
        }
        var isWhole = true
        if takeIfPresent(".") {
            isWhole = false
            try digits()
        }
        let mantissa = bytes[start..<offset]
        if takeIfPresent("e") || takeIfPresent("E") {
            isWhole = false
            if !takeIfPresent("+") { _ = takeIfPresent("-") }
            try digits()
        }
        guard offset - start <= Self.maximumNumberByteCount else {
            throw .numberTooLong(offset: start, maximum: Self.maximumNumberByteCount)
        }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        if isWhole, text != "-0", let integer = Int(text), integer.magnitude <= JSONValue.maximumInteger {
            return .integer(integer)
        }
        guard let double = Double(text), double.isFinite,
            double != 0 || !mantissa.contains(where: { (UInt8(ascii: "1")...UInt8(ascii: "9")).contains($0) })
        else { throw .numberOutOfRange(offset: start) }
        return .number(double)
    }

    private mutating func digits() throws(JSONError) {
        let start = offset
        while offset < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[offset]) { offset += 1 }
        guard offset > start else {
            throw offset == bytes.count ? .unexpectedEnd : .unexpectedByte(offset: offset, expected: "a digit")
        }
    }

    private mutating func takeIfPresent(_ scalar: Unicode.Scalar) -> Bool {
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: scalar) else { return false }
        offset += 1
        return true
    }
}
