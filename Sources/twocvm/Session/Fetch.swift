import AgentAPI
import ArgumentParser
import Client
import Commitments
import Evidence
import Keys
import Lifecycle
import Platform
import Primitives
import Verification
import Workbench

/// Brings a participant's outputs home.
struct Fetch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch",
        abstract: "Fetch your outputs and the receipt, and verify all of it.",
        discussion: """
            Attests the session on a fresh nonce, opens your stream, and compares everything with everything: the \
            receipt with the session's key and the manifest, the evidence beside it, each output with its commitment. \
            Only then do the files get their names, all or none:

            NAME for each of your outputs, receipt.json, evidence.json, salts.json, and appraisal.json: what the \
            evidence was and when, signed by you. `2cvm receipt verify` checks them offline, at any time. After a \
            failed run there are no outputs, and the receipt says so.

            Exit status: 0 fetched, 1 refused, 3 no answer or not finished, 4 the session's run failed.

            Example: 2cvm fetch http://127.0.0.1:8080 --manifest signed.json --as hospital-a --output results
            """)

    @OptionGroup var options: SessionOptions
    @OptionGroup var sender: SenderOptions

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The folder for the files.", valueName: "folder"),
        completion: .directory)
    var output: String

    @Flag(help: "Wait until the session has finished.")
    var wait = false

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let manifest = try readManifest(options.manifest).manifest
        let (participant, keys) = try sender.keys(under: manifest)
        let verifier = try options.verifier.verifier()
        let progress = Progress(isQuiet: json)
        let client = AgentClient(try options.url)
        if wait { try await waitForEnd(client, progress) }

        let (session, attestation) = try await options.affirmedSession(manifest, by: verifier, progress)
        let received = try await receive(
            client, try reader(of: session, attestation, for: participant, under: manifest, keys, verifier),
            for: participant, under: manifest, progress)
        let record = AppraisalRecord(attestation, of: session, by: verifier).signed(by: keys.signing)
        let verified = try await completed { try await received.finish(record: record.encoded) }
        OutputsSummary(verified, folder: output).show(json: json)
        if verified.receipt.receipt.ending == .failed {
            throw CommandFailure(OutputsSummary.Failure.failedRun(hasNotice: verified.notice != nil))
        }
    }

    private func reader(
        of session: AffirmedSession, _ attestation: Attestation, for participant: Participant,
        under manifest: Manifest, _ keys: PrivateKeys, _ verifier: Verifier
    ) throws(CommandFailure) -> OutputsReader {
        do {
            return try OutputsReader(
                of: session, under: manifest, to: participant, openedWith: keys.sealing, by: verifier,
                knowing: attestation.bundle.endorsements)
        } catch {
            throw CommandFailure(error)
        }
    }

    private func waitForEnd(_ client: AgentClient, _ progress: Progress) async throws(CommandFailure) {
        do {
            while true {
                progress.step("waiting for the session to finish")
                let ended = try await client.followStatus { $0.stage != .finished && $0.stage != .ended }
                if ended { break }
                // The agent dropped its listeners; asking again costs it less than a second listener.
                try? await Task.sleep(for: .seconds(1))
            }
            progress.finish()
        } catch {
            throw CommandFailure(error)
        }
    }

    private func receive(
        _ client: AgentClient, _ reader: OutputsReader, for participant: Participant, under manifest: Manifest,
        _ progress: Progress
    ) async throws -> OutputFiles {
        let outputs = OutputsIndex.outputs(of: participant.name, under: manifest)
        let files = try OutputFiles(output, outputs: outputs, reader: reader)
        let count = OutputsReader.streamByteCount(for: participant.name, under: manifest)
        let meter = Meter("fetching", byteCount: count, progress)
        try await completed {
            try await client.outputs(of: participant, under: manifest) { piece in
                try await files.append(piece)
                meter.add(piece.count)
            }
        }
        progress.finish()
        return files
    }
}

/// Runs a step, and words its error as a command's.
func completed<Value>(_ step: () async throws -> Value) async throws -> Value {
    do {
        return try await step()
    } catch let error as any CommandFault {
        throw CommandFailure(error)
    }
}
