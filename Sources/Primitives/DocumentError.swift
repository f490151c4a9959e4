/// Why bytes are no JSON document of the form that is read here, and where.
public struct DocumentError: Error, Equatable, Sendable {
    /// What is wrong.
    public enum Fault: Equatable, Sendable {
        /// The text is none that is read here.
        case json(JSONError)
        /// A value is missing, or another than the format demands.
        case shape(JSONShapeError)
    }

    public let fault: Fault
    /// Where in the text; `nil` where the whole is at fault, or where ``path`` says it.
    public let position: TextPosition?

    /// A fault of a text.
    package init(_ error: JSONError, in bytes: [UInt8]) {
        fault = .json(error)
        position = error.offset.map { TextPosition(of: $0, in: bytes) }
    }

    /// A fault of a value.
    package init(_ error: JSONShapeError) {
        fault = .shape(error)
        position = nil
    }

    /// Of the value at fault; the root where the text is none.
    public var path: JSONPath {
        switch fault {
        case .json: .root
        case .shape(let error): error.path
        }
    }

    private var cause: any ExplainedError {
        switch fault {
        case .json(let error): error
        case .shape(let error): error
        }
    }
}

extension DocumentError: ExplainedError {
    /// `json.…` or `shape.…`: a format puts its own name before it.
    public var code: String { cause.code }
    public var message: String { cause.message }
    public var hint: String? { cause.hint }
}

/// An error that may know where in a text something is wrong.
public protocol PositionedError: ExplainedError {
    var position: TextPosition? { get }
}

/// Where a byte stands in a text, counted from 1 as editors do: `12:7`.
public struct TextPosition: Equatable, Sendable, CustomStringConvertible {
    public let line: Int
    /// In characters, one for each Unicode scalar.
    public let column: Int

    /// Finds an offset's line and column.
    public init(of offset: Int, in bytes: [UInt8]) {
        let before = bytes.prefix(offset)
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        line = before.count { $0 == 0x0A } + 1
        column = String(decoding: before[lineStart...], as: UTF8.self).unicodeScalars.count + 1
    }

    public var description: String { "\(line):\(column)" }
}

/// JSON texts as a whole.
public enum JSONDocument {
    /// Parses a text and reads its value.
    ///
    /// - Parameters:
    ///   - bytes: hostile; see `JSONValue` for the two bounds.
    ///   - maximumByteCount: the first of them.
    ///   - maximumDepth: the second.
    ///   - failure: what a fault becomes.
    ///   - body: reads the value.
    public static func read<Value, Failure: Error>(
        _ bytes: [UInt8], maximumByteCount: Int, maximumDepth: Int = JSONValue.defaultMaximumDepth,
        orThrow failure: (DocumentError) -> Failure, _ body: (JSONReader) throws(JSONShapeError) -> Value
    ) throws(Failure) -> Value {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes, maximumByteCount: maximumByteCount, maximumDepth: maximumDepth)
        } catch {
            throw failure(DocumentError(error, in: bytes))
        }
        do {
            return try body(JSONReader(value))
        } catch {
            throw failure(DocumentError(error))
        }
    }
}
