import ArgumentParser
import CommandOptions
import Client
import Commitments
import Evidence
import FoundationEssentials
import Keys
import Platform
import Primitives
import Verification
import Workbench

/// An agent, and the manifest that its session must be under: what every step of a participant begins with.
struct SessionOptions: ParsableArguments {
    @OptionGroup var agent: AgentArgument
    @OptionGroup var agreed: AgreedManifestOption
    @OptionGroup var verifier: VerifierOptions

    @Option(
        name: .customLong("session"),
        help: ArgumentHelp("Take no session but the one with these six words.", valueName: "words"))
    var words: String?

    var url: AgentAddress { get throws(CommandFailure) { try agent.url } }
    var manifest: String { get throws(CommandFailure) { try agreed.file } }

    /// Draws a nonce, asks for evidence, and appraises it.
    func attest(_ manifest: Manifest, by verifier: Verifier) async throws(CommandFailure) -> Attestation {
        let url = try url
        do {
            return try await AgentClient(url).attest(manifest, nonce: randomBytes(), by: verifier) { bundle in
                cachedEndorsements(for: bundle)
            }
        } catch {
            throw CommandFailure(error)
        }
    }

    /// Refuses a session whose words are not those that somebody compared with the others.
    func require(_ session: SHA256Digest) throws(CommandFailure) {
        let found = SessionWords(session).description
        guard let words, words != found else { return }
        throw CommandFailure(SessionCommandError.otherSession(found))
    }

    /// The same of a session that may have no manifest yet.
    func require(_ session: AttestedSession) throws(CommandFailure) {
        switch session {
        case .locked(let session): try require(session.id)
        case .awaitingManifest(let key): try require(key.id)
        }
    }

    /// The session that evidence vouches for, locked to the manifest. Anything else is refused with every finding.
    func affirmedSession(
        _ manifest: Manifest, by verifier: Verifier, _ progress: Progress
    ) async throws(CommandFailure) -> (session: AffirmedSession, attestation: Attestation) {
        progress.step("attesting \(try url)")
        let attestation = try await attest(manifest, by: verifier)
        switch attestation.appraisal {
        case .affirmed(.locked(let session)):
            progress.finish()
            try require(session.id)
            announce(session.evidence, session.id, progress)
            return (session, attestation)
        case .affirmed(.awaitingManifest): throw CommandFailure(SessionCommandError.notLocked)
        case .contraindicated: throw CommandFailure(contraindicated: attestation.appraisal, at: verifier.time)
        }
    }
}

/// The manifest that a session is under.
struct AgreedManifestOption: ParsableArguments {
    @Option(
        name: .customLong("manifest"),
        help: ArgumentHelp(
            "The manifest that all agreed on. Without it: TWOCVM_MANIFEST, or your settings.", valueName: "file"),
        completion: .file())
    var given: String?

    var file: String {
        get throws(CommandFailure) { try Setting.manifest.required(try Setting.manifest.text(given)) }
    }
}
