import ArgumentParser
import CommandOptions
import Orchestration
import Platform
import Primitives
import Workbench

/// What engines start, once for each machine. Nobody types it.
struct PlanMachine: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "machine",
        abstract: "Stay with one machine of a run, on the host where it is to be.",
        discussion: """
            `2cvm plan run` has this started wherever a machine is to be. It takes one of the session's attempts, \
            starts the machine, writes its address to the run's folder, and ends it when a file there says so, or when \
            its session is over.

            Exit status: 0 the machine has ended, 1 every attempt was used, 4 the machine failed, 130 interrupted.

            Example: 2cvm plan machine cohort-run --session 3 --address 10.0.0.3
            """,
        shouldDisplay: false)

    @Argument(help: "The run's folder.", completion: .directory)
    var folder: String

    @Option(help: ArgumentHelp("The session's place in the schedule, or several for --index.", valueName: "numbers"))
    var session: String

    @Option(help: ArgumentHelp("Which of the sessions, from 0 on.", valueName: "number"))
    var index = 0

    @Option(help: ArgumentHelp("What the engine calls this task. Without it: this process.", valueName: "name"))
    var task: String?

    @OptionGroup var machine: RunMachineOptions

    func validate() throws {
        try machine.validateLaunch()
        guard numbers != nil else { throw ValidationError("--session takes a number, or several with commas between") }
    }

    private var numbers: [Int]? {
        let texts = session.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = texts.compactMap { Int($0) }
        return numbers.count == texts.count ? numbers : nil
    }

    func run() throws {
        do {
            try keep()
        } catch let error as any CommandFault {
            throw CommandFailure(error)
        }
    }

    private func keep() throws {
        let store = try RunStore(folder)
        guard let numbers, numbers.indices.contains(index) else { throw RunStoreError.noSession(index) }
        let cancellation = try Cancellation()
        let keeper = try MachineKeeper(store, try machine.program(store), session: numbers[index], cancellation)
        let task = task ?? LocalTask.current?.description ?? ""
        let end = try cancellation.whileInterruptsCancel { () throws -> MachineKeeper.End in
            try keeper.keep(on: machine.address, task: task)
        }
        switch end {
        case .ended: break
        case .failed(let status): throw MachineFault.failed(status: status)
        case .cancelled: throw ExitStatus.interrupted.code
        }
    }
}

/// A machine did not come to its end.
private enum MachineFault: CommandFault {
    case failed(status: Int32)

    var status: ExitStatus { .runFailed }
    var code: String { "run.machine" }
    var message: String {
        switch self {
        case .failed(let status): "the machine ended with status \(status) before its session did"
        }
    }
    var hint: String? { "what it said is in its log, in the run's folder" }
}
