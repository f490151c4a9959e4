public import Primitives

/// Why content is not of its format. Says where and what was expected, never what stands there.
public enum Misfit: Error, Equatable, Sendable {
    /// More bytes than the format's longest row.
    case rowTooLong(row: Int)
    case tooManyRows(maximum: Int)
    case missingHeader
    case unknownColumn(position: Int)
    /// A name that no column can have.
    case columnName(position: Int)
    case repeatedColumn(String)
    case missingColumn(String)
    case cellCount(row: Int, expected: Int, found: Int)
    /// A quotation mark where none may stand, or none where one must.
    case quoting(row: Int)
    /// A carriage return that no line feed follows.
    case lineEnd(row: Int)
    case byteOrderMark
    case cell(row: Int, column: String, expected: String)
    /// A complete table without a row, or with one twice.
    case combinations(expected: Int, found: Int)
    case json(JSONError)
    case value(JSONShapeError)
    /// Characters, lines or counts of a text.
    case text(line: Int, expected: String)
    /// What should be the one form of this content is another.
    case notCanonical(row: Int)
}

extension Misfit: ExplainedError {
    public var code: String {
        switch self {
        case .rowTooLong: "format.row.size"
        case .tooManyRows: "format.rows"
        case .missingHeader, .unknownColumn, .columnName, .repeatedColumn, .missingColumn: "format.header"
        case .cellCount: "format.row.cells"
        case .quoting, .lineEnd, .byteOrderMark: "format.csv"
        case .cell: "format.cell"
        case .combinations: "format.combinations"
        case .json: "format.json"
        case .value: "format.value"
        case .text: "format.text"
        case .notCanonical: "format.canonical"
        }
    }

    public var message: String {
        switch self {
        case .rowTooLong(let row): "\(Self.words(row)) is longer than any row of this format"
        case .tooManyRows(let maximum): "expected at most \(maximum) rows"
        case .missingHeader: "the first line must name the columns"
        case .unknownColumn(let position): "column \(position) has a name that the format lacks"
        case .columnName(let position): "column \(position): expected a name of 1 to 64 visible characters"
        case .repeatedColumn(let name): "the column \(name) occurs twice"
        case .missingColumn(let name): "the column \(name) is missing"
        case .cellCount(let row, let expected, let found):
            "\(Self.words(row)): expected \(expected) \(expected == 1 ? "cell" : "cells"), found \(found)"
        case .quoting(let row): "\(Self.words(row)): a quotation mark stands where none may stand, or one is missing"
        case .lineEnd(let row): "\(Self.words(row)): a carriage return stands without a line feed"
        case .byteOrderMark: "the file begins with a byte order mark"
        case .cell(let row, let column, let expected): "row \(row), column \(column): expected \(expected)"
        case .combinations(let expected, let found):
            "expected one row for each of \(expected) combinations, found \(found)"
        case .json(let error): error.message
        case .value(let error): error.message
        case .text(let line, let expected): "line \(line): expected \(expected)"
        case .notCanonical(let row): "\(Self.words(row)) is not written in the one form of this format"
        }
    }

    /// Row 0 is the line that names the columns.
    private static func words(_ row: Int) -> String { row == 0 ? "the header row" : "row \(row)" }

    public var hint: String? {
        switch self {
        case .byteOrderMark: "save the file as UTF-8 without a byte order mark"
        case .quoting: "write a cell that holds a comma or a quotation mark in quotation marks, and double those in it"
        case .json(let error): error.hint
        default: nil
        }
    }
}
