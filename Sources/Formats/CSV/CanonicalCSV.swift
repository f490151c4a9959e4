extension CSVFormat {
    /// Whether `bytes` are a released table: each row read, held against the rules, written again and compared.
    ///
    /// It shares the reader with the gate, and none of what the gate decides: no row is dropped, sorted or changed
    /// here.
    func requireCanonical(_ bytes: [UInt8], under rules: OutputRules) throws(Misfit) {
        // Rows of a complete table may have been dropped.
        let table = try CSVFormat(self, isComplete: isComplete && rules.minimumGroup == nil).table(bytes)
        guard bytes.starts(with: table.header) else { throw .notCanonical(row: 0) }
        let released = columns.indices.map { rules.released($0, in: self) }
        var offset = table.header.count
        var line: [UInt8] = []
        for row in 0..<table.rowCount {
            for column in columns.indices {
                let cell = table.cells[row * table.columnCount + column]
                guard let numbers = released[column] else { continue }
                let isAllowedEmpty = cell == CellCoder.empty && rules.minimumGroup?.column != column
                guard isAllowedEmpty || numbers.contains(cell) else { throw .notCanonical(row: row + 1) }
            }
            line.removeAll(keepingCapacity: true)
            table.append(row, to: &line)
            guard bytes[offset...].starts(with: line) else { throw .notCanonical(row: row + 1) }
            offset += line.count
            if order == .sorted, row > 0, table.precedes(row, row - 1) { throw .notCanonical(row: row + 1) }
        }
        guard offset == bytes.count else { throw .notCanonical(row: table.rowCount + 1) }
        // Of a complete table rows may have been dropped, yet no combination stands twice.
        guard !isComplete || table.keys().count == table.rowCount else { throw .notCanonical(row: table.rowCount) }
    }
}
