import ArgumentParser
import CommandOptions
import Commitments
import Platform
import Primitives
import Workbench

/// Groups the commands on data.
struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "Describe data, hold it against a format, and commit to it without showing it.",
        subcommands: [DataDescribe.self, DataCheck.self, DataStandIn.self, DataCommit.self])
}

struct DataCommit: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "commit",
        abstract: "Compute the commitment that pins a file in a manifest.",
        discussion: """
            The commitment goes into the manifest, the salt stays with you until you submit the file: without it a \
            small file could be guessed from its digest. `--salt new` draws one.

            Example: 2cvm data commit patients.csv --salt new
            """)

    @Argument(help: "The file.", completion: .file())
    var file: String

    @Option(help: ArgumentHelp("\"new\", or 64 hexadecimal digits.", valueName: "salt"), transform: saltArgument)
    var salt: FixedBytes<32>

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let (commitment, _, byteCount) = try contentCommitment(to: file, salt: salt)
        if json {
            printJSON([
                "commitment": .string(commitment.prefixed), "salt": .string(salt.description),
                "byteCount": .integer(byteCount),
            ])
        } else {
            print("commitment  \(commitment.prefixed)")
            print("salt        \(salt)")
            print("bytes       \(byteCount)")
        }
    }
}

private func saltArgument(_ text: String) throws(ValidationError) -> FixedBytes<32> {
    if text == "new" { return randomBytes() }
    guard let salt = FixedBytes<32>(hex: text) else {
        throw ValidationError("expected \"new\" or 64 lowercase hexadecimal digits")
    }
    return salt
}
