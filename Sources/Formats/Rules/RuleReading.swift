internal import Primitives

// What a rule's entry looks like. Each names its column, which must be there and hold numbers.

extension OutputRules.Noise {
    private enum Mechanism: String, CaseIterable {
        case discreteLaplace = "discrete-laplace"
    }

    init(_ reader: JSONReader, in table: CSVFormat) throws(JSONShapeError) {
        var object = try reader.object()
        _ = try object.choice("mechanism", of: Mechanism.self)
        let named = try object.numberColumn(in: table)
        guard !table.columns[named.index].isOptional else {
            throw .wrongForm(object.path.appending("column"), expected: "a column that is never empty")
        }
        column = named.index
        scale = try object.ratio("scale", fractionDigits: named.bounds.fractionDigits)
        sensitivity = try object.ratio("sensitivity", fractionDigits: named.bounds.fractionDigits)
        try object.finish()
    }
}

extension OutputRules.MinimumGroup {
    init(_ reader: JSONReader, in table: CSVFormat) throws(JSONShapeError) {
        var object = try reader.object()
        let named = try object.numberColumn(in: table)
        guard named.bounds.fractionDigits == 0 else {
            throw .wrongForm(object.path.appending("column"), expected: "a column of whole numbers")
        }
        column = named.index
        let range = max(1, Int(named.bounds.minimum))...max(1, Int(named.bounds.maximum))
        atLeast = Int64(try object.integer("atLeast", in: range))
        guard atLeast <= named.bounds.maximum else {
            throw .wrongForm(object.path.appending("atLeast"), expected: "no more than the column's maximum")
        }
        try object.finish()
    }
}

extension OutputRules.Rounding {
    init(_ reader: JSONReader, in table: CSVFormat) throws(JSONShapeError) {
        var object = try reader.object()
        let named = try object.numberColumn(in: table)
        column = named.index
        let to = try object.required("to")
        if named.bounds.fractionDigits == 0, case .integer = to.value {
            step = Int64(try to.integer(in: 1...1_000_000_000_000_000))
        } else {
            step = try to.parsed(as: "a positive decimal number in quotes, of no more digits than the column has") {
                NumberText.units(of: $0, fractionDigits: named.bounds.fractionDigits).flatMap { $0 > 0 ? $0 : nil }
            }
        }
        try object.finish()
    }
}

extension JSONObjectReader {
    /// The column that the entry names.
    fileprivate mutating func numberColumn(
        in table: CSVFormat
    ) throws(JSONShapeError) -> (index: Int, bounds: NumberBounds) {
        let reader = try required("column")
        let name = try reader.string(maximumByteCount: 4 * CSVFormat.maximumNameCharacters)
        guard let index = table.columns.firstIndex(where: { $0.name.hasSameBytes(as: name) }),
            case .number(let bounds) = table.columns[index].kind
        else { throw .wrongForm(reader.path, expected: "a column of numbers") }
        return (index, bounds)
    }

    /// A positive decimal number in quotes, counted in units of a column's last digit.
    fileprivate mutating func ratio(_ name: String, fractionDigits: Int) throws(JSONShapeError) -> Ratio {
        try parsed(name, as: "a positive decimal number in quotes, such as \"2.5\", of at most 15 digits") { text in
            Ratio(text, inUnitsOf: fractionDigits)
        }
    }
}
