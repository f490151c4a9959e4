internal import Client
package import Formats
package import Platform
internal import Primitives

/// A table's rows in several parts, each with the table's header: what one owner brings to shards.
///
/// The parts follow one another in the file, and their counts of rows differ by one at most. So one file and one number
/// of parts give the same parts at any time. Nothing is copied: a part is read from the file, as often as it is needed.
package struct RowShards: Sendable {
    private let file: RegularFile
    private let header: [UInt8]
    /// Where each part begins in the file, and where the last one ends.
    private let bounds: [Int]
    /// Of the whole file, without the header.
    package let rowCount: Int

    private static let maximumHeaderByteCount = 1 << 20

    /// Finds the rows of a file, in two readings and constant memory.
    ///
    /// - Parameters:
    ///   - path: The file, in the form that docs/FORMATS.md calls CSV.
    ///   - count: How many parts.
    /// - Throws: for what is no table, and where there are fewer rows than parts.
    package init(_ path: String, into count: Int) throws(CommandFailure) {
        precondition(count > 0, "a table has at least one part")
        let file = try openFile(path, upTo: maximumPipeByteCount)
        var headerEnd = 0
        let rows = try Self.ends(of: file, in: path) { row, offset in
            if row == 0 { headerEnd = offset }
        }
        guard rows > 0, headerEnd <= Self.maximumHeaderByteCount else {
            throw CommandFailure(RowShardsError.noHeader, in: path)
        }
        rowCount = rows - 1
        guard rowCount >= count else {
            throw CommandFailure(RowShardsError.tooFewRows(rowCount, parts: count), in: path)
        }
        var bounds = [headerEnd]
        let rowCount = rowCount
        _ = try Self.ends(of: file, in: path) { row, offset in
            // Row 0 is the header: part k ends with row k · rows / parts.
            if bounds.count <= count, row == bounds.count * rowCount / count { bounds.append(offset) }
        }
        guard bounds.count == count + 1 else { throw CommandFailure(CommandError.contentChanged, in: path) }
        self.bounds = bounds
        self.file = file
        do {
            header = try file.read(upTo: headerEnd, at: 0)
        } catch {
            throw CommandFailure(error)
        }
    }

    /// How many parts.
    package var count: Int { bounds.count - 1 }

    /// How many rows a part has.
    package func rowCount(of part: Int) -> Int { (part + 1) * rowCount / count - part * rowCount / count }

    /// How long a part is, its header included.
    package func byteCount(of part: Int) -> Int { header.count + bounds[part + 1] - bounds[part] }

    /// Reads a part: as many bytes as are asked for, and fewer only at its end.
    package func read(part: Int, upTo maximumByteCount: Int, at offset: Int) throws(PlatformError) -> [UInt8] {
        let start = offset < header.count ? Array(header[offset...].prefix(maximumByteCount)) : []
        let place = bounds[part] + offset + start.count - header.count
        let rest = min(maximumByteCount - start.count, bounds[part + 1] - place)
        return rest > 0 ? start + (try file.read(upTo: rest, at: place)) : start
    }

    /// Tells the number of each row and the offset behind it.
    ///
    /// - Returns: How many rows there are, the header among them.
    private static func ends(
        of file: RegularFile, in path: String, _ body: (Int, Int) -> Void
    ) throws(CommandFailure) -> Int {
        var ends = CSVRowEnds()
        var row = 0
        func tell(_ offset: Int) {
            body(row, offset)
            row += 1
        }
        func heed(_ body: () throws(Misfit) -> Void) throws(CommandFailure) {
            do throws(Misfit) {
                try body()
            } catch {
                throw CommandFailure(RowShardsError.malformed(error), in: path)
            }
        }
        _ = try readPieces(of: file) { piece, _ throws(CommandFailure) in
            try heed { () throws(Misfit) in try ends.take(piece, tell) }
        }
        try heed { () throws(Misfit) in try ends.finish(tell) }
        return row
    }
}

/// Why a file has no rows to split.
package enum RowShardsError: Error, Equatable {
    case noHeader
    case tooFewRows(Int, parts: Int)
    case malformed(Misfit)
}

extension RowShardsError: CommandFault {
    package var status: ExitStatus { .refused }

    package var code: String {
        switch self {
        case .noHeader: "split.header"
        case .tooFewRows: "split.rows"
        case .malformed: "split.form"
        }
    }

    package var message: String {
        switch self {
        case .noHeader: "expected a table whose first row names its columns"
        case .tooFewRows(let rows, let parts): "\(rows) rows cannot be split over \(parts) sessions"
        case .malformed(let misfit): misfit.message
        }
    }

    package var hint: String? {
        switch self {
        case .noHeader: nil
        case .tooFewRows: "make the plan with fewer shards: `2cvm plan expand --shards`"
        case .malformed(let misfit): misfit.hint ?? "a quotation mark within a cell is doubled, and the cell quoted"
        }
    }
}
