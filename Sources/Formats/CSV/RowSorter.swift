/// Sorts the rows of a table by radix.
///
/// A row is a string of bits: one cell after another, each number in as many bits as its column needs, texts by their
/// bytes. Rows are sorted by 32 bits at a time. Those that are alike are sorted by the next 32; few of them, by
/// comparison.
struct RowSorter {
    /// Where in a row's bits a key begins.
    private struct Position {
        var column = 0
        var bit = 0
    }

    /// Some bits of one column.
    private struct Part {
        let column: Int
        /// The first of them. A text's are whole bytes.
        let bit: Int
        let bitCount: Int
        /// How many of a number's bits follow. `nil` for a text.
        let rest: Int?
    }

    private let table: CSVTable
    private var columns: [Column] = []
    /// Each a key in the upper half and a row's index in the lower.
    private var entries: [UInt64] = []
    private var spare: [UInt64] = []

    private static let keyBitCount = 32
    private static let fewRows = 24

    init(_ table: CSVTable) {
        self.table = table
        columns = table.columns.indices.map { Column($0, of: table) }
    }

    /// The rows' indexes as they stand in order.
    mutating func order() -> [Int] {
        // At most 10^8 rows.
        entries = (0..<table.rowCount).map(UInt64.init)
        spare = entries
        var unsorted: [(range: Range<Int>, position: Position)] = [(0..<entries.count, Position())]
        while let (range, position) = unsorted.popLast() {
            guard range.count > Self.fewRows else {
                sortByComparison(range)
                continue
            }
            let (parts, next) = parts(from: position)
            guard !parts.isEmpty else { continue }
            setKeys(range, parts)
            sortByKeys(range)
            var start = range.lowerBound
            while start < range.upperBound {
                let key = entries[start] >> 32
                var end = start + 1
                while end < range.upperBound, entries[end] >> 32 == key { end += 1 }
                if end - start > 1 { unsorted.append((start..<end, hasTextEnded(key, parts) ? next.end : next.on)) }
                start = end
            }
        }
        return entries.map { Int($0 & 0xFFFF_FFFF) }
    }

    /// The parts of a key, and where the next key begins: `on` in the same text, `end` where the text has ended.
    private func parts(from position: Position) -> (parts: [Part], next: (on: Position, end: Position)) {
        var parts: [Part] = []
        var position = position
        var room = Self.keyBitCount
        while position.column < columns.count, room > 0 {
            let after = Position(column: position.column + 1)
            guard let width = columns[position.column].width else {
                // A text is a key's last part: others may be longer.
                let bitCount = room & ~7
                guard bitCount > 0 else { break }
                parts.append(Part(column: position.column, bit: position.bit, bitCount: bitCount, rest: nil))
                return (parts, (Position(column: position.column, bit: position.bit + bitCount), after))
            }
            let bitCount = min(width - position.bit, room)
            let rest = width - position.bit - bitCount
            if bitCount > 0 {
                parts.append(Part(column: position.column, bit: position.bit, bitCount: bitCount, rest: rest))
            }
            room -= bitCount
            if rest == 0 { position = after } else { position.bit += bitCount }
        }
        return (parts, (position, position))
    }

    /// Whether the rows with this key have nothing more of the text in it: no text has a zero byte.
    private func hasTextEnded(_ key: UInt64, _ parts: [Part]) -> Bool {
        parts.last?.rest == nil && key & 0xFF == 0
    }

    private mutating func setKeys(_ range: Range<Int>, _ parts: [Part]) {
        for index in range { entries[index] &= 0xFFFF_FFFF }
        for part in parts {
            let cells = table.columns[part.column]
            let column = columns[part.column]
            for index in range {
                let (key, row) = (entries[index] >> 32, entries[index] & 0xFFFF_FFFF)
                let cell = cells[Int(row)]
                let bits = part.rest.map { column.bits(of: cell) >> UInt64($0) } ?? bytes(of: cell, part)
                let kept = bits & (1 << UInt64(part.bitCount) - 1)
                entries[index] = (key << UInt64(part.bitCount) | kept) << 32 | row
            }
        }
    }

    /// A text's next bytes; zeros follow its last.
    private func bytes(of cell: Int64, _ part: Part) -> UInt64 {
        let place = cell == CellCoder.empty ? 0..<0 : TextPlace(packed: cell).range
        let first = place.lowerBound + part.bit / 8
        var bytes: UInt64 = 0
        for offset in first..<first + part.bitCount / 8 {
            bytes = bytes << 8 | (offset < place.upperBound ? UInt64(table.texts[offset]) : 0)
        }
        return bytes
    }

    /// Byte by byte of the key, the last first, so that each pass keeps what the ones before it did.
    private mutating func sortByKeys(_ range: Range<Int>) {
        var differing: UInt64 = 0
        for index in range { differing |= entries[index] ^ entries[range.lowerBound] }
        for shift in stride(from: UInt64(32), to: 64, by: 8) where differing >> shift & 0xFF != 0 {
            var counts: [256 of Int] = .init(repeating: 0)
            for index in range { counts[Int(entries[index] >> shift & 0xFF)] += 1 }
            var next = range.lowerBound
            for digit in counts.indices { (counts[digit], next) = (next, next + counts[digit]) }
            for index in range {
                let digit = Int(entries[index] >> shift & 0xFF)
                spare[counts[digit]] = entries[index]
                counts[digit] += 1
            }
            for index in range { entries[index] = spare[index] }
        }
    }

    private mutating func sortByComparison(_ range: Range<Int>) {
        for index in range.dropFirst() {
            let entry = entries[index]
            let row = Int(entry & 0xFFFF_FFFF)
            var hole = index
            while hole > range.lowerBound, table.precedes(row, Int(entries[hole - 1] & 0xFFFF_FFFF)) {
                entries[hole] = entries[hole - 1]
                hole -= 1
            }
            entries[hole] = entry
        }
    }
}

extension RowSorter {
    /// How the cells of a column become bits.
    private struct Column {
        /// `nil` for texts.
        let width: Int?
        /// What is subtracted from numbers, so that an empty cell is zero and no bit is spent on what no cell has.
        private let base: Int64

        init(_ column: Int, of table: CSVTable) {
            guard !table.coders[column].isText else {
                (width, base) = (nil, 0)
                return
            }
            var (least, greatest, hasEmpty) = (Int64.max, Int64.min, false)
            for cell in table.columns[column] {
                if cell == CellCoder.empty {
                    hasEmpty = true
                } else {
                    (least, greatest) = (min(least, cell), max(greatest, cell))
                }
            }
            guard least <= greatest else {
                (width, base) = (0, 0)
                return
            }
            // Cells are less than 10^18 from zero, so the difference fits.
            base = hasEmpty ? least - 1 : least
            width = Int64.bitWidth - (greatest - base).leadingZeroBitCount
        }

        func bits(of cell: Int64) -> UInt64 {
            cell == CellCoder.empty ? 0 : UInt64(cell - base)
        }
    }
}
