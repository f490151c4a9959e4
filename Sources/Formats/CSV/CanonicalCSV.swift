extension CSVFormat {
    /// Whether `bytes` are a released table: each row read, held against the rules, written again and compared.
    ///
    /// It shares the reader with the gate, and none of what the gate decides: no row is dropped, sorted or changed
    /// here.
    func requireCanonical(_ bytes: [UInt8], under rules: OutputRules) throws(Misfit) {
        let header = header
        guard bytes.starts(with: header) else { throw .notCanonical(row: 0) }
        var (text, offset, rowCount) = ([UInt8](), header.count, 0)
        var last: CSVTable?
        try read(bytes, mayLackRows: canDrop(under: rules)) { rows throws(Misfit) in
            text.removeAll(keepingCapacity: true)
            rows.write(to: &text)
            if let difference = text.span.firstDifference(from: bytes.span, at: offset) {
                // Up to there the rows are as they should be, and no cell has a line feed.
                throw .notCanonical(row: rowCount + 1 + text[..<difference].count { $0 == 0x0A })
            }
            if let row = rows.firstUnreleased(under: rules) { throw .notCanonical(row: rowCount + 1 + row) }
            if order == .sorted, let row = rows.firstUnsorted(after: last) {
                throw .notCanonical(row: rowCount + 1 + row)
            }
            offset += text.count
            rowCount += rows.rowCount
            if order == .sorted { last = rows }
        }
        guard offset == bytes.count else { throw .notCanonical(row: rowCount + 1) }
    }
}

extension CSVTable {
    /// The first row that has a number which the rules do not leave.
    fileprivate func firstUnreleased(under rules: OutputRules) -> Int? {
        columns.indices.compactMap { column -> Int? in
            guard let numbers = rules.released(column, in: format) else { return nil }
            let canBeEmpty = rules.minimumGroup?.column != column
            return columns[column].firstIndex { $0 == CellCoder.empty ? !canBeEmpty : !numbers.contains($0) }
        }.min()
    }

    /// The first row that stands before the one which comes before it: in `rows` the last one does.
    fileprivate func firstUnsorted(after rows: CSVTable?) -> Int? {
        if let rows, rows.rowCount > 0, row(0, precedes: rows.rowCount - 1, of: rows) { return 0 }
        for row in 0..<rowCount where row > 0 && precedes(row, row - 1) { return row }
        return nil
    }
}

extension Span<UInt8> {
    /// Where another text, from `offset` on, is no longer the same; `nil` where it holds all of this.
    fileprivate func firstDifference(from other: Span<UInt8>, at offset: Int) -> Int? {
        guard offset <= other.count else { return 0 }
        let other = other.extracting(offset..<Swift.min(offset + count, other.count))
        for index in other.indices where self[index] != other[index] { return index }
        return other.count < count ? other.count : nil
    }
}
