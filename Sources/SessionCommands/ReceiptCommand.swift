import ArgumentParser
import CommandOptions
import Commitments
import Pages
import Verification
import Workbench

/// Groups the commands on receipts.
struct ReceiptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receipt", abstract: "Verify what a session says of itself.", subcommands: [ReceiptVerify.self])
}

struct ReceiptVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verify a receipt with everything that was kept beside it, offline.",
        discussion: """
            Takes the folder that `2cvm fetch` made, and the manifest with everyone's signature. A participant of the \
            manifest must have signed the appraisal record. The evidence in it is appraised again, as of the record's \
            time or of --at. That session's key must have signed the receipt, which must name the evidence that was \
            made at the lock. Each slot and output must be what the manifest says, and each output in the folder what \
            its commitment says.

            Of a session with several runs, name the folder of each run. Each receipt must follow from the one before \
            it. The last one of a session says so: without it there were at least so many runs.

            Revocation lists that you have count too, from the cache and from --crl: what was revoked since then no \
            longer vouches for anything.

            Exit status: 0 everything holds, also of a run that failed; 1 something does not; 2 a file cannot be \
            decoded; 3 a file cannot be opened.

            With --html the result is a page to file: everything that was compared, and the report field by field.

            Example: 2cvm receipt verify results --manifest signed.json --html receipt.html
            """)

    @Argument(
        help: ArgumentHelp("The folder, or the folders of several runs.", valueName: "folder"), completion: .directory)
    var folders: [String]

    @OptionGroup var agreed: AgreedManifestOption
    @OptionGroup var options: VerifierOptions

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var page: PageOption

    private static let command = "2cvm receipt verify FOLDER --manifest SIGNED.json"

    func validate() throws { try page.requireFile() }

    func run() throws {
        // What all agreed on is what all have signed. A draft is one participant's word.
        let manifest = try readFullySignedManifest(agreed.file).manifest
        let verifier = try options.verifier()
        do throws(CommandFailure) {
            let kept = try KeptRuns(folders, under: manifest, by: verifier, asOfRecord: options.at == nil)
            let isWritten = try page.write(kept.page(by: Self.command), says: !json)
            if json || !isWritten { kept.show(json: json) }
        } catch {
            if let fault = error.error as? OutputsError {
                try page.write(Page(refusing: fault, under: manifest, by: Self.command), says: false)
            }
            throw error
        }
    }
}
