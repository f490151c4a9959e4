import ArgumentParser
import CommandOptions
import Commitments
import Evidence
import Keys
import Orchestration
import Plans
import Platform
import Primitives
import Scheduling
import Workbench

struct PlanRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Start the machines of a plan, introduce them to each other, and carry sealed results between them.",
        discussion: """
            Needs no key, and opens nothing. Machines are started by a driver: as processes of this host (local), as \
            tasks of a cluster (slurm), or by objects that you apply yourself (kubernetes, with --print, then none). \
            Participants lock and submit meanwhile: the folder says where each machine listens.

            Everything that there is to know lies in the folder. You can interrupt this command, or lose it: the \
            machines go on, and the same command goes on where it was. It ends when every participant's sealed outputs \
            are in the folder. `2cvm plan stop` ends a run for good.

            Without --vm each machine is a simulated agent: a rehearsal, which protects nothing. With --vm it is what \
            `2cvm launch --image` starts; give launch's other arguments after --.

            Exit status: 0 every session has given its results, 1 refused, 3 something is unavailable, 4 a session has \
            used its attempts and has no machine, 130 interrupted.

            Example: 2cvm plan run cohort/plan.signed.json --output cohort-run --driver local
            Example: 2cvm plan run cohort/plan.signed.json --output cohort-run --driver slurm --vm /srv/image -- \
            --profile snp --vcpu-type EPYC-v4
            """)

    /// What starts machines.
    enum DriverChoice: String, CaseIterable, ExpressibleByArgument {
        case local, slurm, kubernetes, none
    }

    @OptionGroup var file: PlanArgument

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The run's folder. On a cluster every node must see it.", valueName: "folder"),
        completion: .directory)
    var output: String

    @Option(help: "local, slurm, kubernetes with --print, or none where somebody else starts machines.")
    var driver: DriverChoice = .local

    @Flag(help: "Start nothing; print what would be handed to the cluster.")
    var print = false

    @OptionGroup(title: "The machines") var machine: RunMachineOptions
    @OptionGroup(title: "The engine") var engine: RunEngineOptions

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        if driver == .local || driver == .none, print { throw ValidationError("--print goes with a cluster's driver") }
        if driver == .kubernetes, !print { throw ValidationError("--driver kubernetes goes with --print") }
        if let stray = engine.strays(for: driver).first {
            throw ValidationError("\(stray) does not go with --driver \(driver.rawValue)")
        }
        try machine.validateLaunch()
    }

    func run() async throws {
        let (document, plan) = try file.read()
        let schedule = Schedule(plan)
        if !print, !document.missingSigners.isEmpty {
            throw CommandFailure(RunRefusal.unsigned(document.missingSigners.count), in: file.plan)
        }
        try await completed {
            let store = try RunStore(try absolute(output), of: schedule)
            guard !store.isStopped else { throw RunStoreError.stopped(output) }
            let program = try machine.program(store)
            if print { return Swift.print(try text(of: store, program), terminator: "") }
            guard let lock = try LockedFile(ifFree: store.folder + "/" + RunPath.lock) else {
                throw RunStoreError.inUse(output)
            }
            try await move(store, engine.driver(driver, store, program, machine))
            _ = consume lock
        }
    }

    private func move(_ store: RunStore, _ driver: any Driver) async throws {
        let progress = Progress(isQuiet: json)
        let cancellation = try Cancellation()
        let loop = RunLoop(store, driver, maximumMachines: engine.machines) { cachedEndorsements(for: $0) }
        let state = try await cancellation.whileInterruptsCancel {
            try await loop.run(or: cancellation) {
                progress.step($0.words)
            } note: { error in
                progress.note((error as? any ExplainedError)?.message ?? "\(error)")
            }
        }
        progress.finish()
        if cancellation.isCancelled {
            progress.note("the machines go on; the same command goes on with them")
            throw ExitStatus.interrupted.code
        }
        switch state {
        case .finished: report(store)
        case .failed(let sessions): throw RunRefusal.failed(sessions.map { store.schedule.sessions[$0] }, output)
        case .running: throw RunStoreError.stopped(output)
        }
    }

    private func report(_ store: RunStore) {
        if json {
            return printJSON([
                "state": "finished", "run": .string(store.folder), "sessions": .integer(store.schedule.sessions.count),
            ])
        }
        Swift.print("finished: \(store.schedule.sessions.count) sessions, with their sealed outputs in \(output)")
    }

    private func text(of store: RunStore, _ program: MachineProgram) throws -> String {
        switch driver {
        case .local, .none: ""
        case .slurm: try engine.slurmText(of: store, program)
        case .kubernetes: try engine.kubernetesText(of: store, machine)
        }
    }
}

extension RunLoop.Progress {
    /// One line for a terminal.
    fileprivate var words: String {
        "\(done) of \(sessions) sessions done, \(machines) machines, \(waiting) waiting, "
            + "\(handed) of \(streams) results carried"
    }
}

/// Why a run is not begun, or came to nothing.
private enum RunRefusal: CommandFault {
    case unsigned(Int)
    case failed([ScheduledSession], String)

    var status: ExitStatus {
        switch self {
        case .unsigned: .refused
        case .failed: .runFailed
        }
    }

    var code: String {
        switch self {
        case .unsigned: "plan.signatures.missing"
        case .failed: "run.failed"
        }
    }

    var message: String {
        switch self {
        case .unsigned(let count):
            "\(count) \(count == 1 ? "participant has" : "participants have") not signed the plan"
        case .failed(let sessions, _):
            "no machine is left for \(sessions.count) of the sessions, which may have no other: "
                + sessions.prefix(8).map { String($0.bound.description.prefix(12)) }.joined(separator: ", ")
                + (sessions.count > 8 ? " and more" : "")
        }
    }

    var hint: String? {
        switch self {
        case .unsigned: "no machine would take it: `2cvm plan sign` and `2cvm plan join` come before"
        case .failed(_, let folder):
            "`2cvm plan status \(folder)` shows them, and sessions/*/*.log there what their machines said"
        }
    }
}

/// A path that holds wherever a process stands.
private func absolute(_ path: String) throws -> String {
    if path.hasPrefix("/") { return path }
    return try Program.currentFolder() + "/" + path
}
