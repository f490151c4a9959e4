import ArgumentParser
import CommandOptions
import Commitments
import Evidence
import Image
import Keys
import Platform
import Primitives
import Workbench

struct Launch: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "launch",
        abstract: "Start a VM from an image, and wait until it ends.",
        discussion: """
            One VM is one session. With --manifest or --digest the hardware binds it to that manifest from its first \
            moment (HOST_DATA); with --await-manifest it takes the first fully signed manifest that it is sent.

            Profile snp starts an SEV-SNP guest. If the machine, QEMU or the image lacks something for that, it \
            refuses and names all of it. Profile trial starts the same kernel and initramfs as an ordinary VM with an \
            emulated SNP device: it shows that everything works, and protects nothing.

            Prints the address once the agent listens, then waits. With SEV-SNP it fetches the processor's \
            certificates and AMD's revocation list meanwhile, and hands them to the agent; --offline takes only what \
            was fetched before. Ctrl-C ends the VM, and so does the end of this process, however it comes.

            Exit status: 0 the VM ended by itself, 1 refused, 3 something is unavailable, did not start or broke, 130 \
            interrupted.

            Example: 2cvm launch --image image --manifest manifest.json --profile snp --vcpu-type EPYC-v4
            """)

    /// How a VM is protected.
    enum ProfileChoice: String, CaseIterable, ExpressibleByArgument {
        case snp, trial
    }

    /// What is printed instead of a launch.
    enum PrintFormat: String, CaseIterable, ExpressibleByArgument {
        case command, deployment, kubevirt
    }

    @Option(help: ArgumentHelp("The image's folder.", valueName: "folder"), completion: .directory)
    var image: String

    @Option(help: "snp, or trial for an ordinary VM that protects nothing.")
    var profile: ProfileChoice

    @OptionGroup(title: "What the session is bound to") var binding: BindingOptions
    @OptionGroup(title: "The VM") var machine: MachineOptions
    @OptionGroup(title: "SEV-SNP") var confidential: ConfidentialOptions
    @OptionGroup(title: "Its certificates") var certificates: CertificateOptions
    @OptionGroup(title: "Trial") var trial: TrialOptions

    @Flag(help: "Start nothing; print what would be started.")
    var print = false

    @Option(help: "With --print: a command, or an object for Kubernetes.")
    var format: PrintFormat = .command

    @Option(help: ArgumentHelp("For Kubernetes: the container image.", valueName: "name"))
    var containerImage: String?

    @Option(help: ArgumentHelp("For Kubernetes: what the session is called.", valueName: "name"))
    var name = "2cvm-session"

    func validate() throws {
        if profile == .snp, confidential.vcpuType == nil {
            throw ValidationError("--vcpu-type is needed with SEV-SNP, which measures it")
        }
        if format != .command, !print { throw ValidationError("--format goes with --print") }
        if format != .command, profile != .snp { throw ValidationError("Kubernetes objects are of profile snp") }
        if format != .command, containerImage == nil {
            throw ValidationError("--format \(format.rawValue) needs --container-image")
        }
        // An option that would change nothing was meant to change something.
        if let stray = strays.first {
            let form = format == .command ? "--profile \(profile.rawValue)" : "--format \(format.rawValue)"
            throw ValidationError("\(stray.name) does not go with \(form)")
        }
    }

    private var strays: [GivenOption] {
        switch (format, profile) {
        case (.command, .snp): trial.given
        case (.command, .trial): confidential.given + certificates.given
        case (.deployment, _): given.filter { !(Self.inObjects + Self.carried).contains($0.name) }
        case (.kubevirt, _): given.filter { !Self.inObjects.contains($0.name) }
        }
    }

    private var given: [GivenOption] { machine.given + confidential.given + certificates.given + trial.given }

    /// What an object for Kubernetes has a place for.
    private static let inObjects = ["--memory", "--vcpu-type"]
    /// What a pod's launcher is told as this one was. Files would have to be in the container.
    private static let carried = ["--policy", "--c-bit", "--reduced-bits", "--boot-seconds", "--offline", "--product"]

    func run() throws {
        let image = try readImage(self.image)
        let least = image.manifest.leastMemoryMiB
        guard machine.memory >= least else {
            throw CommandFailure(ImageError.memory(MiB: machine.memory, least: least), in: self.image)
        }
        let guest = LaunchedVM(image: image, binding: try binding.read(for: profile), machine: try machine.settings())
        if print { Swift.print(try text(of: guest), terminator: "") } else { try start(guest) }
    }

    /// What would be started.
    private func text(of guest: LaunchedVM) throws(CommandFailure) -> String {
        if format == .kubevirt { return try kubernetesObject(guest) }
        switch profile {
        case .snp:
            let machine = try guest.confidential(try confidential.settings(), hostObstacles: [])
            if format == .deployment { return try kubernetesObject(guest) }
            return machine.shellCommand(program: self.machine.qemu) + "\n"
        case .trial:
            printError("2cvm: note: a launch starts a copy of this initramfs, with the trial's archive behind it")
            let machine = try guest.trial(trial.settings, initramfs: guest.image.path(ImageFolder.initramfsName))
            return machine.shellCommand(program: self.machine.qemu) + "\n"
        }
    }

    private func start(_ guest: LaunchedVM) throws(CommandFailure) {
        let cancellation: Cancellation
        do throws(PlatformError) {
            cancellation = try Cancellation()
        } catch {
            throw CommandFailure(error)
        }
        // Whenever an interrupt comes, the folder with a trial's keys is removed.
        try cancellation.whileInterruptsCancel { () throws(CommandFailure) in
            switch profile {
            case .snp:
                var guest = guest
                let survey = HostSurvey.ofThisMachine(qemu: machine.qemu)
                let machine = try guest.confidential(try confidential.settings(), hostObstacles: survey.obstacles)
                guest.certificates = certificates.source(refreshesList: false)
                try guest.run(machine, cancellation)
            case .trial:
                printError("2cvm: note: a trial protects nothing: its host sees everything, its reports are emulated")
                let folder = try temporaryFolder()
                let machine = try guest.trial(trial.settings, initramfs: folder.path + "/" + ImageFolder.initramfsName)
                try guest.writeTrialInitramfs(trial.settings, to: machine.initramfsPath)
                try guest.run(machine, cancellation)
            }
        }
    }

    private func temporaryFolder() throws(CommandFailure) -> TemporaryFolder {
        do {
            return try TemporaryFolder()
        } catch {
            throw CommandFailure(error)
        }
    }

    private func kubernetesObject(_ guest: LaunchedVM) throws(CommandFailure) -> String {
        let session = KubernetesObject.Session(
            name: name, containerImage: containerImage ?? "", memoryMiB: machine.memory,
            vcpuType: confidential.vcpuType?.name ?? "")
        guard let session else {
            throw CommandFailure(
                CommandError.argument(
                    "\(name)\", \"\(containerImage ?? "")",
                    expected: "a DNS label as --name, and a --container-image of printable characters"))
        }
        let digest = guest.binding.bound?.hostData
        guard format == .deployment else {
            guard digest == nil else { throw CommandFailure(KubeVirtError.hostData) }
            printError("2cvm: note: KubeVirt sets no kernel hashes, so its measurement covers its firmware alone")
            return KubernetesObject.kubeVirt(session, commandLine: guest.image.manifest.commandLine)
        }
        let binding = digest.map { ["--digest", $0.prefixed] } ?? ["--await-manifest"]
        let options = given.filter { Self.carried.contains($0.name) }
        return KubernetesObject.deployment(session, arguments: binding + options.flatMap(\.words))
    }
}

private enum KubeVirtError: CommandFault {
    case hostData

    var status: ExitStatus { .refused }

    var code: String { "launch.kubevirt" }
    var message: String { "KubeVirt's API cannot set HOST_DATA, so its VMs are bound to no manifest at launch" }
    var hint: String? { "use --await-manifest with a manifest of binding \"lock\", or --format deployment" }
}

struct BindingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The manifest, signed or not.", valueName: "file"), completion: .file())
    var manifest: String?

    @Option(help: ArgumentHelp("The manifest's digest: sha256: and 64 digits.", valueName: "digest"))
    var digest: String?

    @Flag(help: "Bind to no manifest; the running VM takes the first fully signed one.")
    var awaitManifest = false

    func validate() throws {
        let given = (manifest == nil ? 0 : 1) + (digest == nil ? 0 : 1) + (awaitManifest ? 1 : 0)
        guard given == 1 else { throw ValidationError("give one of --manifest, --digest and --await-manifest") }
        if let digest, SHA256Digest(prefixed: digest)?.isZero != false {
            throw ValidationError("expected sha256: and 64 lowercase hexadecimal digits, not all zero")
        }
    }

    func read(for profile: Launch.ProfileChoice) throws(CommandFailure) -> LaunchBinding {
        if let digest {
            return LaunchBinding(bound: SHA256Digest(prefixed: digest).map(BoundDigest.init), measurements: nil)
        }
        guard let path = manifest else { return LaunchBinding(bound: nil, measurements: nil) }
        let manifest = try readManifest(path).manifest
        switch (manifest.platform, profile) {
        case (.sevSNP, .snp), (.simulated, .trial): break
        default: throw Self.refusal(.platformKind, in: path)
        }
        guard manifest.platform.binding == .launch else { throw Self.refusal(.binding, in: path) }
        return LaunchBinding(bound: manifest.bound, measurements: Set(manifest.platform.measurements))
    }

    private static func refusal(_ obstacle: LaunchObstacle, in path: String) -> CommandFailure {
        guard let refusal = LaunchRefusal([obstacle]) else { preconditionFailure("an obstacle is one") }
        return CommandFailure(refusal, in: path)
    }
}
