public import Primitives

/// What a file may be. The same rules hold for data that a participant brings and for outputs that leave.
public enum Format: Equatable, Sendable {
    /// Whatever bytes: nothing is known of it but how large it can be.
    case any
    case csv(CSVFormat)
    case json(JSONFormat)
    case text(TextFormat)

    private enum Kind: String, CaseIterable {
        case csv, json, text
    }

    /// Reads `"any"`, or an object whose `kind` says the rest.
    ///
    /// - Throws: `JSONShapeError` for a key that is not supported: it is refused, never ignored.
    public init(_ reader: JSONReader) throws(JSONShapeError) {
        if reader.isWord("any") {
            self = .any
            return
        }
        var object = try reader.object()
        switch try object.choice("kind", of: Kind.self) {
        case .csv: self = .csv(try CSVFormat(&object))
        case .json: self = .json(try JSONFormat(try object.required("schema")))
        case .text: self = .text(try TextFormat(&object))
        }
        try object.finish()
    }
}

/// Lines of text: UTF-8, each ended by a line feed or by the next line's beginning, of the characters of one set.
public struct TextFormat: Equatable, Sendable {
    /// Line feeds count too.
    public let maximumCharacters: Int
    public let characters: Characters
    /// Characters of the longest line. `nil` where nothing bounds it but the whole.
    public let maximumLineCharacters: Int?

    static let largestMaximum = 1 << 30

    init(_ object: inout JSONObjectReader) throws(JSONShapeError) {
        maximumCharacters = try object.integer("maximumCharacters", in: 1...Self.largestMaximum)
        characters = try object.optional("characters")?.choice(of: Characters.self) ?? .unicode
        maximumLineCharacters = try object.optional("maximumLineCharacters")?.integer(in: 1...Self.largestMaximum)
        try object.finish()
    }

    /// Every list of characters and line feeds that keeps the bound of its lines. Where these are very many, the bound
    /// of lines is left out of account.
    public var count: Count {
        maximumLineCharacters.flatMap(count(lines:))
            ?? Count(UInt64(characters.count + 1)).sequences(atMost: maximumCharacters)
    }

    /// - Returns: `nil` where the count is not exact.
    private func count(lines maximum: Int) -> Count? {
        let character = Count(UInt64(characters.count))
        // Of each length.
        var texts: [Count] = []
        var sum: Count?
        for length in 0...maximumCharacters {
            // The last line has so many characters, and before it stands a text with a line feed more, or nothing.
            let counts = (0...min(maximum, length)).map { last in
                last == length ? character.power(last) : character.power(last) * texts[length - last - 1]
            }
            texts.append(counts.dropFirst().reduce(counts[0], +))
            sum = sum.map { $0 + texts[length] } ?? texts[length]
            guard sum?.exact != nil else { return nil }
        }
        return sum
    }

    /// As ``count``, with the question mark that stands for what the set does not have.
    var countAsLog: Count {
        let others = characters.contains("?") ? 1 : 2
        return Count(UInt64(characters.count + others)).sequences(atMost: maximumCharacters)
    }
}
