import ArgumentParser
import CommandOptions
import Commitments
import Pages
import Platform
import Primitives
import Workbench

struct ManifestExplain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say in plain words what a manifest agrees to: read it before you sign.",
        discussion: """
            Says first who can learn what. \(howToReadMarks) The code itself is not judged.

            Example: 2cvm manifest explain manifest.json --own hospital-a.pub

            Example: 2cvm manifest explain manifest.json --as hospital-a --html manifest.html
            """)

    @OptionGroup var file: ManifestArgument

    @Option(
        help: ArgumentHelp("Your own NAME.pub: you are spoken to, and its key is yours.", valueName: "file"),
        completion: .file())
    var own: String?

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp(
            "Your name in the manifest: you are spoken to. Without it: TWOCVM_AS, or your settings.", valueName: "name")
    )
    var name: String?

    @Flag(help: "Print also the values that are only counted otherwise: salt, keys, long lists.")
    var all = false

    @Flag(help: "Print JSON: every value, and who can learn what.")
    var json = false

    @OptionGroup var page: PageOption

    func validate() throws { try page.requireFile() }

    func run() throws {
        let document = try file.read()
        var book = try Home().addressBook()
        let names = document.manifest.participants.map(\.name)
        var reader = try Setting.reader(name, among: names, asksSettings: own == nil)
        if let own {
            let participant = try readFile(
                own, maximumByteCount: Participant.maximumByteCount, as: Participant.init(decoding:))
            guard name == nil || reader == participant.name else {
                throw CommandFailure(CommandError.argument("--as", expected: "\(participant.name), as --own says"))
            }
            reader = participant.name
            _ = book.forget(participant.name)
            do {
                _ = try book.trust(participant.signingKey, as: participant.name)
            } catch {
                throw CommandFailure(error)
            }
        }
        let explanation = Explanation(of: document, addressBook: book, reader: reader)
        if json {
            try page.write(Page(document, explanation), says: false)
            printJSON(explanation.json(of: document.manifest))
        } else if try !page.write(Page(document, explanation)) {
            print(
                explanation.text(colour: Screen.showsColour, columns: Screen.columns, all: all), terminator: "")
        }
    }
}
