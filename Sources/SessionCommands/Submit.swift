import AgentAPI
import ArgumentParser
import CommandOptions
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

            A slot is filled once. Only this session can open what you send.

            With --plan and --run, submits to every session of a plan at which you bring something: each machine is \
            attested as the session that it is to be, locked where nobody has done it, and given its slots. Waits for \
            machines that are not there yet. Give your files by --component and --data as for one session, and with \
            --split a table whose rows all your sessions of that slot share. Run again, it goes on: each machine of a \
            session gets the very same, and other content is refused.

            Exit status: 0 every slot is filled, 1 refused, 2 and 3 as for every command.

            Example: 2cvm submit http://127.0.0.1:8080 --manifest signed.json --as hospital-a \
            --data patients-a=patients.csv

            Example: 2cvm submit --plan cohort/plan.signed.json --run run --as hospital-a \
            --split patients=patients.csv
            """)

    @OptionGroup var options: SessionOptions
    @OptionGroup var sender: SenderOptions
    @OptionGroup var contents: ContentOptions
    @OptionGroup var planned: PlannedSubmitOptions

    @Option(help: ArgumentHelp("A stream that `2cvm seal` made, instead of files.", valueName: "file"))
    var stream: String?

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        if let plan = planned.plan, let run = planned.run { return try await submit(to: plan, in: run) }
        let manifest = try readManifest(options.manifest).manifest
        let participant = try sender.keys(under: manifest).participant
        if let stream {
            guard contents.isEmpty else { throw CommandFailure(SessionCommandError.twoManners) }
            return try await send(stream)
        }
        let files = try contents.files(of: participant.name, under: manifest)
        try await Sending(options: options, sender: sender, contents: contents, json: json).send(files)
    }

    private func submit(to plan: String, in run: String) async throws {
        guard options.agent.given == nil, stream == nil else {
            throw ValidationError("--plan takes neither an agent's address nor --stream")
        }
        try await SubmissionToPlan(
            files: PlanFiles(plan: plan, manifests: planned.manifests), run: run, options: planned, sender: sender,
            verifier: options.verifier, contents: contents, json: json
        ).submit()
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
            Sending.show(status, meter, path, json: json)
        } catch {
            throw CommandFailure(error)
        }
    }
}

/// Brings a question for the next run.
struct Ask: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ask",
        abstract: "Bring a question: the data that the manifest asks for in each run anew.",
        discussion: """
            Works as `2cvm submit`, for the next run of a session that has several. The question names the run and the \
            receipt before it, so nobody can put it into another run. The receipt is fetched if it is not here.

            `2cvm fetch --wait` then brings the results.

            Exit status: 0 the question was taken, 1 refused, 2 and 3 as for every command.

            Example: 2cvm ask http://127.0.0.1:8080 --manifest signed.json --as analyst --data query=query.sql
            """)

    @OptionGroup var options: SessionOptions
    @OptionGroup var sender: SenderOptions
    @OptionGroup var contents: ContentOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let manifest = try readManifest(options.manifest).manifest
        let participant = try sender.keys(under: manifest).participant
        let files = try contents.files(of: participant.name, under: manifest)
        if let other = files.first(where: { !$0.isPerRun }) {
            throw CommandFailure(SessionCommandError.notAQuestion(other.slot))
        }
        try await Sending(options: options, sender: sender, contents: contents, json: json).send(files)
    }
}

/// Attests, notes in the ledger, and sends.
private struct Sending {
    let options: SessionOptions
    let sender: SenderOptions
    let contents: ContentOptions
    let json: Bool

    func send(_ files: [ContentFile]) async throws {
        let progress = Progress(isQuiet: json)
        let runs = try await SessionRuns(options, as: sender, progress)
        let run = files.contains(where: \.isPerRun) ? try await runs.nextRun() : nil
        let submissions = try files.map { file throws(CommandFailure) in
            try file.submission(to: runs.session, under: runs.manifest, as: runs.keys.signing, for: run)
        }
        try LedgerFile(Home(), under: runs.manifest).note(
            submissions, to: runs.session, at: runs.verifier.time,
            insistingOn: contents.acceptSecondSession)
        for submission in submissions { try await send(submission, progress) }
        guard !json else { return }
        let place = run.map { runs.manifest.limits.runs > 1 ? " for run \($0.number)" : "" } ?? ""
        print("submitted\(place) to session \(SessionWords(runs.session.id))")
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
        Self.show(status, meter, submission.slot.description, json: json)
    }

    static func show(_ status: AgentStatus, _ meter: Meter, _ name: String, json: Bool) {
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
