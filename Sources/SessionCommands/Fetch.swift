import AgentAPI
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

/// Brings a participant's outputs home.
struct Fetch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch",
        abstract: "Fetch your outputs and the receipt, and verify all of it.",
        discussion: """
            Attests the session on a fresh nonce and opens your stream. Compares the receipt with the session's key \
            and the manifest, the evidence beside it, and each output with its commitment. Only then do the files get \
            their names, all or none:

            NAME for each of your outputs, receipt.json, evidence.json, salts.json, and appraisal.json: what the \
            evidence was and when, signed by you. `2cvm receipt verify` checks them offline, at any time. After a \
            failed run there are no outputs, and the receipt says so.

            Of several runs the newest that has ended is fetched, or --run. With --wait it is the newest that was not \
            fetched before, or the next one. Once the files are there, the session is \
            told, and can use the room that they took for the next run.

            Exit status: 0 fetched, 1 refused, 3 no answer or not finished, 4 the session's run failed.

            Example: 2cvm fetch http://127.0.0.1:8080 --manifest signed.json --as hospital-a --output results
            """)

    @OptionGroup var options: SessionOptions
    @OptionGroup var sender: SenderOptions

    @OptionGroup var folder: OutputFolderOption

    @Option(
        name: .customLong("run"),
        help: ArgumentHelp("Which run. Without it: the newest that has ended.", valueName: "number"))
    var number: Int?

    @Flag(help: "Wait until the run has ended.")
    var wait = false

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let progress = Progress(isQuiet: json)
        var wanted = number
        if wait {
            let status = try await SessionRuns.status(AgentClient(try options.url))
            // The agent's word, so that nobody waits for another session. Evidence of it follows, once there are files.
            if status.stage != .awaitingManifest { try options.require(status.sessionID) }
            if wanted == nil { wanted = try nextToEnd(status) }
            if let wanted { try await waitForEnd(of: wanted, progress) }
        }
        let runs = try await SessionRuns(options, as: sender, progress)
        if wanted == nil { wanted = try await newest(runs) }
        let number = wanted ?? 1
        let received = try await receive(runs, number, progress)
        let record = AppraisalRecord(runs.attestation, of: runs.session, by: runs.verifier)
            .signed(by: runs.keys.signing)
        let verified = try await completed { try await received.finish(record: record.encoded) }
        try runs.store.keep(receipt: verified.receiptFile, ofRun: number)
        try await runs.acknowledge(verified.receipt.receipt)
        try OutputsSummary(verified, folder: folder.output, isOneOfSeveral: runs.manifest.limits.runs > 1)
            .report(json: json)
    }

    /// The newest run that has ended.
    private func newest(_ runs: SessionRuns) async throws -> Int {
        // A session of one run answers by itself that it has not ended.
        guard runs.manifest.limits.runs > 1 else { return 1 }
        let status = try await runs.status()
        if let end = status.end { throw CommandFailure(end) }
        guard let newest = status.newestEndedRun else {
            throw CommandFailure(ReviewCommandError.noRunYet)
        }
        return newest
    }

    /// The newest run that has ended, where nothing of it was fetched here; else the one that comes next.
    private func nextToEnd(_ status: AgentStatus) throws(CommandFailure) -> Int {
        guard let ended = status.newestEndedRun,
            try !SessionStore.hasReceipt(ofRun: ended, of: status.sessionID, Home())
        else { return status.run?.number ?? 1 }
        return ended
    }

    private func waitForEnd(of run: Int, _ progress: Progress) async throws(CommandFailure) {
        let client = AgentClient(try options.url)
        do throws(ClientError) {
            while true {
                progress.step("waiting for the run to end")
                let ended = try await client.followStatus { status in
                    // Its agent's word, with the time that is left where it says one.
                    progress.step("waiting for the run to end: \(status.summary)")
                    return status.stage != .ended && status.newestEndedRun.map { $0 >= run } != true
                }
                if ended { break }
                // The agent dropped its listeners; asking again costs it less than a second listener.
                try? await Task.sleep(for: .seconds(1))
            }
            progress.finish()
        } catch {
            throw CommandFailure(error)
        }
    }

    private func receive(_ runs: SessionRuns, _ number: Int, _ progress: Progress) async throws -> OutputFiles {
        let (participant, manifest) = (runs.participant, runs.manifest)
        let outputs = OutputsIndex.outputs(of: participant.name, under: manifest)
        let files = try OutputFiles(folder.output, outputs: outputs, reader: try await runs.reader(ofRun: number))
        let count = OutputsReader.streamByteCount(for: participant.name, under: manifest, run: number)
        let meter = Meter("fetching", byteCount: count, progress)
        try await completed {
            try await runs.client.outputs(of: participant, run: number, under: manifest) { piece in
                try await files.append(piece)
                meter.add(piece.count)
            }
        }
        progress.finish()
        return files
    }
}
