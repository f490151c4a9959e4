/// Where the cells of comma-separated values begin and end (RFC 4180), in pieces as they come.
///
/// Lines end with LF or CRLF, the last one perhaps with neither. A cell is in quotation marks whole or not at all.
struct CSVScanner {
    /// One cell's bytes, without its outer quotation marks.
    struct Field {
        var start: Int
        var end: Int
        /// Whether quotation marks inside are doubled.
        var isEscaped: Bool
    }

    /// The cells of the row that was scanned last, in the bytes that were given.
    private(set) var fields: [Field] = []
    /// The header is row 0.
    private(set) var row = -1

    private let maximumFieldCount: Int

    init(maximumFieldCount: Int) {
        self.maximumFieldCount = maximumFieldCount
    }

    /// Scans the next row from `start`.
    ///
    /// - Parameter isLast: nothing follows the bytes.
    /// - Returns: where the row after it begins; `nil` when the row does not end within the bytes.
    mutating func scan(_ bytes: Span<UInt8>, from start: Int, isLast: Bool) throws(Misfit) -> Int? {
        fields.removeAll(keepingCapacity: true)
        var offset = start
        while true {
            guard let field = try field(bytes, from: offset, isLast: isLast) else { return nil }
            guard fields.count < maximumFieldCount else {
                throw .cellCount(row: row + 1, expected: maximumFieldCount, found: maximumFieldCount + 1)
            }
            fields.append(field.cell)
            offset = field.end
            if offset == bytes.count {
                guard isLast else { return nil }
                row += 1
                return offset
            }
            switch bytes[offset] {
            case UInt8(ascii: ","): offset += 1
            case 0x0A:
                row += 1
                return offset + 1
            default:
                // The only other end of a cell: a carriage return.
                guard offset + 1 < bytes.count else {
                    if isLast { throw .lineEnd(row: row + 1) }
                    return nil
                }
                guard bytes[offset + 1] == 0x0A else { throw .lineEnd(row: row + 1) }
                row += 1
                return offset + 2
            }
        }
    }

    /// One cell, and the offset of what ends it.
    private func field(
        _ bytes: Span<UInt8>, from start: Int, isLast: Bool
    ) throws(Misfit) -> (cell: Field, end: Int)? {
        if start < bytes.count, bytes[start] == UInt8(ascii: "\"") {
            return try quoted(bytes, from: start, isLast: isLast)
        }
        var offset = start
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: ","), 0x0A, 0x0D: return (Field(start: start, end: offset, isEscaped: false), offset)
            case UInt8(ascii: "\""): throw .quoting(row: row + 1)
            default: offset += 1
            }
        }
        return isLast ? (Field(start: start, end: offset, isEscaped: false), offset) : nil
    }

    private func quoted(
        _ bytes: Span<UInt8>, from start: Int, isLast: Bool
    ) throws(Misfit) -> (cell: Field, end: Int)? {
        var offset = start + 1
        var isEscaped = false
        while offset < bytes.count {
            guard bytes[offset] == UInt8(ascii: "\"") else {
                offset += 1
                continue
            }
            let next = offset + 1
            guard next < bytes.count else {
                return isLast ? (Field(start: start + 1, end: offset, isEscaped: isEscaped), next) : nil
            }
            switch bytes[next] {
            case UInt8(ascii: "\""):
                isEscaped = true
                offset += 2
            case UInt8(ascii: ","), 0x0A, 0x0D:
                return (Field(start: start + 1, end: offset, isEscaped: isEscaped), next)
            default: throw .quoting(row: row + 1)
            }
        }
        if isLast { throw .quoting(row: row + 1) }
        return nil
    }
}

/// The rows of comma-separated values as they come in pieces; no more is kept than a row that has not ended.
struct CSVRows {
    /// What is kept. The cells of ``fields`` lie in it.
    private(set) var bytes: [UInt8] = []
    private var scanner: CSVScanner
    private var start = 0
    private let maximumRowByteCount: Int

    init(maximumFieldCount: Int, maximumRowByteCount: Int) {
        scanner = CSVScanner(maximumFieldCount: maximumFieldCount)
        self.maximumRowByteCount = maximumRowByteCount
    }

    /// The cells of the row that was found last.
    var fields: [CSVScanner.Field] { scanner.fields }
    /// The number of the row that was found last. The header is row 0.
    var row: Int { scanner.row }

    mutating func append(_ piece: [UInt8]) throws(Misfit) {
        bytes.removeFirst(start)
        start = 0
        guard bytes.count <= maximumRowByteCount else { throw .rowTooLong(row: row + 1) }
        bytes += piece
    }

    /// Finds the next row.
    ///
    /// - Parameter isLast: no piece follows.
    /// - Returns: whether there is one. Otherwise the next piece is wanted.
    mutating func next(isLast: Bool) throws(Misfit) -> Bool {
        guard start < bytes.count else { return false }
        let bytes = bytes
        guard let next = try scanner.scan(bytes.span, from: start, isLast: isLast) else { return false }
        guard next - start <= maximumRowByteCount else { throw .rowTooLong(row: row) }
        start = next
        return true
    }

    /// A cell's bytes, each doubled quotation mark once.
    func content(_ field: CSVScanner.Field) -> [UInt8] {
        guard field.isEscaped else { return Array(bytes[field.start..<field.end]) }
        var content: [UInt8] = []
        var offset = field.start
        while offset < field.end {
            content.append(bytes[offset])
            offset += bytes[offset] == UInt8(ascii: "\"") ? 2 : 1
        }
        return content
    }

    /// The names of the columns, from the first row.
    func names() throws(Misfit) -> [String] {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw .byteOrderMark }
        return fields.map { String(decoding: content($0), as: UTF8.self) }
    }
}
