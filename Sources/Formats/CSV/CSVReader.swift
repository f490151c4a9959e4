internal import Primitives

/// Reads comma-separated values of one format, in pieces, and keeps no more than the format bounds.
///
///     var reader = CSVReader(format)
///     try reader.take(piece)
///     let table = try reader.finish()
struct CSVReader {
    private var table: CSVTable
    private let coders: [CellCoder]
    private var rows: CSVRows
    /// For each column of the file, the format's. Empty until the header has come.
    private var positions: [Int] = []
    /// Where rows are looked at and not kept.
    private let isKeeping: Bool
    private var rowCount = 0

    /// - Parameter isKeeping: whether ``finish()`` gives the rows, or only the knowledge that they fit.
    init(_ format: CSVFormat, isKeeping: Bool = true) {
        table = CSVTable(format)
        coders = table.coders
        // The keys of a complete table are compared in the end.
        self.isKeeping = isKeeping || format.isComplete
        let cells = table.coders.reduce(0) { $0 + $1.maximumByteCount + 1 }
        let header = format.columns.reduce(0) { $0 + 2 * $1.name.utf8.count + 3 }
        rows = CSVRows(maximumFieldCount: format.columns.count, maximumRowByteCount: max(cells, header) + 2)
    }

    mutating func take(_ piece: [UInt8]) throws(Misfit) {
        try rows.append(piece)
        try read(isLast: false)
    }

    mutating func finish() throws(Misfit) -> CSVTable {
        try read(isLast: true)
        guard !positions.isEmpty else { throw .missingHeader }
        try requireCombinations()
        return table
    }

    private mutating func read(isLast: Bool) throws(Misfit) {
        while try rows.next(isLast: isLast) {
            if positions.isEmpty { positions = try header() } else { try row() }
        }
    }

    private func header() throws(Misfit) -> [Int] {
        let columns = table.format.columns
        var positions: [Int] = []
        for (index, name) in try rows.names().enumerated() {
            guard let position = columns.firstIndex(where: { $0.name.hasSameBytes(as: name) }) else {
                throw .unknownColumn(position: index + 1)
            }
            guard !positions.contains(position) else { throw .repeatedColumn(columns[position].name) }
            positions.append(position)
        }
        for (index, column) in columns.enumerated() where !positions.contains(index) {
            throw .missingColumn(column.name)
        }
        return positions
    }

    private mutating func row() throws(Misfit) {
        let fields = rows.fields
        guard fields.count == positions.count else {
            throw .cellCount(row: rows.row, expected: positions.count, found: fields.count)
        }
        rowCount += 1
        guard rowCount <= table.format.maximumRows else { throw .tooManyRows(maximum: table.format.maximumRows) }
        if !isKeeping { table.removeAll() }
        let start = table.cells.count
        let bytes = rows.bytes
        for _ in positions { table.cells.append(CellCoder.empty) }
        for (index, position) in positions.enumerated() {
            let field = fields[index]
            let coder = coders[position]
            let cell: Int64?
            if field.isEscaped {
                let text = rows.content(field)
                cell = coder.decode(text.span, arena: &table.arena)
            } else {
                cell = coder.decode(bytes.span.extracting(field.start..<field.end), arena: &table.arena)
            }
            guard let cell else {
                throw .cell(row: rows.row, column: coder.column.name, expected: coder.expectation)
            }
            table.cells[start + position] = cell
        }
    }

    /// In a complete table, a row for each combination of the columns with words.
    private func requireCombinations() throws(Misfit) {
        guard table.format.isComplete, let expected = table.format.combinationCount else { return }
        let found = table.keys()
        guard found.count == expected, table.rowCount == expected else {
            throw .combinations(expected: expected, found: found.count)
        }
    }
}

extension CSVFormat {
    /// Reads a file that is in memory, in pieces that stay in the processor's cache.
    func table(_ content: [UInt8]) throws(Misfit) -> CSVTable {
        var reader = CSVReader(self)
        let step = 1 << 18
        for start in stride(from: 0, to: content.count, by: step) {
            try reader.take(Array(content[start..<min(start + step, content.count)]))
        }
        return try reader.finish()
    }
}
