public import Primitives

/// A first format for a table that its owner has: names and types, and nothing that tells of single values.
///
/// Ranges and lists of values are for the owner to add: read from the data, they would tell its extremes.
public struct CSVDraft: Sendable {
    private var rows = CSVRows(
        maximumFieldCount: CSVFormat.maximumColumnCount, maximumRowByteCount: Self.maximumRowByteCount)
    private var columns: [Profile] = []
    private var rowCount = 0

    private static let maximumRowByteCount = 1 << 22
    /// What a text may hold unless its owner says otherwise.
    private static let usualMaximumCharacters = 200

    /// Begins without a row.
    public init() {}

    /// Takes the next piece of the file.
    public mutating func take(_ piece: [UInt8]) throws(Misfit) {
        try rows.append(piece)
        try read(isLast: false)
    }

    /// The format, as a manifest would hold it.
    public mutating func finish() throws(Misfit) -> JSONValue {
        try read(isLast: true)
        guard !columns.isEmpty else { throw .missingHeader }
        var maximum = 10
        // One more digit than the rows have: the exact count is the owner's to tell.
        while maximum < rowCount, maximum < CSVFormat.largestMaximumRows { maximum *= 10 }
        return ["kind": "csv", "maximumRows": .integer(maximum), "columns": .array(columns.map(\.entry))]
    }

    private mutating func read(isLast: Bool) throws(Misfit) {
        while try rows.next(1, isLast: isLast) == 1 {
            if columns.isEmpty { try header() } else { try row() }
        }
    }

    private mutating func header() throws(Misfit) {
        for (index, name) in try rows.names().enumerated() {
            let count = Characters.unicode.count(in: Array(name.utf8).span)
            guard let count, (1...CSVFormat.maximumNameCharacters).contains(count) else {
                throw .columnName(position: index + 1)
            }
            guard !columns.contains(where: { $0.name.hasSameBytes(as: name) }) else { throw .repeatedColumn(name) }
            columns.append(Profile(name: name))
        }
    }

    private mutating func row() throws(Misfit) {
        guard rows.fieldCount == columns.count else {
            throw .cellCount(row: rows.row, expected: columns.count, found: rows.fieldCount)
        }
        rowCount += 1
        guard rowCount <= CSVFormat.largestMaximumRows else {
            throw .tooManyRows(maximum: CSVFormat.largestMaximumRows)
        }
        for index in columns.indices {
            let cell = rows.content(index)
            guard columns[index].take(cell.span) else {
                throw .cell(
                    row: rows.row, column: columns[index].name,
                    expected: "at most \(TextBounds.largestMaximum) visible characters")
            }
        }
    }

    /// What a column's cells still can be.
    private struct Profile: Sendable {
        let name: String
        private var isEmpty = false
        private var hasCells = false
        private var isDate = true
        private var isBoolean = true
        /// Digits after the point; `nil` once a cell was no number.
        private var fractionDigits: Int? = 0
        /// How many of them every number so far has room for, beside its whole digits.
        private var mostFractionDigits = NumberText.maximumDigitCount
        private var characters = Characters.ascii
        private var longest = 0

        init(name: String) {
            self.name = name
        }

        /// - Returns: `false` for a cell that no column can have.
        mutating func take(_ cell: Span<UInt8>) -> Bool {
            guard cell.count > 0 else {
                isEmpty = true
                return true
            }
            hasCells = true
            isDate = isDate && DateText.day(of: cell) != nil
            isBoolean = isBoolean && CellCoder.boolean(cell) != nil
            if Self.isCode(cell) { fractionDigits = nil }
            while let digits = fractionDigits, !Self.isNumber(cell, digits) {
                fractionDigits = digits < NumberText.maximumDigitCount ? digits + 1 : nil
            }
            if let digits = fractionDigits {
                while mostFractionDigits > 0, !Self.isNumber(cell, mostFractionDigits) { mostFractionDigits -= 1 }
                if digits > mostFractionDigits { fractionDigits = nil }
            }
            for set in [characters, .latin, .unicode] {
                guard let count = set.count(in: cell) else { continue }
                characters = characters == .unicode ? .unicode : set
                longest = max(longest, count)
                return count <= TextBounds.largestMaximum
            }
            return false
        }

        /// Digits that are no quantity, such as 007 or 12E4: as numbers they would lose what they say. Programs write
        /// an exponent's sign, as in 1e-05.
        private static func isCode(_ cell: Span<UInt8>) -> Bool {
            func isDigit(_ index: Int) -> Bool {
                index < cell.count && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(cell[index])
            }
            let start = cell[0] == UInt8(ascii: "-") ? 1 : 0
            if start < cell.count, cell[start] == UInt8(ascii: "0"), isDigit(start + 1) { return true }
            for index in 0..<cell.count where [UInt8(ascii: "e"), UInt8(ascii: "E")].contains(cell[index]) {
                return isDigit(index + 1)
            }
            return false
        }

        private static func isNumber(_ cell: Span<UInt8>, _ digits: Int) -> Bool {
            NumberText.units(of: cell, fractionDigits: digits, isExact: true) != nil
        }

        var entry: JSONValue {
            var members = [JSONMember("name", .string(name))]
            switch (hasCells, isBoolean, isDate, fractionDigits) {
            case (true, true, _, _): members.append(JSONMember("type", "boolean"))
            case (true, _, true, _): members.append(JSONMember("type", "date"))
            case (true, _, _, .some(0)): members.append(JSONMember("type", "integer"))
            case (true, _, _, .some(let digits)):
                members += [JSONMember("type", "decimal"), JSONMember("fractionDigits", .integer(digits))]
            default:
                var maximum = CSVDraft.usualMaximumCharacters
                while maximum < longest { maximum = min(maximum * 2, TextBounds.largestMaximum) }
                members += [
                    JSONMember("type", "text"), JSONMember("maximumCharacters", .integer(maximum)),
                    JSONMember("characters", .string(characters.rawValue)),
                ]
            }
            if isEmpty { members.append(JSONMember("optional", true)) }
            return .object(members)
        }
    }
}
