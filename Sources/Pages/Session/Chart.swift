internal import Commitments
internal import Formats

/// Bars for one column of numbers.
struct Chart {
    struct Bar {
        let label: String
        let text: String
        let value: Double
    }

    let title: String
    let bars: [Bar]

    static let maximumColumnCount = 4
    private static let maximumBarCount = 30
    private static let maximumLabelLength = 22
    private static let labelWidth = 180, width = 320, rowHeight = 24, valueWidth = 170

    /// - Returns: `nil` where the column has no number among the first rows.
    init?(_ table: TableExcerpt, column: Int) {
        let labels = table.columns.indices.filter { index in
            if case .number = table.columns[index].kind { false } else { true }
        }
        var bars: [Bar] = []
        for (index, row) in table.rows.prefix(Self.maximumBarCount).enumerated() {
            guard let value = Double(row[column]), value.isFinite else { continue }
            let label = labels.isEmpty ? "row \(index + 1)" : labels.map { row[$0] }.joined(separator: ", ")
            bars.append(Bar(label: label, text: row[column], value: value))
        }
        guard !bars.isEmpty else { return nil }
        self.bars = bars
        let isPart = table.rowCount > Self.maximumBarCount
        title =
            "\(table.columns[column].name), \(isPart ? "the first \(Self.maximumBarCount) rows" : "each row")"
    }

    /// What it looks like. Everything that it shows stands in the table too.
    func drawing(_ identifier: String) -> HTML {
        let least = min(0, bars.map(\.value).min() ?? 0)
        let most = max(0, bars.map(\.value).max() ?? 0)
        // Both ends are finite and far from the largest: numbers of a table have at most 18 digits.
        let scale = most > least ? Double(Self.width) / (most - least) : 0
        func x(_ value: Double) -> Int { Self.labelWidth + Int(((value - least) * scale).rounded()) }
        let height = bars.count * Self.rowHeight + 4
        let pieces = bars.enumerated().map { index, bar -> HTML in
            let y = index * Self.rowHeight + 4
            let (start, end) = (min(x(0), x(bar.value)), max(x(0), x(bar.value)))
            let shape = "M\(start) \(y)H\(max(end, start + 1))V\(y + Self.rowHeight - 6)H\(start)Z"
            return .pieces([
                text(short(bar.label), 0, y + 14), .tag("path", nil, [.init("d", shape)]),
                text(bar.text, Self.labelWidth + Self.width + 8, y + 14),
            ])
        }
        let width = Self.labelWidth + Self.width + Self.valueWidth
        return .element(
            "svg",
            [
                .init("class", "bars"), .init("width", "\(width)"), .init("height", "\(height)"),
                .init("viewBox", "0 0 \(width) \(height)"), .init("role", "img"),
                .init("aria-labelledby", "\(identifier)-title"),
            ],
            [.tag("title", nil, [.init("id", "\(identifier)-title")], [.text(title)])] + pieces)
    }

    private func text(_ text: String, _ x: Int, _ y: Int) -> HTML {
        .tag("text", nil, [.init("x", "\(x)"), .init("y", "\(y)")], [.text(text)])
    }

    private func short(_ label: String) -> String {
        label.count <= Self.maximumLabelLength ? label : label.prefix(Self.maximumLabelLength - 1) + "…"
    }
}

extension HTML {
    /// A chart for each of the first columns with numbers.
    static func charts(_ table: TableExcerpt, _ name: String, _ identifier: String) -> [HTML] {
        let numbers = table.columns.indices.filter { index in
            if case .number = table.columns[index].kind { true } else { false }
        }
        return numbers.prefix(Chart.maximumColumnCount).compactMap { column in
            Chart(table, column: column).map { chart in
                .wide("A chart of \(name): \(chart.title)", [chart.drawing("\(identifier)-\(column)")])
            }
        }
    }
}
