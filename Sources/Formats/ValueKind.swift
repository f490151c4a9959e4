internal import Primitives

/// What one cell of a table, or one value in a JSON text, may be.
public enum ValueKind: Equatable, Sendable {
    case number(NumberBounds)
    /// Days, where 0001-01-01 is day zero.
    case date(ClosedRange<Int64>)
    case boolean
    /// One of these, in the order of their bytes.
    case words([String])
    case text(TextBounds)

    /// How many values there are.
    public var count: Count {
        switch self {
        case .number(let bounds): Count(UInt64(bounds.maximum - bounds.minimum) + 1)
        case .date(let days): Count(UInt64(days.count))
        case .boolean: Count(2)
        case .words(let words): Count(UInt64(words.count))
        case .text(let bounds): bounds.count
        }
    }
}

/// Numbers from a minimum to a maximum, with so many digits after the point.
public struct NumberBounds: Equatable, Sendable {
    /// In units of the last digit, at most 18 digits.
    public let minimum: Int64
    public let maximum: Int64
    public let fractionDigits: Int

    /// What a number is written as.
    public func text(_ units: Int64) -> String { NumberText.text(units, fractionDigits: fractionDigits) }
}

/// Text of one character at least and so many at most.
public struct TextBounds: Equatable, Sendable {
    public let maximumCharacters: Int
    public let characters: Characters

    /// 10,000 characters of a cell take 40,000 bytes at most.
    public static let largestMaximum = 10_000

    /// One character at least: a text without any is told from no text at all by nobody.
    var count: Count {
        let each = Count(UInt64(characters.count))
        return each * each.sequences(atMost: maximumCharacters - 1)
    }
}

extension ValueKind {
    /// Reads `minimum`, `maximum` and `fractionDigits`, each with its default.
    ///
    /// - Parameters:
    ///   - isDecimal: bounds are then text such as `"0.5"`, since a manifest's numbers are whole.
    ///   - most: the largest magnitude that the format can carry, in units of the last digit.
    static func number(
        _ object: inout JSONObjectReader, isDecimal: Bool, most: Int64
    ) throws(JSONShapeError) -> ValueKind {
        let digits = isDecimal ? try object.integer("fractionDigits", in: 0...NumberText.maximumDigitCount) : 0
        let path = object.path
        func bound(_ reader: JSONReader?, _ otherwise: Int64) throws(JSONShapeError) -> Int64 {
            guard let reader else { return otherwise }
            guard isDecimal else {
                let most = min(Int(most), JSONValue.maximumInteger)
                return Int64(try reader.integer(in: -most...most))
            }
            return try reader.parsed(as: "a decimal number in quotes, of no more digits than the format has") { text in
                NumberText.units(of: text, fractionDigits: digits).flatMap { $0.magnitude <= most ? $0 : nil }
            }
        }
        let minimum = try bound(object.optional("minimum"), -most)
        let maximum = try bound(object.optional("maximum"), most)
        guard minimum <= maximum else {
            throw .wrongForm(path, expected: "a minimum that is no more than the maximum")
        }
        return .number(NumberBounds(minimum: minimum, maximum: maximum, fractionDigits: digits))
    }

    static func date(_ object: inout JSONObjectReader) throws(JSONShapeError) -> ValueKind {
        let path = object.path
        func bound(_ reader: JSONReader?, _ otherwise: Int64) throws(JSONShapeError) -> Int64 {
            guard let reader else { return otherwise }
            return try reader.parsed(as: "a date such as 2026-01-31") { DateText.day(of: Array($0.utf8).span) }
        }
        let minimum = try bound(object.optional("minimum"), DateText.all.lowerBound)
        let maximum = try bound(object.optional("maximum"), DateText.all.upperBound)
        guard minimum <= maximum else {
            throw .wrongForm(path, expected: "a minimum that is no later than the maximum")
        }
        return .date(minimum...maximum)
    }

    /// The words that a text is one of, or the characters that it is made of.
    ///
    /// - Parameters:
    ///   - list: the key of the words.
    ///   - maximum: the key of the most characters.
    static func text(
        _ object: inout JSONObjectReader, list: String, maximum: String
    ) throws(JSONShapeError) -> ValueKind {
        if let reader = object.optional(list) { return .words(try words(reader)) }
        return .text(
            TextBounds(
                maximumCharacters: try object.integer(maximum, in: 1...TextBounds.largestMaximum),
                characters: try object.choice("characters", of: Characters.self)))
    }

    static let maximumWordCount = 1000
    static let maximumWordCharacters = 200

    private static func words(_ reader: JSONReader) throws(JSONShapeError) -> [String] {
        let readers = try reader.array(maximumCount: maximumWordCount)
        guard !readers.isEmpty else { throw .wrongForm(reader.path, expected: "at least one value") }
        var words: [String] = []
        for reader in readers { words.append(try reader.visibleText(maximumCharacters: maximumWordCharacters)) }
        words.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        for (one, next) in zip(words, words.dropFirst()) where one.hasSameBytes(as: next) {
            throw .wrongForm(reader.path, expected: "no value twice")
        }
        return words
    }
}

extension JSONReader {
    /// Text of one line that people see as it is.
    func visibleText(maximumCharacters: Int) throws(JSONShapeError) -> String {
        try parsed(as: "1 to \(maximumCharacters) visible characters") { text in
            let count = Characters.unicode.count(in: Array(text.utf8).span)
            guard let count, (1...maximumCharacters).contains(count) else { return nil }
            return text
        }
    }
}
