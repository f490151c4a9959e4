// What the rules do to a table, and which tables they leave.

extension CSVFormat {
    /// Reads a table, applies the rules, and writes it in its one form.
    ///
    /// Sorted tables are sorted before noise is added too, so that whoever writes the rows cannot choose which noise
    /// falls on which. Rows that keep their order are not kept in memory.
    func release(
        _ content: [UInt8], under rules: OutputRules, noise key: NoiseKey?
    ) throws(Misfit) -> (bytes: [UInt8], report: GateReport) {
        var application = RuleApplication(rules, of: self, noise: key)
        var bytes = header
        bytes.reserveCapacity(content.count)
        switch order {
        case .kept:
            try read(content) { rows in
                application.apply(to: &rows)
                rows.write(to: &bytes)
            }
        case .sorted:
            var table = try table(content)
            table.sort()
            application.apply(to: &table)
            if !rules.isEmpty { table.sort() }
            table.write(to: &bytes)
        }
        return (bytes, application.report)
    }
}

/// The rules on their way through a table.
private struct RuleApplication {
    private let rules: OutputRules
    /// Where each rule of noise draws.
    private var streams: [NoiseStream]
    private(set) var report = GateReport()

    /// - Parameter key: `nil` for no noise.
    init(_ rules: OutputRules, of format: CSVFormat, noise key: NoiseKey?) {
        self.rules = rules
        streams = key.map { key in rules.noise.map { key.stream(ofColumn: format.columns[$0.column].name) } } ?? []
    }

    /// Applies the rules in their order to the next rows.
    mutating func apply(to rows: inout CSVTable) {
        report.rows += rows.rowCount
        for index in streams.indices { addNoise(index, to: &rows) }
        if let group = rules.minimumGroup {
            let count = rows.rowCount
            let column = rows.columns[group.column]
            let kept = (0..<count).filter { column[$0] >= group.atLeast }
            if kept.count < count { rows.select(kept) }
            report.droppedRows += count - kept.count
        }
        for rule in rules.rounding { round(rule, &rows) }
    }

    private mutating func addNoise(_ index: Int, to rows: inout CSVTable) {
        let rule = rules.noise[index]
        guard case .number(let bounds) = rows.format.columns[rule.column].kind else { return }
        let distribution = DiscreteLaplace(scale: rule.scale)
        rows.columns[rule.column] = rows.columns[rule.column].map { cell in
            // Both are below 2 * 10^18, so the sum fits.
            min(max(cell + distribution.draw(from: &streams[index]), bounds.minimum), bounds.maximum)
        }
        report.noisedCells += rows.rowCount
    }

    private mutating func round(_ rule: OutputRules.Rounding, _ rows: inout CSVTable) {
        guard case .number(let bounds) = rows.format.columns[rule.column].kind else { return }
        rows.columns[rule.column] = rows.columns[rule.column].map { cell in
            guard cell != CellCoder.empty, let rounded = rule.rounded(cell, within: bounds) else { return cell }
            if rounded != cell { report.roundedCells += 1 }
            return rounded
        }
    }
}

extension CSVFormat {
    /// Whether there are rows that the rules drop.
    func canDrop(under rules: OutputRules) -> Bool {
        guard let group = rules.minimumGroup, case .number(let bounds) = columns[group.column].kind else {
            return false
        }
        return bounds.minimum < group.atLeast || columns[group.column].isOptional
    }

    /// How many released tables there are under the rules.
    func count(under rules: OutputRules) -> Count {
        func cells(_ index: Int) -> Count {
            guard let numbers = rules.released(index, in: self) else { return columns[index].count }
            // A rule of the smallest group drops rows whose cell is empty.
            let canBeEmpty = columns[index].isOptional && rules.minimumGroup?.column != index
            return canBeEmpty ? Count(numbers.count) + Count(1) : Count(numbers.count)
        }
        if let combinations = combinationCount, isComplete {
            let values = columns.indices.filter { !columns[$0].isKey }.reduce(Count(1)) { $0 * cells($1) }
            return (canDrop(under: rules) ? values + Count(1) : values).power(combinations)
        }
        let row = columns.indices.reduce(Count(1)) { $0 * cells($1) }
        return order == .sorted ? row.multisets(atMost: maximumRows) : row.sequences(atMost: maximumRows)
    }
}
