internal import Commitments
internal import Keys
internal import Primitives
package import Scheduling

/// What a machine of a run is started with, on whatever host.
package enum MachineProgram: Equatable, Sendable {
    /// The simulated agent as a process: a rehearsal, which protects nothing.
    ///
    /// - Parameter keys: the file with the simulated platform's keys, the same for all machines of a run.
    case simulated(agent: String, keys: String, arguments: [String])
    /// `2cvm launch` with an image. Its other arguments say how the VM is protected.
    case virtualMachine(command: String, image: String, arguments: [String])

    /// The words of the command that starts one.
    ///
    /// - Parameters:
    ///   - session: whose part the machine takes.
    ///   - host: the address that its agent is reached at.
    package func words(for session: ScheduledSession, on host: String) -> [String] {
        let digest = session.binding == .launch ? session.bound.hostData.prefixed : nil
        switch self {
        case .simulated(let agent, let keys, let arguments):
            let bound = digest.map { ["--host-data", $0] } ?? []
            return [agent, "--listen", "\(host):0", "--keys", keys, "--end-with-session"] + bound + arguments
        case .virtualMachine(let command, let image, let arguments):
            let bound = digest.map { ["--digest", $0] } ?? ["--await-manifest"]
            let memory = arguments.contains("--memory") ? [] : ["--memory", "\(session.memoryMiB)"]
            return [command, "launch", "--image", image] + bound + ["--listen", host, "--port", "0"] + memory
                + arguments
        }
    }

    /// As the arguments of `2cvm plan machine`, from which the same is made again.
    package var options: [String] {
        switch self {
        case .simulated(let agent, let keys, let arguments):
            ["--agent", agent, "--keys", keys] + (arguments.isEmpty ? [] : ["--"] + arguments)
        case .virtualMachine(_, let image, let arguments):
            ["--vm", image] + (arguments.isEmpty ? [] : ["--"] + arguments)
        }
    }

    /// The address in a line that says where the agent listens.
    ///
    /// - Parameter line: of standard output, or of the console, which nothing vouches for.
    package func address(in line: String) -> String? {
        let beginning =
            switch self {
            case .simulated: "2cvm-agent-simulated: listening on "
            case .virtualMachine: "listening on http://"
            }
        guard line.hasPrefix(beginning) else { return nil }
        return "http://" + line.dropFirst(beginning.count)
    }
}
