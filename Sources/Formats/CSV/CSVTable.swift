/// A table of one format: every cell is one of its column's.
struct CSVTable {
    let format: CSVFormat
    let coders: [CellCoder]
    /// Row by row, each in the format's order of columns.
    var cells: [Int64] = []
    /// The bytes of texts.
    var arena: [UInt8] = []

    init(_ format: CSVFormat) {
        self.format = format
        coders = format.columns.map(CellCoder.init)
    }

    var columnCount: Int { format.columns.count }
    var rowCount: Int { cells.count / columnCount }

    mutating func removeAll() {
        cells.removeAll(keepingCapacity: true)
        arena.removeAll(keepingCapacity: true)
    }

    /// The combinations of words that rows have, each once.
    func keys() -> Set<[Int64]> {
        let keys = format.columns.indices.filter { format.columns[$0].isKey }
        return Set((0..<rowCount).map { row in keys.map { cells[row * columnCount + $0] } })
    }

    /// Removes the rows that `keep` refuses; the others keep their order.
    mutating func keepRows(where keep: (ArraySlice<Int64>) -> Bool) {
        var kept = 0
        for row in 0..<rowCount where keep(cells[row * columnCount..<(row + 1) * columnCount]) {
            if kept < row {
                for column in 0..<columnCount { cells[kept * columnCount + column] = cells[row * columnCount + column] }
            }
            kept += 1
        }
        cells.removeLast(cells.count - kept * columnCount)
    }

    /// Puts the rows in the order of ``precedes(_:_:)``.
    mutating func sort() {
        guard !isSorted else { return }
        let order = (0..<rowCount).sorted { precedes($0, $1) }
        var sorted: [Int64] = []
        sorted.reserveCapacity(cells.count)
        for row in order { sorted += cells[row * columnCount..<(row + 1) * columnCount] }
        cells = sorted
    }

    private var isSorted: Bool {
        rowCount < 2 || !(1..<rowCount).contains { precedes($0, $0 - 1) }
    }

    /// Whether a row stands before another: by the first column in which they differ, empty cells first, numbers and
    /// days by value, false before true, words and texts by their bytes.
    func precedes(_ row: Int, _ other: Int) -> Bool {
        for column in 0..<columnCount {
            let (one, two) = (cells[row * columnCount + column], cells[other * columnCount + column])
            guard one != two else { continue }
            guard case .text = format.columns[column].kind, one != CellCoder.empty, two != CellCoder.empty else {
                return one < two
            }
            let (left, right) = (arena[TextPlace(packed: one).range], arena[TextPlace(packed: two).range])
            if left.lexicographicallyPrecedes(right) { return true }
            if right.lexicographicallyPrecedes(left) { return false }
        }
        return false
    }

    /// The one text of the table: its header, then its rows, each ended by a line feed.
    var bytes: [UInt8] {
        var bytes = header
        for row in 0..<rowCount { append(row, to: &bytes) }
        return bytes
    }

    var header: [UInt8] {
        var bytes: [UInt8] = []
        for (index, column) in format.columns.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            CellCoder.append(Array(column.name.utf8)[...], to: &bytes)
        }
        bytes.append(0x0A)
        return bytes
    }

    func append(_ row: Int, to bytes: inout [UInt8]) {
        let start = bytes.count
        for column in 0..<columnCount {
            if column > 0 { bytes.append(UInt8(ascii: ",")) }
            coders[column].append(cells[row * columnCount + column], from: arena, to: &bytes)
        }
        // An empty line is no row to many readers.
        if bytes.count == start { bytes += [UInt8(ascii: "\""), UInt8(ascii: "\"")] }
        bytes.append(0x0A)
    }
}
