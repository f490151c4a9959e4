import AgentAPI
import ArgumentParser
import CommandOptions
import Client
import Keys
import Lifecycle
import Primitives
import Synchronization
import Workbench

/// Asks where a session stands.
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Ask an agent where its session stands.",
        discussion: """
            The answer is the agent's word, and perhaps the host's: `2cvm attest` asks for more. The receipt says how \
            a run ended, and the status does not.

            With --follow every change is printed, until the session has finished or ended.

            Exit status: 0 the agent answered, 3 it did not. With --follow: 0 the session has finished and you can \
            fetch your outputs, 1 it has ended and there is nothing to fetch, 3 the agent does not answer or has \
            stopped.

            Example: 2cvm status http://127.0.0.1:8080 --follow
            """)

    @OptionGroup var agent: AgentArgument

    @Flag(help: "Wait for changes, until the session has finished or ended.")
    var follow = false

    @Flag(help: "Print JSON, one line for each status with --follow.")
    var json = false

    func run() async throws {
        let url = try agent.url
        let last: AgentStatus
        do throws(ClientError) {
            guard follow else { return show(try await AgentClient(url).status()) }
            last = try await followToEnd(of: AgentClient(url))
        } catch {
            throw CommandFailure(error)
        }
        if let end = last.end { throw CommandFailure(end) }
    }

    /// Prints every change until the session is over, on one connection after the other: an agent may end one for the
    /// sake of others who listen. One that has stopped refuses the next.
    private func followToEnd(of client: AgentClient) async throws(ClientError) -> AgentStatus {
        let last = Mutex<AgentStatus?>(nil)
        while true {
            try await client.followStatus { status in
                let previous = last.withLock { value in
                    defer { value = status }
                    return value
                }
                if previous?.isSameMoment(as: status) != true { show(status) }
                return !status.stage.isOver
            }
            if let status = last.withLock({ $0 }), status.stage.isOver { return status }
            try? await Task.sleep(for: .seconds(1))
        }
    }

    private func show(_ status: AgentStatus) {
        if json {
            if follow { return print(String(decoding: status.json.canonicalBytes, as: UTF8.self)) }
            return printJSON(status.json)
        }
        print(status.summary)
    }
}
