internal import Primitives

/// A table as comma-separated values (RFC 4180) with a header: which columns, what each may hold, how many rows.
public struct CSVFormat: Equatable, Sendable {
    public let columns: [Column]
    public let maximumRows: Int
    public let order: Order
    /// Whether the table has a row for each combination of the columns with `values`, and no other.
    public let isComplete: Bool

    /// One column.
    public struct Column: Equatable, Sendable {
        public let name: String
        public let kind: ValueKind
        /// Whether a cell may be empty.
        public let isOptional: Bool

        /// How many cells there are.
        public var count: Count { isOptional ? kind.count + Count(1) : kind.count }
    }

    /// How the rows of a released table stand.
    public enum Order: String, CaseIterable, Equatable, Sendable {
        /// By all columns, so that their order says nothing.
        case sorted
        /// As the code wrote them, which can say something.
        case kept
    }

    static let maximumColumnCount = 256
    static let largestMaximumRows = 100_000_000
    static let maximumNameCharacters = 64

    init(_ object: inout JSONObjectReader) throws(JSONShapeError) {
        maximumRows = try object.integer("maximumRows", in: 1...Self.largestMaximumRows)
        order = try object.optional("order")?.choice(of: Order.self) ?? .sorted
        let reader = try object.required("columns")
        let readers = try reader.array(maximumCount: Self.maximumColumnCount)
        guard !readers.isEmpty else { throw .wrongForm(reader.path, expected: "at least one column") }
        var columns: [Column] = []
        for reader in readers { columns.append(try Column(reader)) }
        for (index, column) in columns.enumerated() {
            let isRepeated = columns.prefix(index).contains { $0.name.hasSameBytes(as: column.name) }
            guard !isRepeated else {
                throw .wrongForm(readers[index].path.appending("name"), expected: "a name that no other column has")
            }
        }
        self.columns = columns
        if let reader = object.optional("complete") {
            isComplete = try reader.bool()
            guard !isComplete || order == .sorted else {
                throw .wrongForm(reader.path, expected: "false, or an order of sorted beside it")
            }
            guard !isComplete || Self.combinationCount(columns).map({ $0 <= maximumRows }) == true else {
                throw .wrongForm(reader.path, expected: "maximumRows for each combination of the columns with values")
            }
        } else {
            isComplete = false
        }
    }

    /// How many rows a complete table has: `nil` where that is more than any format allows.
    private static func combinationCount(_ columns: [Column]) -> Int? {
        columns.filter(\.isKey).reduce(Count(1)) { $0 * $1.count }.exact.flatMap { count in
            count <= UInt64(largestMaximumRows) ? Int(count) : nil
        }
    }

    /// How many rows a complete table has.
    public var combinationCount: Int? { Self.combinationCount(columns) }
}

extension CSVFormat.Column {
    /// Whether its words name the rows of a complete table.
    var isKey: Bool {
        if case .words = kind { true } else { false }
    }

    /// What a cell must be, for people.
    var expectation: String {
        let otherwise = isOptional ? ", or nothing" : ""
        switch kind {
        case .number(let bounds):
            let kind = bounds.fractionDigits == 0 ? "a whole number" : "a number"
            return "\(kind) from \(bounds.text(bounds.minimum)) to \(bounds.text(bounds.maximum))\(otherwise)"
        case .date(let days):
            return "a date from \(DateText.text(days.lowerBound)) to \(DateText.text(days.upperBound))\(otherwise)"
        case .boolean: return "true or false\(otherwise)"
        case .words(let words): return "one of the \(words.count) values of the format\(otherwise)"
        case .text(let bounds):
            return "1 to \(bounds.maximumCharacters) characters of \(bounds.characters.rawValue)\(otherwise)"
        }
    }

    /// The most bytes that a cell of the code may have, its quotation marks among them.
    var maximumByteCount: Int {
        switch kind {
        case .number: NumberText.maximumByteCount + 2
        case .date: DateText.byteCount + 2
        case .boolean: 5 + 2
        case .words(let words): 2 * (words.map(\.utf8.count).max() ?? 0) + 2
        case .text(let bounds): 8 * bounds.maximumCharacters + 2
        }
    }

    private enum CellType: String, CaseIterable {
        case integer, decimal, text, date, boolean
    }

    fileprivate init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        name = try object.required("name").visibleText(maximumCharacters: CSVFormat.maximumNameCharacters)
        kind =
            switch try object.choice("type", of: CellType.self) {
            case .integer: try .number(&object, isDecimal: false, most: NumberText.maximumUnits)
            case .decimal: try .number(&object, isDecimal: true, most: NumberText.maximumUnits)
            case .text: try .text(&object, list: "values", maximum: "maximumCharacters")
            case .date: try .date(&object)
            case .boolean: .boolean
            }
        isOptional = try object.optional("optional")?.bool() ?? false
        try object.finish()
    }
}
