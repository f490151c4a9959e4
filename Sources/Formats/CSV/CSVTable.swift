/// A table of one format, or some of its rows: every cell is one of its column's.
struct CSVTable: Sendable {
    let format: CSVFormat
    let coders: [CellCoder]
    let words: WordList
    /// The cells of each column.
    var columns: [[Int64]]
    private(set) var rowCount = 0
    /// The file, or the piece of it, where the texts stand.
    private(set) var texts: [UInt8] = []

    init(_ format: CSVFormat) {
        self.format = format
        var words = WordList()
        coders = format.columns.map { CellCoder($0, words: &words) }
        self.words = words
        columns = [[Int64]](repeating: [], count: coders.count)
    }

    /// - Parameters:
    ///   - columns: of one length; each cell is one of its column's.
    ///   - texts: where texts stand, their quotation marks doubled.
    init(_ format: CSVFormat, columns: [[Int64]], texts: [UInt8]) {
        self.init(format)
        self.columns = columns
        self.texts = texts
        rowCount = columns[0].count
    }

    mutating func removeAll() {
        for index in columns.indices { columns[index].removeAll(keepingCapacity: true) }
        rowCount = 0
    }

    /// Makes room for a file's rows: each has a line end, and one byte a cell for what separates them.
    mutating func reserve(for content: [UInt8]) {
        var lineFeedCount = 0
        let bytes = content.span
        for index in bytes.indices where bytes[index] == 0x0A { lineFeedCount += 1 }
        let rowCount = min(lineFeedCount, format.maximumRows, content.count / columns.count)
        for index in columns.indices { columns[index].reserveCapacity(rowCount) }
    }

    /// Adds rows that a file has next.
    ///
    /// - Parameter positions: for each column, the file's.
    mutating func append(_ rows: CSVRows, _ positions: [Int]) throws(Misfit) {
        texts = rows.bytes
        let first = rows.row - rows.fieldCount / positions.count + 1
        // Of the rows with a fault the first is told, and there the first column.
        var end = rows.fieldCount / positions.count
        var fault: Misfit?
        for (index, column) in format.columns.enumerated() {
            let place = FieldPlace(position: positions[index], columnCount: positions.count, rowCount: end)
            let count = coders[index].decode(rows, place, words: words, into: &columns[index])
            guard count < end else { continue }
            fault = .cell(row: first + count, column: column.name, expected: column.expectation)
            end = count
        }
        if let fault { throw fault }
        rowCount += end
    }

    /// Adds rows of the same file.
    mutating func append(_ rows: CSVTable) {
        texts = rows.texts
        for index in columns.indices { columns[index] += rows.columns[index] }
        rowCount += rows.rowCount
    }

    /// The combinations of words that the rows of a complete table have, each as a number.
    var combinations: [Int] {
        var combinations = [Int](repeating: 0, count: rowCount)
        for (column, coder) in coders.enumerated() {
            guard case .words(let words) = coder.kind else { continue }
            // Each word is a digit, in a base of its own. An empty cell is a word too.
            let base = words.count + (coder.isOptional ? 1 : 0)
            for (row, cell) in columns[column].enumerated() {
                combinations[row] = combinations[row] * base + (cell == CellCoder.empty ? words.count : Int(cell))
            }
        }
        return combinations
    }

    /// Puts the rows at these places, in this order, and leaves the others out.
    mutating func select(_ rows: [Int]) {
        for index in columns.indices {
            let column = columns[index]
            columns[index] = [Int64](capacity: rows.count) { output in
                for row in rows { output.append(column[row]) }
            }
        }
        rowCount = rows.count
    }

    /// Whether a row stands before another: by the first column in which they differ, empty cells first, numbers and
    /// days by value, false before true, words and texts by their bytes.
    func precedes(_ row: Int, _ other: Int) -> Bool {
        self.row(row, precedes: other, of: self)
    }

    /// The same for a row of another part of the table.
    func row(_ row: Int, precedes other: Int, of table: CSVTable) -> Bool {
        for column in columns.indices {
            let (one, two) = (columns[column][row], table.columns[column][other])
            guard one != CellCoder.empty, two != CellCoder.empty, coders[column].isText else {
                if one == two { continue }
                return one < two
            }
            // A doubled quotation mark changes nothing in the order of texts.
            let left = texts.span.extracting(TextPlace(packed: one).range)
            let right = table.texts.span.extracting(TextPlace(packed: two).range)
            for index in 0..<min(left.count, right.count) where left[index] != right[index] {
                return left[index] < right[index]
            }
            if left.count != right.count { return left.count < right.count }
        }
        return false
    }
}
