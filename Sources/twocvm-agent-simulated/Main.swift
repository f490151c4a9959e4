import AgentService
import ArgumentParser
import Platform
import Primitives
import Simulation

@main
struct SimulatedAgent: AsyncParsableCommand {
    static let name = "2cvm-agent-simulated"

    static let configuration = CommandConfiguration(
        commandName: name,
        abstract: "Serve one session on a simulated platform, to try things out. It protects nothing.",
        discussion: """
            The same agent and API as 2cvm-agent, with a software SEV-SNP platform in the processor's place: whoever \
            has its keys can sign any report, and this machine's owner sees everything. Participants take its evidence \
            only where the manifest says "simulated" and they name its root, which is printed at the start.

            Its keys are drawn at the start, which takes some seconds, and are gone at the end, so each start has a \
            root of its own. With --keys they are drawn once and kept in that file, readable by you alone; \
            certificates lie beside it in FILE.certificates.

            A manifest whose binding is "lock" finds a session that was started without --host-data. One whose \
            binding is "launch" needs --host-data with its digest, as `2cvm manifest digest` prints it.

            Exit status: 0 stopped, 1 refused (a file that others can read), 2 a file that cannot be understood, \
            3 something is unavailable (the address, the worker, a file), 64 wrong usage.

            Example: 2cvm-agent-simulated --listen 127.0.0.1:8080
            """,
        version: AgentProgram.version(of: name))

    @OptionGroup var options: ServiceOptions

    @Option(
        help: ArgumentHelp(
            "Keep the platform's keys in this file, made if there is none, so that the root stays the same. Without "
                + "it, keys for this start alone.", valueName: "file"),
        completion: .file())
    var keys: String?

    @Option(
        help: ArgumentHelp(
            "Launched for one manifest: its digest. Without it, the session locks to the first that comes.",
            valueName: "sha256:hex"))
    var hostData: Digest?

    @Option(
        help: ArgumentHelp(
            "The launch measurement that reports state, 96 hexadecimal digits. Without it, zeros.", valueName: "hex"))
    var measurement: Measurement?

    @Flag(help: "Refuse a wall around the worker that cannot be raised, and a folder on a disk, as 2cvm-agent does.")
    var requireWalls = false

    @Flag(help: "Stop once the session has ended, as a VM does, instead of saying so to all who ask.")
    var endWithSession = false

    func run() async throws {
        do throws(AgentFailure) {
            try guardSecrets()
            let evidence = try SimulatedEvidence(
                keysFile: keys, hostData: hostData?.value ?? FixedBytes(repeating: 0),
                measurement: measurement?.value ?? FixedBytes(repeating: 0), note: note)
            print("\(Self.name): SIMULATED, no hardware protects this session")
            print("\(Self.name): simulated root \(evidence.rootDigest.prefixed)")
            let policy: WallPolicy = requireWalls ? .required : .reported
            try await AgentProgram(
                name: Self.name, policy: policy, options: options, endsWithSession: endWithSession
            ).serve(evidence)
        } catch {
            error.report(as: Self.name)
            throw ExitCode(error.status.rawValue)
        }
    }

    /// Without privileges a process that refuses dumps could raise fewer walls around its worker, and there is nothing
    /// here to protect.
    private func guardSecrets() throws(AgentFailure) {
        do {
            try Program.guardSecrets(refusingDumps: Program.isPrivileged)
        } catch {
            throw AgentFailure(.unavailable, error)
        }
    }

    private func note(_ words: String) {
        try? NamedFile.writeStandardError(Array("\(Self.name): \(words)\n".utf8))
    }
}

/// A SHA-256 digest, as manifests write it.
struct Digest: ExpressibleByArgument {
    let value: SHA256Digest

    init?(argument: String) {
        guard let value = SHA256Digest(prefixed: argument), !value.isZero else { return nil }
        self.value = value
    }
}

/// A launch measurement.
struct Measurement: ExpressibleByArgument {
    let value: FixedBytes<48>

    init?(argument: String) {
        guard let value = FixedBytes<48>(hex: argument) else { return nil }
        self.value = value
    }
}
