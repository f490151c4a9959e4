/// One column's cells between text and numbers. A table keeps a cell in 64 bits: a number's units, a day, zero or one,
/// the index of a word, or where a text stands.
///
/// Plain bits, no reference among them: a table of a million rows asks it millions of times.
struct CellCoder: Sendable {
    enum Kind: Sendable {
        case number(NumberBounds)
        case date(ClosedRange<Int64>)
        case boolean
        /// Where the column's words stand in its table's ``WordList``.
        case words(Range<Int>)
        case text(TextBounds)
    }

    /// An empty cell. No other cell has this value, and it is the least.
    static let empty = Int64.min

    let kind: Kind
    let isOptional: Bool

    init(_ column: CSVFormat.Column, words list: inout WordList) {
        isOptional = column.isOptional
        kind =
            switch column.kind {
            case .number(let bounds): .number(bounds)
            case .date(let days): .date(days)
            case .boolean: .boolean
            case .words(let words): .words(list.add(words))
            case .text(let bounds): .text(bounds)
            }
    }

    var isText: Bool {
        if case .text = kind { true } else { false }
    }
}

// MARK: Reading

/// Where one column's cells stand among the cells of some rows.
struct FieldPlace {
    let position: Int
    let columnCount: Int
    let rowCount: Int
}

extension CellCoder {
    /// Reads cells, and adds them to the column's until one is none of its column.
    ///
    /// - Returns: how many were added.
    func decode(_ rows: CSVRows, _ place: FieldPlace, words: WordList, into cells: inout [Int64]) -> Int {
        switch kind {
        case .number(let bounds):
            let isWhole = bounds.fractionDigits == 0
            return decode(rows, place, into: &cells) { text, _ in
                let units = NumberText.units(of: text, fractionDigits: bounds.fractionDigits, isExact: isWhole)
                guard let units, bounds.minimum <= units, units <= bounds.maximum else { return nil }
                return units
            }
        case .date(let days):
            return decode(rows, place, into: &cells) { text, _ in
                guard let day = DateText.day(of: text), days.contains(day) else { return nil }
                return day
            }
        case .boolean: return decode(rows, place, into: &cells) { text, _ in Self.boolean(text) }
        case .words(let range):
            return decode(rows, place, into: &cells) { text, _ in
                words.index(of: text, in: range).map { Int64($0 - range.lowerBound) }
            }
        case .text(let bounds):
            return decode(rows, place, into: &cells) { text, start in
                guard let count = bounds.characters.count(in: text) else { return nil }
                let doubledCount = bounds.characters.haveMarks ? text.doubledMarkCount : 0
                guard count - doubledCount <= bounds.maximumCharacters else { return nil }
                return TextPlace(start: start, count: text.count).packed
            }
        }
    }

    /// - Parameter read: gives a cell's number from its bytes and their place.
    @inline(__always)
    private func decode(
        _ rows: CSVRows, _ place: FieldPlace, into cells: inout [Int64], _ read: (Span<UInt8>, Int) -> Int64?
    ) -> Int {
        let (bytes, fields) = (rows.bytes.span, rows.fields.span)
        var count = 0
        cells.append(addingCapacity: place.rowCount) { output in
            while count < place.rowCount {
                let field = fields[count * place.columnCount + place.position]
                let text = bytes.extracting(field.range)
                let cell = text.isEmpty ? (isOptional ? Self.empty : nil) : read(text, field.start)
                guard let cell else { return }
                output.append(cell)
                count += 1
            }
        }
        return count
    }

    /// `true` and `false` as Python, SQL and C write them: in small letters, in capitals, or the first a capital.
    static func boolean(_ text: Span<UInt8>) -> Int64? {
        let word: [5 of UInt8]
        switch text.count {
        case 4: word = Self.true
        case 5: word = Self.false
        default: return nil
        }
        let capital: UInt8 = 0x20
        let rest = text[1] == word[1] ^ capital ? capital : 0
        for index in 1..<text.count where text[index] != word[index] ^ rest { return nil }
        guard text[0] == word[0] ^ capital || text[0] == word[0] ^ rest else { return nil }
        return text.count == 4 ? 1 : 0
    }

    private static let `true`: [5 of UInt8] = [0x74, 0x72, 0x75, 0x65, 0]
    private static let `false`: [5 of UInt8] = [0x66, 0x61, 0x6C, 0x73, 0x65]
}

extension Span<UInt8> {
    /// How many quotation marks stand for none.
    fileprivate var doubledMarkCount: Int {
        var count = 0
        for index in 0..<self.count where self[index] == UInt8(ascii: "\"") { count += 1 }
        return count / 2
    }
}

// MARK: Writing

extension CellCoder {
    /// Writes a cell in its one form.
    @inline(__always)
    func append(_ cell: Int64, words: WordList, texts: Span<UInt8>, to output: inout OutputSpan<UInt8>) {
        guard cell != CellCoder.empty else { return }
        switch kind {
        case .number(let bounds): NumberText.append(cell, fractionDigits: bounds.fractionDigits, to: &output)
        case .date: DateText.append(cell, to: &output)
        case .boolean:
            let word = cell == 0 ? Self.false : Self.true
            for index in 0..<(cell == 0 ? 5 : 4) { output.append(word[index]) }
        case .words(let range): words.append(range.lowerBound + Int(cell), to: &output)
        case .text(let bounds):
            let text = texts.extracting(TextPlace(packed: cell).range)
            let needsMarks = bounds.characters.haveMarks && Self.needsMarks(text)
            if needsMarks { output.append(UInt8(ascii: "\"")) }
            for index in 0..<text.count { output.append(text[index]) }
            if needsMarks { output.append(UInt8(ascii: "\"")) }
        }
    }

    /// No fewer bytes than these cells take.
    func mostBytes(_ cells: ArraySlice<Int64>, words: WordList, texts: Span<UInt8>) -> Int {
        switch kind {
        case .number: return cells.count * NumberText.longestByteCount
        case .date: return cells.count * DateText.byteCount
        case .boolean: return cells.count * 5
        case .words: return cells.count * words.longestByteCount
        case .text:
            // Exactly: of sorted rows the texts stand far apart, and a loop over nothing else waits for many at once.
            var count = 0
            for cell in cells where cell != Self.empty {
                let text = texts.extracting(TextPlace(packed: cell).range)
                count += text.count + (Self.needsMarks(text) ? 2 : 0)
            }
            return count
        }
    }

    /// Cells are in quotation marks only where a comma or a quotation mark demands it.
    private static func needsMarks(_ text: Span<UInt8>) -> Bool {
        for index in 0..<text.count where text[index] == UInt8(ascii: ",") || text[index] == UInt8(ascii: "\"") {
            return true
        }
        return false
    }

    /// A text as a cell.
    static func written(_ text: String) -> [UInt8] {
        let doubled = doubled(text)
        let mark = [UInt8(ascii: "\"")]
        return needsMarks(doubled.span) ? mark + doubled + mark : doubled
    }

    /// A text with its quotation marks doubled.
    static func doubled(_ text: String) -> [UInt8] {
        text.utf8.flatMap { [UInt8](repeating: $0, count: $0 == UInt8(ascii: "\"") ? 2 : 1) }
    }
}

/// Where a text stands in its file: 47 bits of offset, 16 of count. Its quotation marks are doubled there.
struct TextPlace {
    let start: Int
    let count: Int

    init(start: Int, count: Int) {
        self.start = start
        self.count = count
    }

    init(packed: Int64) {
        start = Int(packed >> 16)
        count = Int(packed & 0xFFFF)
    }

    /// 10,000 characters have at most 40,000 bytes, and no memory holds 2^47.
    var packed: Int64 { Int64(start) << 16 | Int64(count) }

    var range: Range<Int> { start..<start + count }
}
