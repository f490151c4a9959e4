import ArgumentParser
import CommandOptions
import Formats
import Platform
import Primitives
import Workbench

struct DataStandIn: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stand-in",
        abstract: "Make up a file of a format, for data that you may not see.",
        discussion: """
            Whoever writes a question to data of others writes it to a file like theirs. It says nothing but what the \
            format says: values are drawn from the ranges and lists in it, and the same seed draws the same file.

            Example: 2cvm data stand-in --format patients.format.json --rows 20 --output patients.csv
            """)

    @Option(
        help: ArgumentHelp("The format: \"format\" of a manifest's entry, as JSON.", valueName: "file"),
        completion: .file())
    var format: String

    @Option(
        help: ArgumentHelp(
            "How many rows, lines or items, as far as the format allows so many.", valueName: "count"))
    var rows = StandIn.usualRowCount

    @Option(help: ArgumentHelp("What it is drawn from: the same number, the same file.", valueName: "number"))
    var seed: UInt64 = 1

    @OptionGroup var output: OutputOption

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard 0...Self.maximumRows ~= rows else {
            throw ValidationError("expected --rows of 0 to \(Self.maximumRows)")
        }
    }

    func run() throws {
        guard let made = StandIn(try FormatFile(format).format, seed: seed, rowCount: rows) else {
            throw malformed(format, "a format that says what a file is, which \"any\" does not")
        }
        let path = try output.write(made.bytes, unlessNamed: Self.usualName)
        if json { return printJSON(["file": .string(path), "byteCount": .integer(made.bytes.count)]) }
        print("wrote \(path), made up: \(made.bytes.count) bytes")
    }

    private static let maximumRows = 1_000_000
    private static let usualName = "stand-in.csv"
}
