import Client
import Evidence
import Image
import Platform
import Primitives
import Workbench

/// From an image and the options to a VM that runs.
struct LaunchedVM {
    let image: VerifiedImage
    let binding: LaunchBinding
    let machine: MachineOptions
    /// What completes the evidence of a confidential VM; `nil` where the VM brings it along.
    var certificates: CertificateSource?

    /// A launch with SEV-SNP, unless the image, its firmware, the manifest or the host speaks against it.
    func confidential(
        _ options: ConfidentialOptions, hostObstacles: [LaunchObstacle]
    ) throws(CommandFailure) -> VirtualMachine {
        guard let type = options.vcpuType, let policy = options.guestPolicy else {
            throw CommandFailure(CommandError.argument("", expected: "a processor model and a guest policy"))
        }
        let identity = try options.identity()
        let path = options.firmware ?? image.path(ImageFolder.firmwareName)
        var firmware: Firmware?
        if options.firmware != nil || image.manifest.firmware != nil {
            firmware = try readFile(path, maximumByteCount: Firmware.maximumByteCount, as: Firmware.init(decoding:))
        }
        var digest: FixedBytes<48>?
        if let firmware { digest = try measurement(firmware, type) }
        var obstacles = image.obstacles(firmware: firmware, measurement: digest, listed: binding.measurements)
        if let identity, identity.block.launchDigest != digest || identity.block.policy != policy {
            obstacles.append(.blockForAnotherLaunch)
        }
        if let refusal = LaunchRefusal(obstacles + hostObstacles) { throw CommandFailure(refusal) }
        if let digest { printError("2cvm: measurement \(digest)") }
        let launch = ConfidentialLaunch(
            firmwarePath: path, processor: (type, options.pageTableBits), policy: policy,
            hostData: binding.hostData, identity: identity)
        return try guest(.snp(launch), initramfs: image.path(ImageFolder.initramfsName))
    }

    private func measurement(_ firmware: Firmware, _ type: VCPUType) throws(CommandFailure) -> FixedBytes<48>? {
        // Without that section there is no measurement, and the launch is refused for it.
        guard firmware.layout.sections.contains(where: { $0.kind == .kernelHashes }) else { return nil }
        do throws(LaunchError) {
            let processors = try VirtualProcessors(.qemu(type), count: FirmwareOptions.vcpus)
            let hashes = try image.manifest.kernelHashes()
            return try LaunchMeasurement(firmware: firmware, kernel: hashes, processors: processors).digest
        } catch {
            throw CommandFailure(error)
        }
    }

    /// An ordinary VM.
    func trial(_ options: TrialOptions, initramfs: String) throws(CommandFailure) -> VirtualMachine {
        let measurement = try trialMeasurement()
        if let listed = binding.measurements, !listed.contains(measurement),
            let refusal = LaunchRefusal([.measurement(measurement)])
        {
            throw CommandFailure(refusal)
        }
        printError("2cvm: measurement \(measurement)")
        return try guest(.trial(usesKVM: options.kvm), initramfs: initramfs)
    }

    private func guest(_ profile: VirtualMachine.Profile, initramfs: String) throws(CommandFailure) -> VirtualMachine {
        VirtualMachine(
            profile, boot: (image.path(ImageFolder.kernelName), initramfs, image.manifest.commandLine),
            memoryMiB: machine.memory, forwarding: try machine.forwarding())
    }

    private func trialMeasurement() throws(CommandFailure) -> FixedBytes<48> {
        TrialMeasurement(try kernelHashes(of: image.manifest)).digest
    }

    /// The image's initramfs, byte for byte, and the trial's archive behind it.
    func writeTrialInitramfs(_ options: TrialOptions, to path: String) throws(CommandFailure) {
        let program = try trialProgram(options)
        var modules: [(name: String, content: [UInt8])] = []
        for module in image.manifest.trialModules {
            let file = image.path(ImageFolder.trialModuleName(module.name))
            modules.append((module.name, try readFile(file, maximumByteCount: module.record.byteCount)))
        }
        let content = TrialArchive.Content(
            program: try readFile(program, maximumByteCount: TrialOptions.maximumProgramByteCount), modules: modules,
            measurement: try trialMeasurement(), hostData: binding.hostData,
            keys: try options.simulationKeys.map { path throws(CommandFailure) in
                try readFile(path, maximumByteCount: TrialOptions.maximumKeysByteCount)
            })
        let archive: Archive
        do throws(ArchiveError) {
            archive = try TrialArchive.make(content)
        } catch {
            throw CommandFailure(error)
        }
        let base = try readFile(
            image.path(ImageFolder.initramfsName), maximumByteCount: image.manifest.initramfs.byteCount)
        try writeFile(path, base + archive.bytes, mode: 0o600, force: false)
    }

    private func trialProgram(_ options: TrialOptions) throws(CommandFailure) -> String {
        if let program = options.trialProgram { return program }
        do throws(PlatformError) {
            return try Program.sibling("2cvm-trial")
        } catch {
            throw CommandFailure(error)
        }
    }

    /// Starts the VM and stays with it.
    func run(_ guest: VirtualMachine, _ cancellation: Cancellation) throws(CommandFailure) {
        do throws(VMError) {
            guard !cancellation.isCancelled else { throw .cancelled }
            try serve(guest, cancellation)
        } catch {
            throw CommandFailure(error)
        }
    }

    private func serve(_ guest: VirtualMachine, _ cancellation: Cancellation) throws(VMError) {
        // Whoever stops reading loses lines of the console. A launcher that waited for them could not be interrupted.
        let show = { (line: String) in
            if NamedFile.standardErrorHasRoom { printError("console: " + line) }
        }
        var running = try RunningVM(guest, program: machine.qemu)
        try running.awaitAgent(seconds: machine.bootSeconds, or: cancellation, show: show)
        print("listening on http://\(guest.forwarding.address):\(guest.forwarding.port)")
        // Whoever waits for this line reads it from a pipe.
        do throws(PlatformError) {
            try NamedFile.flushStandardOutput()
        } catch {
            throw .platform(error)
        }
        endorse(at: guest.forwarding)
        switch try running.awaitEnd(or: cancellation, show: show) {
        case .ended(status: 0): printError("2cvm: the VM has ended")
        case .ended(let status): throw .failed(status: status)
        case .cancelled: throw .cancelled
        }
    }

    /// Completes the VM's evidence while this thread stays with the console. Without it verifiers bring their own.
    private func endorse(at forwarding: VirtualMachine.Forwarding) {
        guard let certificates,
            let address = try? AgentAddress("http://\(forwarding.address):\(forwarding.port)")
        else { return }
        Task.detached {
            do throws(CommandFailure) {
                let collection = try await Endorser(client: AgentClient(address), source: certificates).endorse()
                if let failure = collection?.failure { throw failure }
                printError("2cvm: the evidence has its certificates and revocation list")
            } catch {
                printError("2cvm: note: the evidence is not complete, verifiers must bring what it lacks")
                Report.show(error)
                printError("2cvm: hint: `2cvm evidence endorse \(address)` tries again")
            }
        }
    }
}
