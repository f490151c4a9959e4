/// The rows of comma-separated values as they come in pieces; a piece is kept, and a row that has not ended.
struct CSVRows {
    /// What is looked at. The cells of ``fields`` lie in it.
    private(set) var bytes: [UInt8] = []
    /// Of the rows that were found last, one row after another.
    private(set) var fields: [CSVScanner.Field]
    private(set) var fieldCount = 0
    /// The number of the row that was found last. The header is row 0.
    private(set) var row = -1
    /// How many cells each row has from now on. Until then, as many as there is room for.
    var exactFieldCount: Int?

    private let maximumFieldCount: Int
    private let maximumRowByteCount: Int
    private var start = 0
    /// Cells that are found at a time: few enough for the processor's cache.
    private static let blockFieldCount = 1024

    init(maximumFieldCount: Int, maximumRowByteCount: Int) {
        self.maximumFieldCount = maximumFieldCount
        self.maximumRowByteCount = maximumRowByteCount
        let rowCount = max(1, Self.blockFieldCount / maximumFieldCount)
        fields = [CSVScanner.Field](repeating: CSVScanner.Field(), count: rowCount * maximumFieldCount)
    }

    mutating func append(_ piece: [UInt8]) throws(Misfit) {
        let rest = bytes.count - start
        guard rest <= maximumRowByteCount else { throw .rowTooLong(row: row + 1) }
        bytes = rest == 0 ? piece : bytes[start...] + piece
        start = 0
    }

    /// Finds the next rows.
    ///
    /// - Parameters:
    ///   - maximum: so many rows, or fewer.
    ///   - isLast: no piece follows.
    /// - Returns: how many rows there are. After none, the next piece is wanted.
    mutating func next(_ maximum: Int = .max, isLast: Bool) throws(Misfit) -> Int {
        var scanner = CSVScanner(isLast: isLast, maximumFieldCount: maximumFieldCount, row: row + 1)
        let (bytes, exactFieldCount) = (bytes, exactFieldCount)
        let (maximumFieldCount, maximumRowByteCount) = (maximumFieldCount, maximumRowByteCount)
        var (offset, rowCount) = (start, 0)
        do throws(Misfit) {
            var fields = fields.mutableSpan
            while offset < bytes.count, rowCount < maximum, scanner.fieldCount + maximumFieldCount <= fields.count {
                let count = scanner.fieldCount
                guard let next = try scanner.scan(bytes.span, from: offset, into: &fields) else { break }
                let found = scanner.fieldCount - count
                if let exactFieldCount, found != exactFieldCount {
                    throw .cellCount(row: scanner.row - 1, expected: exactFieldCount, found: found)
                }
                guard next - offset <= maximumRowByteCount else { throw .rowTooLong(row: scanner.row - 1) }
                offset = next
                rowCount += 1
            }
        } catch {
            // The rows before it come first, and then the fault is found again.
            guard rowCount > 0 else { throw error }
        }
        start = offset
        row += rowCount
        fieldCount = scanner.fieldCount
        return rowCount
    }

    /// A cell's bytes, each doubled quotation mark once.
    func content(_ index: Int) -> [UInt8] {
        var content: [UInt8] = []
        var offset = fields[index].start
        while offset < fields[index].end {
            content.append(bytes[offset])
            offset += bytes[offset] == UInt8(ascii: "\"") ? 2 : 1
        }
        return content
    }

    /// The names of the columns, from the first row.
    func names() throws(Misfit) -> [String] {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw .byteOrderMark }
        return (0..<fieldCount).map { String(decoding: content($0), as: UTF8.self) }
    }
}
