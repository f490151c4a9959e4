import ArgumentParser
import CommandOptions
import Client
import Evidence
import Primitives
import Workbench

struct EvidenceEndorse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "endorse",
        abstract: "Complete a session's evidence with certificates and the revocation list.",
        discussion: """
            For operators. A host hands the VM an empty certificate table, and lists run out: this asks the session \
            for its evidence, fetches what it lacks as `2cvm evidence certificates` does, and hands it over. Verifiers \
            then need no cache of their own. AMD signed all of it, so it does not matter who brings it. `2cvm launch \
            --profile snp` does this by itself.

            Exit status: 0 handed over, or nothing was lacking, 1 refused, 3 some are missing or there is no answer.

            Example: 2cvm evidence endorse http://127.0.0.1:8080
            """)

    @OptionGroup var agent: AgentArgument

    @OptionGroup var options: CollectionOptions

    func run() async throws {
        let endorser = Endorser(client: AgentClient(try agent.url), source: options.source)
        guard let collection = try await endorser.endorse() else {
            if options.json { printJSON(["complete": true]) } else { print("nothing is lacking") }
            return
        }
        options.show(collection)
        if !options.json, collection.endorsements != nil { print("handed over") }
        if let failure = collection.failure { throw failure }
    }
}
