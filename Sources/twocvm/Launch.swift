import ArgumentParser
import Commitments
import Evidence
import Image
import Platform
import Primitives

struct Launch: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "launch",
        abstract: "Start a VM from an image, and wait with it.",
        discussion: """
            One VM is one session. With --manifest or --digest the hardware binds it to that manifest from its first \
            moment (HOST_DATA); with --await-manifest it takes the first fully signed manifest that it is sent.

            Profile snp starts an SEV-SNP guest, and refuses where the machine, QEMU or the image lacks what that \
            needs, naming all of it. Profile trial starts the same kernel and initramfs as an ordinary VM with an \
            emulated SNP device: it shows that everything works, and protects nothing.

            Prints the address once the agent listens, then waits. With SEV-SNP it fetches the processor's \
            certificates and AMD's revocation list meanwhile, and hands them to the agent; --offline takes only what \
            was fetched before. Ctrl-C ends the VM, and so does the end of this process, however it comes.

            Exit status: 0 the VM ended by itself, 1 refused, 3 something is unavailable, did not start or broke, 130 \
            interrupted.

            Example: 2cvm launch --image image --manifest manifest.json --profile snp
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
    }

    func run() throws {
        let image = try readImage(self.image)
        let bound = try binding.read(for: profile)
        var guest = LaunchedGuest(image: image, binding: bound, machine: machine)
        if format != .command {
            Swift.print(try kubernetesObject(image, bound), terminator: "")
            return
        }
        switch profile {
        case .snp:
            let machine = try guest.confidential(confidential)
            if print {
                Swift.print(machine.shellCommand(program: self.machine.qemu))
                return
            }
            if let refusal = LaunchRefusal(HostSurvey.ofThisMachine(qemu: self.machine.qemu).obstacles) {
                throw CommandFailure(.refused, refusal)
            }
            guest.certificates = certificates.source(refreshesList: false)
            try guest.run(machine)
        case .trial:
            printError("2cvm: note: a trial protects nothing: its host sees everything, and its reports are emulated")
            let folder = try temporaryFolder()
            let machine = try guest.trial(trial, initramfs: folder.path + "/" + ImageFolder.initramfsName)
            if print {
                Swift.print(machine.shellCommand(program: self.machine.qemu))
                return
            }
            try guest.writeTrialInitramfs(trial, to: machine.initramfsPath)
            try guest.run(machine)
        }
    }

    private func temporaryFolder() throws(CommandFailure) -> TemporaryFolder {
        do {
            return try TemporaryFolder()
        } catch {
            throw CommandFailure(.unavailable, error)
        }
    }

    private func kubernetesObject(_ image: VerifiedImage, _ bound: LaunchBinding) throws(CommandFailure) -> String {
        let session = KubernetesObject.Session(
            name: name, containerImage: containerImage ?? "", memoryMiB: machine.memory,
            vcpuType: confidential.vcpuType?.name ?? "")
        guard let session else {
            throw CommandFailure(
                .usage,
                CommandError.argument(name, expected: "a DNS label, and a --container-image of printable characters"))
        }
        switch (format, bound.manifestDigest) {
        case (.kubevirt, nil):
            printError("2cvm: note: KubeVirt sets no kernel hashes, so its measurement covers its firmware alone")
            return KubernetesObject.kubeVirt(session, commandLine: image.manifest.commandLine)
        case (.kubevirt, .some): throw CommandFailure(.refused, KubeVirtError.hostData)
        case (_, nil): return KubernetesObject.deployment(session, binding: ["--await-manifest"])
        case (_, let digest?): return KubernetesObject.deployment(session, binding: ["--digest", digest.prefixed])
        }
    }
}

private enum KubeVirtError: ExplainedError {
    case hostData

    var code: String { "launch.kubevirt" }
    var message: String { "KubeVirt's API cannot set HOST_DATA, so its VMs are bound to no manifest at launch" }
    var hint: String? { "use --await-manifest with a manifest of binding \"lock\", or --format deployment" }
}

/// What a VM is bound to when it starts.
struct LaunchBinding {
    /// HOST_DATA; `nil` for a session that waits for its manifest.
    let manifestDigest: SHA256Digest?
    /// The measurements that a manifest lists; `nil` where none is at hand.
    let measurements: Set<FixedBytes<48>>?

    var hostData: SHA256Digest { manifestDigest ?? SHA256Digest(repeating: 0) }
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
        if let digest { return LaunchBinding(manifestDigest: SHA256Digest(prefixed: digest), measurements: nil) }
        guard let path = manifest else { return LaunchBinding(manifestDigest: nil, measurements: nil) }
        let manifest = try readManifest(path).manifest
        switch (manifest.platform, profile) {
        case (.sevSNP, .snp), (.simulated, .trial): break
        default: throw Self.refusal(.platformKind, in: path)
        }
        guard manifest.platform.binding == .launch else { throw Self.refusal(.binding, in: path) }
        return LaunchBinding(
            manifestDigest: manifest.digest, measurements: Set(manifest.platform.measurements))
    }

    private static func refusal(_ obstacle: LaunchObstacle, in path: String) -> CommandFailure {
        guard let refusal = LaunchRefusal([obstacle]) else { preconditionFailure("an obstacle is one") }
        return CommandFailure(.refused, refusal, in: path)
    }
}
