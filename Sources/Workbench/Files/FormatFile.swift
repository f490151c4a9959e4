package import Formats
package import Primitives

/// Why a file is no format.
package struct FormatFileError: Error {
    package let document: DocumentError
}

extension FormatFileError: CommandFault, PositionedError {
    package var status: ExitStatus { .unreadable }
    package var position: TextPosition? { document.position }
    package var code: String { "format.\(document.code)" }
    package var message: String { document.message }
    package var hint: String? { document.hint ?? "`2cvm data describe` drafts one from a file" }
}

/// A format that lies in a file, as the value of `format` that an entry of a manifest has.
package struct FormatFile {
    package let value: JSONValue
    package let format: Format

    package init(_ path: String) throws(CommandFailure) {
        (value, format) = try readFile(path, maximumByteCount: Self.maximumByteCount) { bytes throws(FormatFileError) in
            try JSONDocument.read(bytes, maximumByteCount: Self.maximumByteCount, orThrow: FormatFileError.init) {
                reader throws(JSONShapeError) in
                (reader.value, try Format(reader))
            }
        }
    }

    private static let maximumByteCount = 1 << 20
}
