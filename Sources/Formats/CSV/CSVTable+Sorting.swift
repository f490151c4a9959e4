extension CSVTable {
    /// Puts the rows in the order of ``precedes(_:_:)``.
    mutating func sort() {
        guard !isSorted else { return }
        var sorter = RowSorter(self)
        select(sorter.order())
    }

    private var isSorted: Bool {
        for row in 0..<rowCount where row > 0 && precedes(row, row - 1) { return false }
        return true
    }
}
