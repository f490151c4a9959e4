import ArgumentParser
import CommandOptions
import Image
import Orchestration
import Platform
import Primitives
import Scheduling
import Workbench

/// What each machine of a run is.
struct RunMachineOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The folder of a VM's image. Without it: simulated agents.", valueName: "folder"),
        completion: .directory)
    var vm: String?

    @Option(
        help: ArgumentHelp("The simulated agent's program. Without it, the one beside this.", valueName: "path"),
        completion: .file())
    var agent: String?

    @Option(
        help: ArgumentHelp(
            "The simulated platform's keys, one file for all machines, so that they share a root. Without it: "
                + "simulated.keys in the run's folder.", valueName: "file"), completion: .file())
    var keys: String?

    @Option(help: ArgumentHelp("This host's address, where machines listen.", valueName: "address"))
    var address = "127.0.0.1"

    @Argument(help: "After --: more arguments for `2cvm launch`, or for the simulated agent.")
    var more: [String] = []

    func validateLaunch() throws {
        if vm != nil, agent ?? keys != nil { throw ValidationError("--agent and --keys do not go with --vm") }
        if vm != nil, !more.contains("--profile") {
            throw ValidationError("--vm needs launch's arguments after --, such as -- --profile snp")
        }
    }

    /// As they were given, for another host: what was not given is sought there.
    var words: [String] {
        let given = [("--vm", vm), ("--agent", agent), ("--keys", keys)]
        return given.flatMap { name, value in value.map { [name, $0] } ?? [] } + (more.isEmpty ? [] : ["--"] + more)
    }

    func program(_ store: RunStore) throws(PlatformError) -> MachineProgram {
        if let vm { return .virtualMachine(command: try Program.path(), image: vm, arguments: more) }
        let agent = if let agent { agent } else { try Program.sibling("2cvm-agent-simulated") }
        return .simulated(
            agent: agent, keys: keys ?? "\(store.folder)/simulated.keys", arguments: more)
    }
}

/// How an engine is used.
struct RunEngineOptions: ParsableArguments {
    @Option(help: ArgumentHelp("local: how many machines there may be at once.", valueName: "count"))
    var machines: Int?

    @Option(
        help: ArgumentHelp(
            "slurm: what a node has once for each VM that it can hold, or none. Without it: snp_guest:1.",
            valueName: "resource"))
    var gres: String?

    @Option(
        help: ArgumentHelp("slurm: an option for sbatch, such as --partition=tee. Repeatable.", valueName: "option"))
    var sbatch: [String] = []

    @Option(help: ArgumentHelp("kubernetes: the container image, with 2cvm in it.", valueName: "name"))
    var containerImage: String?

    @Option(help: ArgumentHelp("kubernetes: the volume claim that holds the run's folder.", valueName: "name"))
    var volumeClaim: String?

    func validate() throws {
        if let machines, machines < 1 { throw ValidationError("--machines takes 1 or more") }
        for option in sbatch where !option.hasPrefix("-") || option.contains(where: \.isNewline) {
            throw ValidationError("--sbatch takes one option, such as --partition=tee")
        }
    }

    /// Options that another driver takes.
    func strays(for driver: PlanRun.DriverChoice) -> [String] {
        let slurm = (gres.map { _ in ["--gres"] } ?? []) + (sbatch.isEmpty ? [] : ["--sbatch"])
        let kubernetes =
            (containerImage.map { _ in ["--container-image"] } ?? [])
            + (volumeClaim.map { _ in ["--volume-claim"] } ?? [])
        let local = machines.map { _ in ["--machines"] } ?? []
        return switch driver {
        case .local: slurm + kubernetes
        case .slurm: local + kubernetes
        case .kubernetes: local + slurm
        case .none: local + slurm + kubernetes
        }
    }

    private var gresWords: String? { gres == "none" ? nil : gres ?? "snp_guest:1" }

    private func settings(_ program: MachineProgram) throws(PlatformError) -> SlurmScript.Settings {
        SlurmScript.Settings(command: try Program.path(), program: program, gres: gresWords, options: sbatch)
    }

    func driver(
        _ choice: PlanRun.DriverChoice, _ store: RunStore, _ program: MachineProgram, _ machine: RunMachineOptions
    ) throws(PlatformError) -> any Driver {
        switch choice {
        case .slurm: SlurmDriver(store, try settings(program))
        case .none, .kubernetes: NoDriver(store.schedule)
        case .local:
            LocalDriver(store, command: try Program.path(), program, host: machine.address)
        }
    }

    /// Every script that begins the run. The numbers of jobs are known when they were handed in.
    func slurmText(of store: RunStore, _ program: MachineProgram) throws(PlatformError) -> String {
        let settings = try settings(program)
        let scripts = SlurmScript.scripts(for: Array(store.schedule.sessions.indices), of: store.schedule)
        var jobs: [Int: String] = [:]
        var texts: [String] = []
        for (number, script) in scripts.enumerated() {
            texts.append(script.text(of: store, settings, jobs: jobs))
            for session in script.sessions { jobs[session] = "JOB\(number + 1)" }
        }
        return texts.joined(separator: "\n")
    }

    func kubernetesText(of store: RunStore, _ machine: RunMachineOptions) throws -> String {
        guard let containerImage, let volumeClaim else {
            throw ValidationError("--driver kubernetes needs --container-image and --volume-claim")
        }
        return KubernetesRun(store: store, options: machine.words, image: containerImage, claim: volumeClaim).text()
    }
}
