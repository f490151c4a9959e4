/// The first rows of a table with each cell as text, for people.
public struct TableExcerpt: Equatable, Sendable {
    public let columns: [CSVFormat.Column]
    /// Each has a cell for each column. An empty cell is an empty text.
    public let rows: [[String]]
    /// Of the whole table.
    public let rowCount: Int
}

extension CSVFormat {
    /// Reads a table to its end, and keeps its first rows.
    ///
    /// Rows of a complete table may be missing: a rule may have dropped them.
    /// - Parameters:
    ///   - content: the whole file.
    ///   - maximumRows: how many rows are kept.
    /// - Throws: ``Misfit`` where the content is not of this format.
    public func excerpt(of content: [UInt8], maximumRows: Int) throws(Misfit) -> TableExcerpt {
        var rows: [[String]] = []
        var rowCount = 0
        try read(content, mayLackRows: true) { part throws(Misfit) in
            for row in 0..<max(0, min(part.rowCount, maximumRows - rows.count)) { rows.append(part.cells(of: row)) }
            rowCount += part.rowCount
        }
        return TableExcerpt(columns: columns, rows: rows, rowCount: rowCount)
    }
}

extension CSVTable {
    /// A row's cells as text, without the marks that a file needs.
    fileprivate func cells(of row: Int) -> [String] {
        columns.indices.map { column in
            let (coder, cell) = (coders[column], columns[column][row...row])
            var bytes: [UInt8] = []
            bytes.append(addingCapacity: coder.mostBytes(cell, words: words, texts: texts.span)) { output in
                coder.append(columns[column][row], words: words, texts: texts.span, to: &output)
            }
            return String(decoding: Self.unmarked(bytes), as: UTF8.self)
        }
    }

    private static func unmarked(_ bytes: [UInt8]) -> [UInt8] {
        let mark = UInt8(ascii: "\"")
        guard bytes.count >= 2, bytes.first == mark, bytes.last == mark else { return bytes }
        var content: [UInt8] = []
        var isDoubled = false
        for byte in bytes.dropFirst().dropLast() {
            isDoubled = byte == mark && !isDoubled
            if !isDoubled { content.append(byte) }
        }
        return content
    }
}
