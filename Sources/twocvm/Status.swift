import ArgumentParser
import Client
import Primitives
import Synchronization

/// Asks where a session stands.
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Ask an agent where its session stands.",
        discussion: """
            The answer is the agent's word, and perhaps the host's: `2cvm attest` asks for more. How a run ended is \
            not said here; the receipt says it.

            With --follow every change is printed, until the session has finished or ended.

            Example: 2cvm status http://127.0.0.1:8080 --follow
            """)

    @Argument(help: "The agent's address: http://HOST:PORT.", transform: agentAddress)
    var url: AgentAddress

    @Flag(help: "Wait for changes, until the session has finished.")
    var follow = false

    @Flag(help: "Print JSON, one line for each status with --follow.")
    var json = false

    func run() async throws {
        do throws(ClientError) {
            guard follow else { return show(try await AgentClient(url).status()) }
            let last = Mutex<AgentStatus?>(nil)
            try await AgentClient(url).followStatus { status in
                let previous = last.withLock { value in
                    defer { value = status }
                    return value
                }
                if previous != status { show(status) }
                return status.stage != .finished && status.stage != .ended
            }
        } catch {
            throw CommandFailure(error)
        }
    }

    private func show(_ status: AgentStatus) {
        if json {
            if follow { return print(String(decoding: status.json.canonicalBytes, as: UTF8.self)) }
            return printJSON(status.json)
        }
        let simulated = status.isSimulated ? ", SIMULATED" : ""
        let words = status.manifestDigest.isZero ? "" : ", session \(SessionWords(status.session))"
        let slots = status.totalSlots == 0 ? "" : ", \(status.filledSlots) of \(status.totalSlots) slots filled"
        print("\(status.stage.title)\(slots)\(words)\(simulated)")
    }
}

extension AgentStatus.Stage {
    /// For people.
    var title: String {
        switch self {
        case .awaitingManifest: "waits for its manifest"
        case .admitting: "takes submissions"
        case .executing: "executes"
        case .finished: "finished: fetch your outputs"
        case .ended: "ended"
        }
    }
}
