import AgentAPI
import ArgumentParser
import Client
import Commitments
import Evidence
import Keys
import Platform
import Primitives
import Synchronization
import Workbench

/// Sends what a participant promised.
struct Submit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Attest a session, then submit your components and data to it, sealed.",
        discussion: """
            Nothing leaves unless the evidence is affirmed under the manifest, each file is what the manifest pins, \
            and your ledger has no other session of this manifest: a host could start two machines and have your data \
            computed on twice. To submit to a second one all the same, name it with --accept-second-session.

            A slot is filled once. What was sent can be opened by this session alone.

            Exit status: 0 every slot is filled, 1 refused, 2 and 3 as for every command.

            Example: 2cvm submit http://127.0.0.1:8080 --manifest signed.json --as hospital-a \
            --data patients-a=patients.csv
            """)

    @OptionGroup var options: SessionOptions
    @OptionGroup var sender: SenderOptions
    @OptionGroup var contents: ContentOptions

    @Option(help: ArgumentHelp("A stream that `2cvm seal` made, instead of files.", valueName: "file"))
    var stream: String?

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let manifest = try readManifest(options.manifest).manifest
        let (participant, keys) = try sender.keys(under: manifest)
        if let stream {
            guard contents.isEmpty else { throw CommandFailure(SessionCommandError.twoManners) }
            return try await send(stream)
        }
        let files = try contents.files(of: participant.name, under: manifest)
        let verifier = try options.verifier.verifier()
        let progress = Progress(isQuiet: json)
        let session = try await options.affirmedSession(manifest, by: verifier, progress).session
        let submissions = try files.map { file throws(CommandFailure) in
            try file.submission(to: session, under: manifest, as: keys.signing)
        }
        try LedgerFile(Home(), under: manifest).note(
            submissions.map(\.slot), to: session, at: verifier.time, insistingOn: contents.acceptSecondSession)
        for submission in submissions { try await send(submission, progress) }
        if !json { print("submitted to session \(SessionWords(session.id))") }
    }

    private func send(_ submission: Submission, _ progress: Progress) async throws {
        let meter = Meter(
            submission.slot.description, byteCount: submission.byteCount, content: submission.contentByteCount,
            progress)
        let client = AgentClient(try options.url)
        let status: AgentStatus
        do {
            status = try await client.submit(submission) { meter.show($0) }
        } catch {
            throw CommandFailure(error)
        }
        progress.finish()
        show(status, meter, submission.slot.description)
    }

    /// A stream that was sealed before: attested then, noted in the ledger then.
    private func send(_ path: String) async throws {
        let progress = Progress(isQuiet: json)
        let file = try openFile(path, upTo: maximumPipeByteCount)
        let meter = Meter("the stream", byteCount: file.byteCount, progress)
        let client = AgentClient(try options.url)
        do {
            let source = ContentSource(byteCount: file.byteCount) { try file.read(upTo: $0, at: $1) }
            let status = try await client.submit(stream: source) { meter.show($0) }
            progress.finish()
            show(status, meter, path)
        } catch {
            throw CommandFailure(error)
        }
    }

    private func show(_ status: AgentStatus, _ meter: Meter, _ name: String) {
        if json {
            guard case .object(let members) = status.json else { return }
            let more = [
                JSONMember("submitted", .string(name)), JSONMember("sealedBytes", .integer(meter.byteCount)),
                JSONMember("milliseconds", .integer(meter.milliseconds)),
            ]
            // A stream that was sealed before does not show its content's size.
            let content = meter.content.map { [JSONMember("contentBytes", .integer($0))] } ?? []
            return print(String(decoding: JSONValue.object(members + more + content).canonicalBytes, as: UTF8.self))
        }
        print("\(name): \(meter.summary), \(status.filledSlots) of \(status.totalSlots) slots filled")
    }
}
