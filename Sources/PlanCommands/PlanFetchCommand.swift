import ArgumentParser
import CommandOptions
import Commitments
import Evidence
import Keys
import Plans
import Primitives
import Workbench

struct PlanFetchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch",
        abstract: "Fetch your outputs and the receipts of a plan's sessions, as they finish.",
        discussion: """
            Every participant gets the receipt of every session, and the outputs that are theirs. Each machine is \
            attested as the session that it is to be, and everything is verified as `2cvm fetch` does, before a file \
            gets its name. Run again, it goes on: what is there already is not fetched again, and nothing is replaced.

            Writes FOLDER/SESSION with the files that `2cvm fetch` writes, and deliveries.json: what the session sent \
            to others. What a second machine of a session left goes to FOLDER/SESSION/attempt.2 and so on.

            With --wait it stays until there is something of each session. Begin it beside the run: a machine that has \
            gone can be opened from the run's folder only where you attested it before, by this command or by \
            `2cvm submit --plan`.

            Exit status: 0 something of each session is here, 1 refused, 3 some session has not finished, 4 a session \
            released nothing.

            Example: 2cvm plan fetch cohort/plan.signed.json --run run --as hospital-a --output results --wait
            """)

    @OptionGroup var file: PlanArgument

    @Option(
        name: .customLong("run"),
        help: ArgumentHelp("The folder of the plan's run, where machines are found.", valueName: "folder"),
        completion: .directory)
    var runFolder: String

    @OptionGroup var sender: SenderOptions

    @OptionGroup var folder: OutputFolderOption
    @OptionGroup var verifier: VerifierOptions

    @Flag(help: "Wait until something of each session is here.")
    var wait = false

    @Flag(help: "Print JSON, one object on a line for each machine.")
    var json = false

    func run() async throws {
        let plan = try file.files.readFullySigned().plan
        let (participant, keys) = try sender.keys(under: plan.manifests[0])
        var fetch = try PlanFetch(
            plan, as: participant, keys, by: try verifier.verifier(under: plan.plan),
            from: try RunAddresses(runFolder), into: folder.output, Progress(isQuiet: json))
        var failed: [Name] = []
        try await fetch.fetch(waits: wait) { fetched in
            if !fetched.isReleased { failed.append(fetched.session) }
            show(fetched)
        }
        guard fetch.missed.isEmpty else { throw CommandFailure(PlanFetchError.gone(fetch.missed)) }
        guard fetch.missing.isEmpty else { throw CommandFailure(PlanFetchError.unfinished(fetch.missing)) }
        if !json { print("something of each of the plan's \(plan.manifests.count) sessions is in \(folder.output)") }
        if let session = failed.first { throw CommandFailure(PlanFetchError.notReleased(session)) }
    }

    private func show(_ fetched: PlanFetch.Fetched) {
        if json {
            let value: JSONValue = [
                "version": 1, "name": .string(fetched.session.description), "attempt": .integer(fetched.attempt),
                "session": .string(fetched.id.description), "folder": .string(fetched.folder),
                "outcome": .string(fetched.isReleased ? "completed" : "failed"),
            ]
            return print(String(decoding: value.canonicalBytes, as: UTF8.self))
        }
        print("\(fetched.session): \(fetched.isReleased ? "released" : "not released"), in \(fetched.folder)")
    }
}

/// Why not everything that was asked for is here.
private enum PlanFetchError: Error, Equatable {
    case unfinished([Name])
    case gone([Name])
    case notReleased(Name)
}

extension PlanFetchError: CommandFault {
    var status: ExitStatus {
        switch self {
        case .unfinished: .unavailable
        case .gone: .refused
        case .notReleased: .runFailed
        }
    }

    var code: String {
        switch self {
        case .unfinished: "plan.unfinished"
        case .gone: "plan.gone"
        case .notReleased: "run.failed"
        }
    }

    var message: String {
        switch self {
        case .unfinished(let names): "nothing of \(list(names)) is here yet"
        case .gone(let names):
            "you attested no machine of \(list(names)) while it was there, so what it left for you cannot be opened"
        case .notReleased(let session): "\(session) released nothing"
        }
    }

    private func list(_ names: [Name]) -> String {
        names.count > 3 ? "\(names.count) sessions" : names.map(\.description).joined(separator: ", ")
    }

    var hint: String? {
        switch self {
        case .unfinished: "wait for them with --wait; what is here already stays"
        case .gone:
            "ask the other participants for the receipts; next time, begin `2cvm plan fetch --wait` before they submit"
        case .notReleased: nil
        }
    }
}
