/// A made-up file of a format, for those who write code for data that they may not see.
///
/// It says nothing but what the format says. It is drawn from a seed, and the same for the same seed.
public struct StandIn: Equatable, Sendable {
    /// The file, in the one form that a gate writes.
    public let bytes: [UInt8]

    /// How many rows, lines or items there are unless the caller asks for another count.
    public static let usualRowCount = 100

    /// Draws a file.
    ///
    /// - Parameters:
    ///   - format: what the file is.
    ///   - seed: the same seed gives the same file.
    ///   - rowCount: of a table's rows, a text's lines, or the items of each JSON list that stands in no other; no more
    ///     than the format allows. A complete table has a row for each combination, whatever this says.
    /// - Returns: `nil` for a format that allows anything: nothing is known of its files.
    public init?(_ format: Format, seed: UInt64, rowCount: Int = usualRowCount) {
        precondition(rowCount >= 0, "a file has no negative number of rows")
        var values = StandInValues(seed: seed)
        switch format {
        case .any: return nil
        case .csv(let table): bytes = table.standIn(&values, rowCount: rowCount)
        case .json(let shape): bytes = shape.standIn(&values, itemCount: rowCount)
        case .text(let text): bytes = text.standIn(&values, lineCount: rowCount)
        }
    }
}

extension CSVFormat {
    fileprivate func standIn(_ values: inout StandInValues, rowCount: Int) -> [UInt8] {
        let combinationCount = isComplete ? combinationCount : nil
        let rowCount = combinationCount ?? min(rowCount, maximumRows)
        var texts: [UInt8] = []
        // How many rows have the same word before the next has its turn.
        var turn = 1
        let cells = columns.map { column in
            if combinationCount != nil, case .words(let words) = column.kind {
                let count = words.count + (column.isOptional ? 1 : 0)
                defer { turn *= count }
                return (0..<rowCount).map { row in
                    let word = row / turn % count
                    return word < words.count ? Int64(word) : CellCoder.empty
                }
            }
            return (0..<rowCount).map { _ in values.cell(of: column, texts: &texts) }
        }
        var table = CSVTable(self, columns: cells, texts: texts)
        if order == .sorted { table.sort() }
        var bytes = header
        table.write(to: &bytes)
        return bytes
    }
}

extension StandInValues {
    /// One optional cell in so many is empty.
    private static let rarity: UInt64 = 8

    fileprivate mutating func cell(of column: CSVFormat.Column, texts: inout [UInt8]) -> Int64 {
        if column.isOptional, next(below: Self.rarity) == 0 { return CellCoder.empty }
        switch column.kind {
        case .number(let bounds): return number(bounds)
        case .date(let days): return day(days)
        case .boolean: return Int64(next(below: 2))
        case .words(let words): return Int64(next(below: UInt64(words.count)))
        case .text(let bounds):
            let text = CellCoder.doubled(text(bounds.characters, atMost: bounds.maximumCharacters))
            defer { texts += text }
            return TextPlace(start: texts.count, count: text.count).packed
        }
    }
}

extension TextFormat {
    /// As many characters as a line of prose has.
    private static let usualLineCharacters = 60

    fileprivate func standIn(_ values: inout StandInValues, lineCount: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var room = maximumCharacters
        let longest = min(maximumLineCharacters ?? Self.usualLineCharacters, Self.usualLineCharacters)
        for _ in 0..<lineCount where room > 0 {
            let line = values.text(characters, atMost: min(longest, room))
            bytes += line.utf8
            room -= line.unicodeScalars.count
            guard room > 0 else { break }
            bytes.append(0x0A)
            room -= 1
        }
        return bytes
    }
}
