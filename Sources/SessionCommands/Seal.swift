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

/// Makes a submission that can travel on any medium.
struct Seal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seal",
        abstract: "Seal one submission into a file, for a session whose evidence you hold.",
        discussion: """
            For machines without a network: somebody brings the session's evidence, and takes the sealed file back. \
            The evidence is appraised as ever, on the nonce that it names; give --nonce when it was you who drew one, \
            since without it nothing says how old the evidence is. The ledger counts a sealed file as a submission.

            Example: 2cvm seal --evidence evidence.json --manifest signed.json --as hospital-a \
            --data patients-a=patients.csv --output patients-a.sealed
            """)

    @OptionGroup var evidence: StoredEvidenceOptions

    @Option(name: .shortAndLong, help: ArgumentHelp("The sealed file.", valueName: "file"), completion: .file())
    var output: String

    @OptionGroup var sender: SenderOptions
    @OptionGroup var contents: ContentOptions

    @Option(
        help: ArgumentHelp(
            "The receipt of the run before, for what is brought for each run anew. Without it: the first run.",
            valueName: "file"), completion: .file())
    var after: String?

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let manifest = try readManifest(evidence.manifest).manifest
        let (participant, keys) = try sender.keys(under: manifest)
        let files = try contents.files(of: participant.name, under: manifest)
        guard files.count == 1, let file = files.first else {
            throw CommandFailure(SessionCommandError.severalToSeal(files.map(\.slot)))
        }
        let verifier = try evidence.verifier.verifier()
        let session = try evidence.affirmedSession(manifest, by: verifier, Progress(isQuiet: json)).session
        let run = try after.map { try runReference(after: $0, in: session) } ?? .first
        let submission = try file.submission(to: session, under: manifest, as: keys.signing, for: run)
        guard !NamedFile.exists(output) else { throw CommandFailure(CommandError.outputExists(output)) }
        try LedgerFile(Home(), under: manifest).note(
            [submission], to: session, at: verifier.time, insistingOn: contents.acceptSecondSession)
        try await write(submission)
        if json {
            return printJSON([
                "version": 1, "slot": .string(submission.slot.description), "session": .string(session.id.description),
                "file": .string(output), "contentBytes": .integer(submission.contentByteCount),
                "sealedBytes": .integer(submission.byteCount),
            ])
        }
        print("sealed \(submission.slot), \(submission.contentByteCount) bytes, to session \(SessionWords(session.id))")
        print("wrote \(output), \(submission.byteCount) bytes with the seal")
    }

    private func write(_ submission: Submission) async throws {
        let temporary = output + ".part"
        do {
            let file = try GrowingFile(temporary)
            try await submission.seal { pieces in
                for piece in pieces { try file.append(piece) }
            }
            try file.finish(as: output)
        } catch let error as any CommandFault {
            throw CommandFailure(error)
        }
    }
}

/// The run that follows a receipt.
private func runReference(after file: String, in session: AffirmedSession) throws(CommandFailure) -> RunReference {
    let bytes = try readFile(file, maximumByteCount: 2 * Receipt.payloadType.maximumByteCount)
    do {
        let receipt = try Receipt(
            verifying: try Envelope(decoding: bytes, as: Receipt.payloadType), from: session.keys)
        return RunReference(number: receipt.run.number + 1, previous: receipt.digest)
    } catch let error as ReceiptError {
        throw CommandFailure(OutputsError.receipt(error), in: file)
    } catch {
        throw CommandFailure(OutputsError.record("it is no receipt"), in: file)
    }
}
