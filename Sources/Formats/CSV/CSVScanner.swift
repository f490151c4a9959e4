/// Where the cells of comma-separated values begin and end (RFC 4180), row after row.
///
/// Lines end with LF or CRLF, the last one perhaps with neither. A cell is in quotation marks whole or not at all.
struct CSVScanner {
    /// One cell's bytes without its outer quotation marks. A quotation mark inside is doubled, and one that is not
    /// cannot be there.
    struct Field {
        var start = 0
        var end = 0

        var range: Range<Int> { start..<end }
    }

    /// Nothing follows the bytes.
    let isLast: Bool
    /// Of a row.
    let maximumFieldCount: Int
    /// The number of the row that is scanned next. The header is row 0.
    var row: Int
    /// Of all rows that were scanned.
    var fieldCount = 0

    /// Scans the next row from `start`, and adds its cells to `fields`.
    ///
    /// - Returns: where the row after it begins; `nil` when the row does not end within the bytes.
    mutating func scan(
        _ bytes: Span<UInt8>, from start: Int, into fields: inout MutableSpan<Field>
    ) throws(Misfit) -> Int? {
        var offset = start
        var index = fieldCount
        let end = fieldCount + maximumFieldCount
        while true {
            var field = Field(start: offset, end: offset)
            if offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") {
                guard let end = try quoted(bytes, &field) else { return nil }
                offset = end
            } else {
                offset = try plainEnd(bytes, from: offset)
                field.end = offset
            }
            guard offset < bytes.count || isLast else { return nil }
            guard index < end else {
                throw .cellCount(row: row, expected: maximumFieldCount, found: maximumFieldCount + 1)
            }
            fields[index] = field
            index += 1
            if offset < bytes.count, bytes[offset] == UInt8(ascii: ",") {
                offset += 1
                continue
            }
            guard let next = try lineEnd(bytes, from: offset) else { return nil }
            fieldCount = index
            row += 1
            return next
        }
    }

    /// The offset of what ends a cell without quotation marks.
    private func plainEnd(_ bytes: Span<UInt8>, from start: Int) throws(Misfit) -> Int {
        var offset = start
        while offset < bytes.count {
            let byte = bytes[offset]
            // Digits, letters and nearly all else come after the comma.
            if byte <= UInt8(ascii: ",") {
                if byte == UInt8(ascii: ",") || byte == 0x0A || byte == 0x0D { return offset }
                guard byte != UInt8(ascii: "\"") else { throw .quoting(row: row) }
            }
            offset += 1
        }
        return offset
    }

    /// Finds the end of the cell whose first quotation mark stands at its start, and leaves both marks out of it.
    ///
    /// - Returns: the offset of what ends the cell; `nil` when the cell does not end within the bytes.
    private func quoted(_ bytes: Span<UInt8>, _ field: inout Field) throws(Misfit) -> Int? {
        field.start += 1
        var offset = field.start
        while offset < bytes.count {
            guard bytes[offset] == UInt8(ascii: "\"") else {
                offset += 1
                continue
            }
            field.end = offset
            let next = offset + 1
            guard next < bytes.count else { return isLast ? next : nil }
            switch bytes[next] {
            case UInt8(ascii: "\""): offset += 2
            case UInt8(ascii: ","), 0x0A, 0x0D: return next
            default: throw .quoting(row: row)
            }
        }
        if isLast { throw .quoting(row: row) }
        return nil
    }

    /// Where the row after the line end at `offset` begins; `nil` when the bytes end before that is known.
    private func lineEnd(_ bytes: Span<UInt8>, from offset: Int) throws(Misfit) -> Int? {
        guard offset < bytes.count else { return offset }
        if bytes[offset] == 0x0A { return offset + 1 }
        // The only other end of a cell: a carriage return.
        guard offset + 1 < bytes.count else {
            if isLast { throw .lineEnd(row: row) }
            return nil
        }
        guard bytes[offset + 1] == 0x0A else { throw .lineEnd(row: row) }
        return offset + 2
    }
}
