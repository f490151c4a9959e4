import AgentService
import ArgumentParser
import Boot
import Platform
import Primitives
import SEVGuest

@main
enum Start {
    static func main() async {
        if MachineBoot.isFirstProcess { bootImage() }
        await Agent.main()
    }

    /// As an image's first process: then what the kernel passes on of its command line is no argument of ours.
    private static func bootImage() -> Never {
        let path = "/usr/bin/\(Agent.name)"
        let arguments = [
            "--listen", "0.0.0.0:8080", "--folder", "/run", "--runtimes", "/usr/share/2cvm/runtimes", "--log", "none",
            "--whole-machine",
        ]
        MachineBoot(name: Agent.name, agent: path, arguments: arguments).run()
    }
}

struct Agent: AsyncParsableCommand {
    static let name = "2cvm-agent"

    static let configuration = CommandConfiguration(
        commandName: name,
        abstract: "Serve one confidential session inside an AMD SEV-SNP guest.",
        discussion: """
            Draws the session's keys, asks the processor for a report of this machine, and serves the API that \
            GET /v1/openapi.json describes. Participants need no account: what they send is sealed to keys that the \
            evidence vouches for, and signed with their own.

            Where the machine was launched for one manifest (HOST_DATA), the session takes no other. Every wall around \
            the worker is required. SIGTERM and SIGINT end the session and erase it.

            As the first process of an image it takes no arguments: it mounts what it needs, loads the image's \
            modules, asks the network for an address, serves at port 8080, and ends the machine with the session.

            Exit status: 0 stopped, 1 refused (a folder on a disk), 3 something is unavailable (no SEV-SNP device, the \
            address, the worker), 64 wrong usage.

            Example: 2cvm-agent --listen 0.0.0.0:8080
            """,
        version: AgentProgram.version(of: name))

    @OptionGroup var options: ServiceOptions

    @Option(help: ArgumentHelp("The privilege level (VMPL) that reports state, 0 to 3.", valueName: "level"))
    var vmpl: UInt32 = 0

    @Flag(
        help: ArgumentHelp(
            "The machine is there for this session alone: end with it, and tell failures by their code.",
            visibility: .hidden))
    var wholeMachine = false

    func validate() throws {
        guard PrivilegeLevel(rawValue: vmpl) != nil else { throw ValidationError("--vmpl takes 0 to 3.") }
    }

    func run() async throws {
        do throws(AgentFailure) {
            try guardSecrets()
            let program = AgentProgram(
                name: Self.name, policy: .required, options: options, endsWithSession: wholeMachine)
            try await program.serve(try hardware())
        } catch {
            if wholeMachine {
                MachineBoot.complain(of: error.error.code, as: Self.name)
            } else {
                error.report(as: Self.name)
            }
            throw ExitCode(error.status.rawValue)
        }
    }

    private func guardSecrets() throws(AgentFailure) {
        do {
            try Program.guardSecrets(refusingDumps: true)
        } catch {
            throw AgentFailure(.unavailable, error)
        }
    }

    private func hardware() throws(AgentFailure) -> HardwareEvidence {
        do {
            return HardwareEvidence(try openReportSource(), at: PrivilegeLevel(rawValue: vmpl) ?? .vmpl0)
        } catch {
            throw AgentFailure(.unavailable, error)
        }
    }
}
