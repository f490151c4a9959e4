import ArgumentParser
import Commitments
import FoundationEssentials
import Platform
import Primitives

struct ManifestExplain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say in plain words what a manifest agrees to: read it before you sign.",
        discussion: """
            Lines begun by ! deserve a second look, lines begun by !! a reason.

            Example: 2cvm manifest explain manifest.json --own hospital-a.pub
            """)

    @OptionGroup var file: ManifestArgument

    @Option(help: ArgumentHelp("Your own NAME.pub: its key is yours.", valueName: "file"), completion: .file())
    var own: String?

    @Flag(help: "Print JSON, who can learn what included.")
    var json = false

    func run() throws {
        let document = try file.read()
        var book = try Home().addressBook()
        if let own {
            let participant = try readFile(
                own, maximumByteCount: Participant.maximumByteCount, as: Participant.init(decoding:))
            _ = book.forget(participant.name)
            do {
                _ = try book.trust(participant.signingKey, as: participant.name)
            } catch {
                throw CommandFailure(.refused, error)
            }
        }
        let explanation = Explanation(of: document, addressBook: book)
        if json {
            printJSON(explanation.json(of: document.manifest))
        } else {
            let columns = min(max(Terminal.standardOutput.columns ?? 100, 40), 120)
            print(explanation.text(colour: showsColour, columns: columns), terminator: "")
        }
    }

    /// On a terminal, unless the person asked programs not to (no-color.org).
    private var showsColour: Bool {
        let refusal = ProcessInfo.processInfo.environment["NO_COLOR"] ?? ""
        return Terminal.standardOutput.isInteractive && refusal.isEmpty
    }
}
