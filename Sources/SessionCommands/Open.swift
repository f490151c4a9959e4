import ArgumentParser
import CommandOptions
import Client
import Commitments
import Evidence
import Keys
import Lifecycle
import Platform
import Primitives
import Verification
import Workbench

/// Opens a recipient's stream that travelled on some other medium.
struct Open: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "open",
        abstract: "Open a stored outputs stream, and verify all of it.",
        discussion: """
            As `2cvm fetch` does, from files: the stream as the agent served it, and evidence of the session. Where \
            you did not draw the nonce yourself, give none: then nothing says how old the evidence is, and no \
            appraisal record is kept for `2cvm receipt verify`.

            Example: 2cvm open outputs.sealed --evidence evidence.json --manifest signed.json --as hospital-a \
            --output results
            """)

    @Argument(help: "The stream.", completion: .file())
    var stream: String

    @OptionGroup var evidence: StoredEvidenceOptions
    @OptionGroup var sender: SenderOptions

    @OptionGroup var folder: OutputFolderOption

    @Option(
        name: .customLong("run"), help: ArgumentHelp("Which of several runs it is of.", valueName: "number"))
    var number = 1

    @Option(
        help: ArgumentHelp(
            "For a later run: the evidence that came with the first one's receipt.", valueName: "file"),
        completion: .file())
    var lockEvidence: String?

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let manifest = try readManifest(evidence.manifest).manifest
        let (participant, keys) = try sender.keys(under: manifest)
        let verifier = try evidence.verifier.verifier()
        let (session, attestation) = try evidence.affirmedSession(manifest, by: verifier, Progress(isQuiet: json))
        // The record says that its signer drew the nonce.
        let record = evidence.nonce.map { _ in
            AppraisalRecord(attestation, of: session, by: verifier).signed(by: keys.signing).encoded
        }
        let lock = try lockEvidence.map { file throws(CommandFailure) in try readBundle(file) }
        let file = try openFile(stream, upTo: maximumPipeByteCount)
        let verified = try await completed {
            let reader = try OutputsReader(
                ofRun: number, of: session, under: manifest, to: participant, openedWith: keys.sealing, by: verifier,
                knowing: attestation.bundle.endorsements, lockEvidence: lock)
            let outputs = OutputsIndex.outputs(of: participant.name, under: manifest)
            let files = try OutputFiles(folder.output, outputs: outputs, reader: reader)
            var offset = 0
            while true {
                let piece = try file.read(upTo: 1 << 20, at: offset)
                if piece.isEmpty { break }
                offset += piece.count
                try await files.append(piece)
            }
            return try await files.finish(record: record)
        }
        try OutputsSummary(verified, folder: folder.output, isOneOfSeveral: manifest.limits.runs > 1)
            .report(json: json)
    }
}

/// A session that is known from an evidence file instead of the network.
struct StoredEvidenceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The session's evidence bundle.", valueName: "file"), completion: .file())
    var evidence: String

    @Option(help: ArgumentHelp("The nonce that you asked with: 64 hexadecimal digits.", valueName: "hex"))
    var nonce: String?

    @OptionGroup var agreed: AgreedManifestOption
    @OptionGroup var verifier: VerifierOptions

    var manifest: String { get throws(CommandFailure) { try agreed.file } }

    /// The session that the file vouches for.
    func affirmedSession(
        _ manifest: Manifest, by verifier: Verifier, _ progress: Progress
    ) throws -> (session: AffirmedSession, attestation: Attestation) {
        var bundle = try readBundle(evidence)
        bundle.endorsements = cachedEndorsements(for: bundle)
        var asked = bundle.answer.nonce
        if let nonce {
            guard let value = FixedBytes<32>(hex: nonce) else {
                throw CommandFailure(CommandError.argument(nonce, expected: "64 hexadecimal digits"))
            }
            asked = value
        } else {
            progress.note("without --nonce nothing says how old this evidence is")
        }
        let appraisal = verifier.appraise(bundle, under: SessionTerms(nonce: asked, manifest: manifest))
        switch appraisal {
        case .affirmed(.locked(let session)):
            announce(session.evidence, session.id, progress)
            return (session, Attestation(bundle: bundle, nonce: asked, appraisal: appraisal))
        case .affirmed(.awaitingManifest): throw CommandFailure(SessionCommandError.notLocked)
        case .contraindicated:
            throw CommandFailure(contraindicated: appraisal, at: verifier.time)
        }
    }
}
