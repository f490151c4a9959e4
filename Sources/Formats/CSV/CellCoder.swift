/// One column's cells between text and numbers. A table keeps a cell in 64 bits: a number's units, a day, zero or one,
/// the index of a word, or where a text stands.
///
/// A class, since a value of so many parts costs more to pass on than a cell to read.
final class CellCoder: Sendable {
    /// An empty cell. No other cell has this value, and it is the least.
    static let empty = Int64.min

    let column: CSVFormat.Column
    private let words: [[UInt8]]
    /// In quotation marks where they need them.
    private let writtenWords: [[UInt8]]

    init(_ column: CSVFormat.Column) {
        self.column = column
        if case .words(let words) = column.kind { self.words = words.map { Array($0.utf8) } } else { words = [] }
        writtenWords = words.map { word in
            var written: [UInt8] = []
            CellCoder.append(word[...], to: &written)
            return written
        }
    }

    /// Reads a cell.
    ///
    /// - Parameters:
    ///   - arena: where the bytes of texts are kept.
    /// - Returns: `nil` where it is none of the column's cells.
    func decode(_ text: Span<UInt8>, arena: inout [UInt8]) -> Int64? {
        guard text.count > 0 else { return column.isOptional ? CellCoder.empty : nil }
        switch column.kind {
        case .number(let bounds):
            let isWhole = bounds.fractionDigits == 0
            let units = NumberText.units(of: text, fractionDigits: bounds.fractionDigits, isExact: isWhole)
            guard let units, (bounds.minimum...bounds.maximum).contains(units) else { return nil }
            return units
        case .date(let days):
            guard let day = DateText.day(of: text), days.contains(day) else { return nil }
            return day
        case .boolean: return CellCoder.boolean(text)
        case .words: return word(text)
        case .text(let bounds):
            guard text.count <= 4 * bounds.maximumCharacters, let count = bounds.characters.count(in: text),
                count <= bounds.maximumCharacters
            else { return nil }
            let place = TextPlace(start: arena.count, count: text.count)
            for index in 0..<text.count { arena.append(text[index]) }
            return place.packed
        }
    }

    /// Writes a cell in its one form.
    func append(_ cell: Int64, from arena: [UInt8], to bytes: inout [UInt8]) {
        guard cell != CellCoder.empty else { return }
        switch column.kind {
        case .number(let bounds): NumberText.append(cell, fractionDigits: bounds.fractionDigits, to: &bytes)
        case .date: DateText.append(cell, to: &bytes)
        case .boolean: bytes += cell == 0 ? "false".utf8 : "true".utf8
        case .words: bytes += writtenWords[Int(cell)]
        case .text: CellCoder.append(arena[TextPlace(packed: cell).range], to: &bytes)
        }
    }

    /// In quotation marks only where a comma or a quotation mark demands it.
    static func append(_ text: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
        var needsQuotes = false
        for byte in text where byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") { needsQuotes = true }
        guard needsQuotes else {
            bytes += text
            return
        }
        bytes.append(UInt8(ascii: "\""))
        for byte in text {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// As Python, SQL and C write them.
    private static let booleans: [(spelling: [UInt8], value: Int64)] = [
        (Array("false".utf8), 0), (Array("true".utf8), 1), (Array("False".utf8), 0), (Array("True".utf8), 1),
        (Array("FALSE".utf8), 0), (Array("TRUE".utf8), 1),
    ]

    static func boolean(_ text: Span<UInt8>) -> Int64? {
        guard text.count == 4 || text.count == 5 else { return nil }
        for (spelling, value) in booleans where text.isEqual(to: spelling) { return value }
        return nil
    }

    private func word(_ text: Span<UInt8>) -> Int64? {
        var low = 0
        var high = words.count
        while low < high {
            let middle = (low + high) / 2
            if text.follows(words[middle]) { low = middle + 1 } else { high = middle }
        }
        return low < words.count && text.isEqual(to: words[low]) ? Int64(low) : nil
    }

    /// What a cell must be, for people.
    var expectation: String {
        let otherwise = column.isOptional ? ", or nothing" : ""
        switch column.kind {
        case .number(let bounds):
            let kind = bounds.fractionDigits == 0 ? "a whole number" : "a number"
            return "\(kind) from \(bounds.text(bounds.minimum)) to \(bounds.text(bounds.maximum))\(otherwise)"
        case .date(let days):
            return "a date from \(DateText.text(days.lowerBound)) to \(DateText.text(days.upperBound))\(otherwise)"
        case .boolean: return "true or false\(otherwise)"
        case .words(let words): return "one of the \(words.count) values of the format\(otherwise)"
        case .text(let bounds):
            return "1 to \(bounds.maximumCharacters) characters of \(bounds.characters.rawValue)\(otherwise)"
        }
    }

    /// The most bytes that a cell of the code may have, its quotation marks among them.
    var maximumByteCount: Int {
        switch column.kind {
        case .number: NumberText.maximumByteCount + 2
        case .date: DateText.byteCount + 2
        case .boolean: 5 + 2
        case .words: 2 * (words.map(\.count).max() ?? 0) + 2
        case .text(let bounds): 8 * bounds.maximumCharacters + 2
        }
    }
}

/// Where a text stands among the texts of its table: 47 bits of offset, 16 of count.
struct TextPlace {
    let start: Int
    let count: Int

    init(start: Int, count: Int) {
        self.start = start
        self.count = count
    }

    init(packed: Int64) {
        start = Int(packed >> 16)
        count = Int(packed & 0xFFFF)
    }

    /// 10,000 characters have at most 40,000 bytes, and no memory holds 2^47.
    var packed: Int64 { Int64(start) << 16 | Int64(count) }

    var range: Range<Int> { start..<start + count }
}

extension Span<UInt8> {
    func isEqual(to bytes: [UInt8]) -> Bool {
        guard count == bytes.count else { return false }
        for index in 0..<count where self[index] != bytes[index] { return false }
        return true
    }

    /// Whether this comes after `bytes` in the order of bytes.
    func follows(_ bytes: [UInt8]) -> Bool {
        for index in 0..<Swift.min(count, bytes.count) where self[index] != bytes[index] {
            return self[index] > bytes[index]
        }
        return count > bytes.count
    }
}
