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

    @Argument(help: "The agent's address: http://HOST:PORT.", transform: agentAddress)
    var url: AgentAddress

    @OptionGroup var options: CertificateOptions

    @Flag(help: "Fetch the revocation list again, though the one that is there still holds.")
    var refresh = false

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let endorser = Endorser(client: AgentClient(url), source: options.source(refreshesList: refresh))
        guard let collection = try await endorser.endorse() else {
            if json { printJSON(["complete": true]) } else { print("nothing is lacking") }
            return
        }
        show(collection)
        if let failure = collection.failure { throw failure }
    }

    private func show(_ collection: ReportCertificates) {
        if json { return printJSON(collection.value) }
        collection.lines.forEach { print($0) }
        if collection.endorsements != nil { print("handed over") }
    }
}
