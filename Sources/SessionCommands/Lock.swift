import AgentAPI
import ArgumentParser
import CommandOptions
import Client
import Commitments
import Evidence
import Keys
import Primitives
import Verification
import Workbench

/// Gives a session its manifest.
struct Lock: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lock",
        abstract: "Lock a session to a manifest that everyone has signed.",
        discussion: """
            Attests the session first, and refuses otherwise. Possible once in a session's life, by any participant.

            Name the components that you have at hand: each is held against the manifest first, as the session will do \
            it. A session that is locked to something that cannot run is lost.

            Exit status: 0 locked, 1 refused, 2 and 3 as for every command.

            Example: 2cvm lock http://127.0.0.1:8080 --manifest signed.json --as hospital-a
            """)

    @OptionGroup var options: SessionOptions
    @OptionGroup var sender: SenderOptions
    @OptionGroup var components: ComponentOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let file = try options.manifest
        let client = AgentClient(try options.url)
        let signed = try readFullySignedManifest(file)
        let keys = try sender.keys(under: signed.manifest).keys
        _ = try components.admit(under: signed.manifest)
        let verifier = try options.verifier.verifier()
        let progress = Progress(isQuiet: json)

        progress.step("attesting \(try options.url)")
        let attestation = try await options.attest(signed.manifest, by: verifier)
        progress.finish()
        guard case .affirmed(let session) = attestation.appraisal else {
            throw CommandFailure(contraindicated: attestation.appraisal, at: verifier.time)
        }
        try options.require(session)
        do {
            let status = try await client.lock(session, to: signed, as: keys.signing)
            progress.finish()
            if session.evidence.endorsements.anchor == .simulated {
                progress.note("this session is SIMULATED: no processor protects it")
            }
            if json { return printJSON(status.json) }
            print("locked to \(signed.manifest.digest.prefixed)")
            print("\(status.totalSlots) slots to fill")
        } catch {
            throw CommandFailure(error)
        }
    }
}
