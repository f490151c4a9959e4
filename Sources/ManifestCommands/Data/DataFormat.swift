import ArgumentParser
import CommandOptions
import Formats
import Platform
import Primitives
import Workbench

struct DataDescribe: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Draft the format of a CSV file for a manifest.",
        discussion: """
            The draft has the names and types of the columns, and nothing that tells of single values: no range, no \
            list of values, no exact number of rows. Add what you agree to tell, and hold the file against it with \
            `2cvm data check`.

            Example: 2cvm data describe patients.csv > patients.format.json
            """)

    @Argument(help: "The file, comma-separated values with a header.", completion: .file())
    var file: String

    @Flag(help: "Print errors as JSON too: the draft itself is JSON.")
    var json = false

    func run() throws {
        var draft = CSVDraft()
        printJSON(try draft.described(try openFile(file, upTo: maximumPipeByteCount), file))
    }
}

struct DataCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Hold a file against a format.",
        discussion: """
            Says where the file differs from the format, by row and column, and never what stands there.

            Example: 2cvm data check patients.csv --format patients.format.json
            """)

    @Argument(help: "The file.", completion: .file())
    var file: String

    @Option(
        help: ArgumentHelp("The format: \"format\" of a manifest's entry, as JSON.", valueName: "file"),
        completion: .file())
    var format: String

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let format = try FormatFile(self.format).format
        var check = FormatCheck(format, maximumBytes: Self.maximumBytes)
        let byteCount = try readPieces(of: file) { piece, _ throws(CommandFailure) in
            do throws(Misfit) {
                try check.take(piece)
            } catch {
                throw CommandFailure(error, in: file)
            }
        }
        do {
            try check.finish()
        } catch {
            throw CommandFailure(error, in: file)
        }
        if json { return printJSON(["file": .string(file), "byteCount": .integer(byteCount)]) }
        print("\(file) is of the format: \(byteCount) bytes")
    }

    /// A JSON text is kept whole.
    private static let maximumBytes = 1 << 30
}
