import ArgumentParser
import Client
import Commitments
import Evidence
import Keys
import Platform
import Primitives
import Synchronization

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
        let keys = try sender.keys(under: manifest).keys
        if let stream {
            guard contents.isEmpty else { throw CommandFailure(.refused, SessionCommandError.twoManners) }
            return try await send(stream)
        }
        let files = try contents.files(under: manifest)
        let verifier = try options.verifier.verifier()
        let progress = Progress(isQuiet: json)
        let session = try await options.affirmedSession(manifest, by: verifier, progress).session
        let submissions = try files.map { file throws(CommandFailure) in
            try file.submission(to: session, under: manifest, as: keys.signing)
        }
        try LedgerFile(Home()).note(
            submissions.map(\.slot), to: session, at: verifier.time, insistingOn: contents.acceptSecondSession)
        for submission in submissions { try await send(submission, progress) }
        if !json { print("submitted to session \(SessionWords(session.id))") }
    }

    private func send(_ submission: Submission, _ progress: Progress) async throws {
        let meter = Meter(submission.slot.description, byteCount: submission.byteCount, progress)
        let client = AgentClient(try options.url)
        let status: AgentStatus
        do {
            status = try await client.submit(submission) { meter.show($0) }
        } catch {
            throw CommandFailure(clientError: error)
        }
        progress.finish()
        show(status, meter, submission.slot.description)
    }

    /// A stream that was sealed before: attested then, noted in the ledger then.
    private func send(_ path: String) async throws {
        let progress = Progress(isQuiet: json)
        let file = try openFile(path)
        let meter = Meter("the stream", byteCount: file.byteCount, progress)
        let client = AgentClient(try options.url)
        do {
            let source = ContentSource(byteCount: file.byteCount) { try file.read(upTo: $0, at: $1) }
            let status = try await client.submit(stream: source) { meter.show($0) }
            progress.finish()
            show(status, meter, path)
        } catch {
            throw CommandFailure(clientError: error)
        }
    }

    private func show(_ status: AgentStatus, _ meter: Meter, _ name: String) {
        if json {
            guard case .object(let members) = status.json else { return }
            let more = [
                JSONMember("submitted", .string(name)), JSONMember("bytes", .integer(meter.byteCount)),
                JSONMember("milliseconds", .integer(meter.milliseconds)),
            ]
            return print(String(decoding: JSONValue.object(members + more).canonicalBytes, as: UTF8.self))
        }
        print("\(name): \(meter.summary), \(status.filledSlots) of \(status.totalSlots) slots filled")
    }
}

/// Which files fill which slots.
struct ContentOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A component's file.", valueName: "name=file"), completion: .file())
    var component: [Assignment] = []

    @Option(help: ArgumentHelp("A file of data.", valueName: "name=file"), completion: .file())
    var data: [Assignment] = []

    @Option(help: ArgumentHelp("The salt that pinned data was committed with.", valueName: "name=hex"))
    var salt: [Assignment] = []

    @Option(
        help: ArgumentHelp(
            "Submit although you submitted to another session of this manifest: this one's words.", valueName: "words"))
    var acceptSecondSession: String?

    var isEmpty: Bool { component.isEmpty && data.isEmpty }

    /// The files, in the manifest's order: components first, so that compiling begins as early as it can.
    func files(under manifest: Manifest) throws(CommandFailure) -> [ContentFile] {
        let components = try Assignment.unique(component, among: manifest.components.map(\.name), option: "--component")
        let entries = try Assignment.unique(data, among: manifest.data.map(\.name), option: "--data")
        var salts: [Name: FixedBytes<32>] = [:]
        for (name, text) in try Assignment.unique(salt, among: manifest.data.map(\.name), option: "--salt") {
            guard let salt = FixedBytes<32>(hex: text) else { throw CommandFailure(.refused, RunError.saltForm(name)) }
            salts[name] = salt
        }
        var files = manifest.components.compactMap { entry in
            components[entry.name].map { ContentFile(slot: entry.name, path: $0, salt: nil) }
        }
        for entry in manifest.data {
            guard let path = entries[entry.name] else { continue }
            // Data that is left open still gets a salt: the receipt states a commitment, and nobody should guess it.
            let drawn: FixedBytes<32>? = if case .any = entry.commitment { randomBytes() } else { nil }
            files.append(ContentFile(slot: entry.name, path: path, salt: salts[entry.name] ?? drawn))
        }
        guard !files.isEmpty else { throw CommandFailure(.refused, SessionCommandError.nothingToSubmit) }
        return files
    }
}

/// One file for one slot.
struct ContentFile {
    let slot: Name
    let path: String
    let salt: FixedBytes<32>?

    /// Compares the file with the manifest. It stays open: what is sent is what was compared, or it is refused.
    func submission(
        to session: AffirmedSession, under manifest: Manifest, as sender: SigningKey
    ) throws(CommandFailure) -> Submission {
        let file = try openFile(path)
        let source = ContentSource(byteCount: file.byteCount) { try file.read(upTo: $0, at: $1) }
        do {
            return try Submission(of: source, to: slot, in: session, under: manifest, as: sender, salt: salt)
        } catch {
            let failure = CommandFailure(clientError: error)
            throw CommandFailure(failure.status, error, in: path)
        }
    }
}

/// How much has gone, and how fast.
final class Meter: Sendable {
    let byteCount: Int
    private let name: String
    private let progress: Progress
    private let start = ContinuousClock.now
    private let shown = Mutex(ContinuousClock.now)
    private let counted = Mutex(0)

    init(_ name: String, byteCount: Int, _ progress: Progress) {
        self.name = name
        self.byteCount = byteCount
        self.progress = progress
    }

    /// At most ten times a second.
    func show(_ count: Int) {
        let isDue = shown.withLock { last in
            guard last.duration(to: .now) > .milliseconds(100) else { return false }
            last = .now
            return true
        }
        if isDue { progress.step("\(name) \(100 * count / max(1, byteCount)) %, \(rate(count))") }
    }

    /// Counts what came.
    func add(_ count: Int) {
        show(
            counted.withLock { total in
                total += count
                return total
            })
    }

    var milliseconds: Int { Int(start.duration(to: .now) / .milliseconds(1)) }

    /// `16.0 MB, 480 MB/s`; small things have a size and no rate.
    var summary: String {
        byteCount < 1_000_000 ? "\(byteCount) bytes" : "\(megabytes(byteCount)) MB, \(rate(byteCount))"
    }

    private func rate(_ count: Int) -> String { "\(count / 1000 / max(1, milliseconds)) MB/s" }

    private func megabytes(_ count: Int) -> String {
        let tenths = count / 100_000
        return "\(tenths / 10).\(tenths % 10)"
    }
}
