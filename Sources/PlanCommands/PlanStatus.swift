import AgentAPI
import ArgumentParser
import Client
import CommandOptions
import Commitments
import Keys
package import Orchestration
import Plans
import Primitives
package import Scheduling
package import Workbench

struct PlanStatus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show how far the run of a plan is.",
        discussion: """
            Reads the run's folder and asks the machines that run. Sessions are told by the beginning of what they are \
            bound to, which `2cvm plan check --json` gives for each name; with --plan they are told by their names. \
            Prints those that have not given their results yet; --all prints every one.

            Exit status: 0 the folder could be read, whatever it says.

            Example: 2cvm plan status cohort-run --plan cohort/plan.json
            """)

    @Argument(help: "The run's folder.", completion: .directory)
    var folder: String

    @Option(help: "The plan, to tell sessions by their names.", completion: .file(extensions: ["json"]))
    var plan: String?

    @Flag(help: "Print every session.")
    var all = false

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let store: RunStore
        let survey: RunSurvey
        (store, survey) = try await completed {
            let store = try RunStore(folder)
            return (store, try await RunSurvey(store))
        }
        let names = try names()
        if json { return printJSON(survey.json(of: store, names)) }
        print(
            "\(survey.doneCount) of \(store.schedule.sessions.count) sessions have given their results, "
                + "\(survey.machineCount) machines run, "
                + "\(survey.handedCount) of \(store.schedule.edges.count) results were carried to another session")
        if store.isStopped { print("the run was stopped") }
        for session in survey.sessions where all || session.state != .done {
            print("\(names[session.bound] ?? String(session.bound.prefix(12)))  \(session.words)")
        }
    }

    private func names() throws(CommandFailure) -> [String: String] {
        guard let plan else { return [:] }
        let manifests = try PlanFiles(plan: plan, manifests: nil).read().plan.manifests
        return Dictionary(manifests.map { ("\($0.bound)", "\($0.name)") }) { first, _ in first }
    }
}

extension RunSurvey.Session {
    fileprivate var words: String {
        let attempt = attempts > 1 ? ", attempt \(max(1, attempt)) of \(attempts)" : ""
        let place = address.map { " at \($0)" } ?? ""
        return state.words + (slots.map { ", \($0.filled) of \($0.total) slots filled" } ?? "") + attempt + place
    }
}

extension RunSurvey.State {
    fileprivate var words: String {
        switch self {
        case .none: "has no machine yet"
        case .starting: "its machine starts"
        case .silent: "its machine does not answer"
        case .awaitingLock: "waits for its lock"
        case .admitting: "waits for content"
        case .working: "works"
        case .finished: "has finished, and its results are being fetched"
        case .over: "has ended"
        case .done: "has given its results"
        }
    }
}

extension RunSurvey {
    fileprivate func json(of store: RunStore, _ names: [String: String]) -> JSONValue {
        [
            "done": .integer(doneCount), "machines": .integer(machineCount), "handed": .integer(handedCount),
            "edges": .integer(store.schedule.edges.count), "stopped": .bool(store.isStopped),
            "sessions": .array(
                sessions.map { session in
                    var members = [
                        JSONMember("bound", .string(session.bound)),
                        JSONMember("state", .string(session.state.rawValue)),
                        JSONMember("attempt", .integer(session.attempt)),
                        JSONMember("attempts", .integer(session.attempts)),
                    ]
                    if let name = names[session.bound] { members.append(JSONMember("name", .string(name))) }
                    if let address = session.address { members.append(JSONMember("url", .string(address))) }
                    if let slots = session.slots {
                        members.append(
                            JSONMember(
                                "slots", ["filled": .integer(slots.filled), "total": .integer(slots.total)]))
                    }
                    return .object(members)
                }),
        ]
    }
}

struct PlanStop: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop",
        abstract: "End the run of a plan for good: its machines, and what they hold.",
        discussion: """
            What was fetched already stays in the folder. A `2cvm plan run` that works on it ends as well. A cluster's \
            tasks that still wait find the run stopped, and end at once.

            Example: 2cvm plan stop cohort-run
            """)

    @Argument(help: "The run's folder.", completion: .directory)
    var folder: String

    func run() throws {
        do {
            try RunStore(folder).stop()
        } catch let error as any CommandFault {
            throw CommandFailure(error)
        }
        print("stopped: every machine of \(folder) is told to end")
    }
}

extension ScheduleError: CommandFault {
    package var status: ExitStatus { if case .document = self { .unreadable } else { .refused } }
}

extension RunStoreError: CommandFault {
    package var status: ExitStatus {
        switch self {
        case .notARun: .unreadable
        case .otherPlan, .inUse, .stopped, .attemptsUsed, .noSession: .refused
        }
    }
}

extension DriverError: CommandFault {
    package var status: ExitStatus { .unavailable }
}
