extension CSVFormat {
    /// The first line of a released table.
    var header: [UInt8] {
        var bytes: [UInt8] = []
        for (index, column) in columns.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += CellCoder.written(column.name)
        }
        bytes.append(0x0A)
        return bytes
    }
}

extension CSVTable {
    /// Writes the rows in their one form, each ended by a line feed.
    func write(to bytes: inout [UInt8]) {
        // A part's text stays in the processor's cache.
        let length = 256
        for start in stride(from: 0, to: rowCount, by: length) {
            write(start..<min(start + length, rowCount), to: &bytes)
        }
    }

    private func write(_ rows: Range<Int>, to bytes: inout [UInt8]) {
        let count = columns.count
        var most = rows.count * (count + 2)
        // Row after row, as they are written.
        var cells = [Int64](repeating: 0, count: rows.count * count)
        for (index, column) in columns.enumerated() {
            for (row, cell) in column[rows].enumerated() { cells[row &* count &+ index] = cell }
            most += coders[index].mostBytes(column[rows], words: words, texts: texts.span)
        }
        bytes.append(addingCapacity: most) { output in
            for row in 0..<rows.count {
                let start = output.count
                for column in 0..<count {
                    if column > 0 { output.append(UInt8(ascii: ",")) }
                    coders[column].append(cells[row * count + column], words: words, texts: texts.span, to: &output)
                }
                // An empty line is no row to many readers.
                if output.count == start { output.append(repeating: UInt8(ascii: "\""), count: 2) }
                output.append(0x0A)
            }
        }
    }
}
