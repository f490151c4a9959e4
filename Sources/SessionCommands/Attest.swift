import AgentAPI
import ArgumentParser
import CommandOptions
import Client
import Commitments
import Evidence
import Primitives
import Verification
import Workbench

/// Asks a session what it is, and says what the answer is worth.
struct Attest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attest",
        abstract: "Ask a session for evidence and appraise it: affirmed, or every reason against it.",
        discussion: """
            Draws a fresh nonce, fetches the session's evidence on it, and appraises every row against the manifest. \
            Compare the session's words with the other participants, by telephone for instance, before you submit: \
            different words mean different sessions.

            Evidence proves which manifest the session is bound to. Whether it waits for that manifest, takes \
            submissions or has ended is the agent's word.

            Exit status: 0 affirmed, 1 contraindicated, 2 the evidence cannot be decoded, 3 no answer.

            Example: 2cvm attest http://127.0.0.1:8080 --manifest signed.json
            """)

    @OptionGroup var options: SessionOptions

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Keep the evidence in this file.", valueName: "file"),
        completion: .file())
    var output: String?

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let manifest = try readManifest(options.manifest).manifest
        let verifier = try options.verifier.verifier()
        let progress = Progress(isQuiet: json)
        progress.step("attesting \(try options.url)")
        let attestation = try await options.attest(manifest, by: verifier)
        progress.finish()
        if case .affirmed(let session) = attestation.appraisal { try options.require(session) }
        if let output { try writeFile(output, attestation.bundle.encoded, mode: 0o644, force: false) }
        show(attestation, await stage(attestation), at: verifier.time)
        if case .contraindicated = attestation.appraisal { throw ExitStatus.refused.code }
    }

    /// Where the session stands, by its agent's word alone. Evidence of a session that was bound to the manifest at its
    /// launch is the same before the lock and after the end. Evidence without that word is worth no less.
    private func stage(_ attestation: Attestation) async -> AgentStatus.Stage? {
        guard case .affirmed = attestation.appraisal else { return nil }
        return try? await AgentClient(options.url).status().stage
    }

    private func show(_ attestation: Attestation, _ stage: AgentStatus.Stage?, at time: Timestamp) {
        let words = sessionID(attestation.appraisal).map { SessionWords($0) }
        if json {
            let value = attestation.appraisal.json(at: time)
            guard case .object(let members) = value else { return printJSON(value) }
            let extra = [
                words.map { JSONMember("sessionWords", .string($0.description)) },
                stage.map { JSONMember("agentStage", .string($0.rawValue)) },
            ]
            return printJSON(.object(members + extra.compactMap(\.self)))
        }
        print(appraisalText(attestation.appraisal, at: time))
        guard case .affirmed(let session) = attestation.appraisal, let words else { return }
        if session.evidence.endorsements.anchor == .simulated {
            print("SIMULATED: no processor protects this session")
        }
        switch session {
        case .locked: print(Self.standing(stage))
        case .awaitingManifest: print("bound to no manifest yet: any participant locks it with `2cvm lock`")
        }
        print("session \(words)")
    }

    /// Of a session whose evidence names this manifest. What the evidence says, then what the agent says.
    private static func standing(_ stage: AgentStatus.Stage?) -> String {
        switch stage {
        case nil: "bound to this manifest; its agent does not say where it stands"
        case .awaitingManifest: "bound to this manifest, and waits for it: any participant sends it with `2cvm lock`"
        case .admitting: "bound to this manifest; its agent says that it is locked and takes submissions"
        case .reviewing: "bound to this manifest; its agent says that a question waits for answers"
        case .executing: "bound to this manifest; its agent says that it executes"
        case .holding: "bound to this manifest; its agent says that results wait for answers"
        case .waiting: "bound to this manifest; its agent says that earlier results wait to be fetched"
        case .finished: "bound to this manifest; its agent says that it has finished: fetch your outputs"
        case .ended: "bound to this manifest; its agent says that it has ended, and takes nothing more"
        }
    }

    private func sessionID(_ appraisal: Appraisal<AttestedSession>) -> SHA256Digest? {
        switch appraisal {
        case .affirmed(.locked(let session)): session.id
        case .affirmed(.awaitingManifest(let key)): key.id
        case .contraindicated: nil
        }
    }
}
