internal import Primitives

/// Reads comma-separated values of one format, in pieces, and keeps no more than the format bounds.
///
///     var reader = CSVReader(format)
///     try reader.take(piece) { rows in … }
///     try reader.finish { rows in … }
struct CSVReader: Sendable {
    /// Takes rows that fit. They are a table like the whole one, in the order in which they stand in the file.
    typealias Taker = (inout CSVTable) throws(Misfit) -> Void

    private var table: CSVTable
    private var rows: CSVRows
    /// For each column of the format, the file's. Empty until the header has come.
    private var positions: [Int] = []
    /// Of a complete table, those that came.
    private var combinations: Set<Int> = []
    private var rowCount = 0
    private let mayLackRows: Bool

    /// - Parameter mayLackRows: whether rows of a complete table may have been dropped.
    init(_ format: CSVFormat, mayLackRows: Bool = false) {
        table = CSVTable(format)
        self.mayLackRows = mayLackRows
        let cells = format.columns.reduce(0) { $0 + $1.maximumByteCount + 1 }
        let header = format.columns.reduce(0) { $0 + 2 * $1.name.utf8.count + 3 }
        rows = CSVRows(maximumFieldCount: format.columns.count, maximumRowByteCount: max(cells, header) + 2)
    }

    mutating func take(_ piece: [UInt8], _ taker: Taker) throws(Misfit) {
        try rows.append(piece)
        try read(isLast: false, taker)
    }

    /// Says that no piece follows.
    mutating func finish(_ taker: Taker) throws(Misfit) {
        try read(isLast: true, taker)
        guard !positions.isEmpty else { throw .missingHeader }
        guard table.format.isComplete, let expected = table.format.combinationCount else { return }
        guard combinations.count == rowCount, mayLackRows || rowCount == expected else {
            throw .combinations(expected: expected, found: combinations.count)
        }
    }

    private mutating func read(isLast: Bool, _ taker: Taker) throws(Misfit) {
        if positions.isEmpty {
            guard try rows.next(1, isLast: isLast) == 1 else { return }
            positions = try header()
            rows.exactFieldCount = positions.count
        }
        while true {
            let count = try rows.next(isLast: isLast)
            guard count > 0 else { return }
            guard count <= table.format.maximumRows - rowCount else {
                throw .tooManyRows(maximum: table.format.maximumRows)
            }
            table.removeAll()
            try table.append(rows, positions)
            rowCount += count
            if table.format.isComplete { combinations.formUnion(table.combinations) }
            try taker(&table)
        }
    }

    private func header() throws(Misfit) -> [Int] {
        let columns = table.format.columns
        var positions = [Int?](repeating: nil, count: columns.count)
        for (position, name) in try rows.names().enumerated() {
            guard let index = columns.firstIndex(where: { $0.name.hasSameBytes(as: name) }) else {
                throw .unknownColumn(position: position + 1)
            }
            guard positions[index] == nil else { throw .repeatedColumn(columns[index].name) }
            positions[index] = position
        }
        var found: [Int] = []
        for (column, position) in zip(columns, positions) {
            guard let position else { throw .missingColumn(column.name) }
            found.append(position)
        }
        return found
    }
}

extension CSVFormat {
    /// Reads a file that is in memory, some rows at a time.
    func read(_ content: [UInt8], mayLackRows: Bool = false, _ taker: CSVReader.Taker) throws(Misfit) {
        var reader = CSVReader(self, mayLackRows: mayLackRows)
        try reader.take(content, taker)
        try reader.finish(taker)
    }

    /// Reads a file that is in memory, and keeps all of its rows.
    func table(_ content: [UInt8]) throws(Misfit) -> CSVTable {
        var table = CSVTable(self)
        table.reserve(for: content)
        try read(content) { rows in table.append(rows) }
        return table
    }
}
