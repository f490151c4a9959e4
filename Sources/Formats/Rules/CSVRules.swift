// What the rules do to a table, and which tables they leave.

extension CSVTable {
    /// Applies the rules in their order, and puts the rows in the format's.
    ///
    /// Noise is drawn row by row. Sorted tables are sorted before it, so that whoever writes the rows cannot choose
    /// which noise falls on which.
    mutating func apply(_ rules: OutputRules, key: NoiseKey?) -> GateReport {
        let isSorted = format.order == .sorted
        if isSorted { sort() }
        var report = GateReport(rows: rowCount)
        if let key { report.noisedCells = addNoise(rules.noise, key) }
        if let group = rules.minimumGroup {
            keepRows { row in row[row.startIndex + group.column] >= group.atLeast }
            report.droppedRows = report.rows - rowCount
        }
        for rule in rules.rounding { report.roundedCells += round(rule) }
        if isSorted { sort() }
        return report
    }

    private mutating func addNoise(_ rules: [OutputRules.Noise], _ key: NoiseKey) -> Int {
        for rule in rules {
            guard case .number(let bounds) = format.columns[rule.column].kind else { continue }
            var stream = key.stream(ofColumn: format.columns[rule.column].name)
            let distribution = DiscreteLaplace(scale: rule.scale)
            for index in stride(from: rule.column, to: cells.count, by: columnCount) {
                // Both are below 2 * 10^18, so the sum fits.
                let noised = cells[index] + distribution.draw(from: &stream)
                cells[index] = min(max(noised, bounds.minimum), bounds.maximum)
            }
        }
        return rules.count * rowCount
    }

    private mutating func round(_ rule: OutputRules.Rounding) -> Int {
        guard case .number(let bounds) = format.columns[rule.column].kind else { return 0 }
        var count = 0
        for index in stride(from: rule.column, to: cells.count, by: columnCount) where cells[index] != CellCoder.empty {
            guard let rounded = rule.rounded(cells[index], within: bounds), rounded != cells[index] else { continue }
            cells[index] = rounded
            count += 1
        }
        return count
    }
}

extension CSVFormat {
    /// How many released tables there are under the rules.
    func count(under rules: OutputRules) -> Count {
        let canDrop = rules.minimumGroup != nil
        func cells(_ index: Int) -> Count {
            guard let numbers = rules.released(index, in: self) else { return columns[index].count }
            // A rule of the smallest group drops rows whose cell is empty.
            let canBeEmpty = columns[index].isOptional && rules.minimumGroup?.column != index
            return canBeEmpty ? Count(numbers.count) + Count(1) : Count(numbers.count)
        }
        if let combinations = combinationCount, isComplete {
            let values = columns.indices.filter { !columns[$0].isKey }.reduce(Count(1)) { $0 * cells($1) }
            return (canDrop ? values + Count(1) : values).power(combinations)
        }
        let row = columns.indices.reduce(Count(1)) { $0 * cells($1) }
        return order == .sorted ? row.multisets(atMost: maximumRows) : row.sequences(atMost: maximumRows)
    }
}
