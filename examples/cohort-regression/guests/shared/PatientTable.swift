/// One hospital's `patients.csv`: the column names, then a row for each patient.
///
/// Errors name the row and the column, never a value.
struct PatientTable {
    private(set) var moments = PooledMoments()

    private static let maximumFieldByteCount = 64

    init(csv: [UInt8]) throws(Failure) {
        var rest = csv[...]
        guard let header = Self.removeLine(from: &rest) else { throw Failure("the file is empty") }
        guard header.elementsEqual(Columns.names.joined(separator: ",").utf8) else {
            throw Failure("the first line does not name the columns that were agreed")
        }
        while let line = Self.removeLine(from: &rest) {
            guard moments.rows < Columns.maximumRows else { throw Failure("there are too many rows") }
            moments.add(try Self.row(of: line, number: moments.rows + 1))
        }
    }

    /// The sums, unless there are so few rows that they would say too much about each patient.
    func summarise() throws(Failure) -> Moments.Summary {
        guard moments.rows >= Columns.minimumRows else {
            throw Failure("there are fewer than \(Columns.minimumRows) rows, and so small a group is not summarised")
        }
        return Moments.Summary(rows: UInt32(moments.rows), means: moments.means, products: moments.products.entries)
    }

    private static func row(of line: ArraySlice<UInt8>, number: Int) throws(Failure) -> [Double] {
        let fields = line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard fields.count == Columns.count else {
            throw Failure("row \(number) does not have \(Columns.count) columns")
        }
        var row: [Double] = []
        for (field, name) in zip(fields, Columns.names) {
            guard let value = self.number(in: field) else {
                throw Failure("row \(number), column \(name): this is not a number")
            }
            guard value.magnitude <= Columns.maximumMagnitude else {
                throw Failure("row \(number), column \(name): the number is too large")
            }
            row.append(value)
        }
        return row
    }

    /// Decimal digits, and what else a decimal number is written with. `Double` alone would stop at a NUL.
    private static func number(in field: ArraySlice<UInt8>) -> Double? {
        guard field.count <= maximumFieldByteCount, field.allSatisfy(isAllowed) else { return nil }
        return Double(String(decoding: field, as: UTF8.self))
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }

    /// Takes the next line off `text`, without its end (`\n` or `\r\n`); `nil` when nothing is left.
    private static func removeLine(from text: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard !text.isEmpty else { return nil }
        let end = text.firstIndex(of: UInt8(ascii: "\n")) ?? text.endIndex
        let line = text[..<end]
        text = text[end...].dropFirst()
        return line.last == UInt8(ascii: "\r") ? line.dropLast() : line
    }
}
