/// Where the rows of comma-separated values end (RFC 4180), piece by piece and in constant memory.
///
/// Quotation marks are heeded: a line end within a cell ends no row. What is no such text is refused, as a format would
/// refuse it: two readers that saw other rows in one file would split it otherwise.
public struct CSVRowEnds: Sendable {
    private enum State {
        /// At the start of a cell; of a row's first one where ``isRowOpen`` says no.
        case cell
        case plain, quoted
        /// A quotation mark within a quoted cell: its end, or the first of two.
        case mark
        case carriageReturn
    }

    private var state = State.cell
    private var isRowOpen = false
    private var offset = 0
    /// How many rows have ended, the header among them.
    public private(set) var rowCount = 0

    /// Begins before the first byte.
    public init() {}

    /// Takes the next piece of the file.
    ///
    /// - Parameters:
    ///   - piece: Of any size.
    ///   - body: Gets the offset behind each row that ends in it, its line end included.
    public mutating func take(_ piece: [UInt8], _ body: (Int) -> Void) throws(Misfit) {
        let bytes = piece.span
        for index in bytes.indices {
            let byte = bytes[index]
            switch state {
            case .quoted:
                if byte == UInt8(ascii: "\"") { state = .mark }
            case .plain:
                // Digits, letters and nearly all else come after the comma.
                if byte <= UInt8(ascii: ",") { try endPlain(byte, at: offset + index, body) }
            case .cell:
                isRowOpen = true
                if byte == UInt8(ascii: "\"") {
                    state = .quoted
                } else {
                    state = .plain
                    if byte <= UInt8(ascii: ",") { try endPlain(byte, at: offset + index, body) }
                }
            case .mark:
                if byte == UInt8(ascii: "\"") {
                    state = .quoted
                } else {
                    guard byte == UInt8(ascii: ",") || byte == 0x0A || byte == 0x0D else {
                        throw .quoting(row: rowCount)
                    }
                    try endPlain(byte, at: offset + index, body)
                }
            case .carriageReturn:
                guard byte == 0x0A else { throw .lineEnd(row: rowCount) }
                endRow(at: offset + index, body)
            }
        }
        offset += bytes.count
    }

    /// Ends the last row, where the file does not.
    public mutating func finish(_ body: (Int) -> Void) throws(Misfit) {
        switch state {
        case .quoted: throw .quoting(row: rowCount)
        case .carriageReturn: throw .lineEnd(row: rowCount)
        case .cell, .plain, .mark: if isRowOpen { endRow(at: offset - 1, body) }
        }
    }

    private mutating func endPlain(_ byte: UInt8, at place: Int, _ body: (Int) -> Void) throws(Misfit) {
        switch byte {
        case UInt8(ascii: ","): state = .cell
        case 0x0A: endRow(at: place, body)
        case 0x0D: state = .carriageReturn
        case UInt8(ascii: "\""): throw .quoting(row: rowCount)
        default: break
        }
    }

    private mutating func endRow(at place: Int, _ body: (Int) -> Void) {
        state = .cell
        isRowOpen = false
        rowCount += 1
        body(place + 1)
    }
}
