internal import Client
package import Evidence
package import Image
package import Keys
package import Platform
package import Primitives

/// From an image and what somebody wants of it to a VM that runs.
package struct LaunchedVM {
    package let image: VerifiedImage
    package let binding: LaunchBinding
    package let machine: MachineSettings
    /// What completes the evidence of a confidential VM; `nil` where the VM brings it along.
    package var certificates: CertificateSource?

    package init(image: VerifiedImage, binding: LaunchBinding, machine: MachineSettings) {
        self.image = image
        self.binding = binding
        self.machine = machine
    }

    /// A launch with SEV-SNP, unless the image, its firmware, the manifest or the host speaks against it.
    package func confidential(
        _ wanted: ConfidentialSettings, hostObstacles: [LaunchObstacle]
    ) throws(CommandFailure) -> VirtualMachine {
        let path = wanted.firmware ?? image.path(ImageFolder.firmwareName)
        var firmware: Firmware?
        if wanted.firmware != nil || image.manifest.firmware != nil {
            firmware = try readFile(path, maximumByteCount: Firmware.maximumByteCount, as: Firmware.init(decoding:))
        }
        var digest: FixedBytes<48>?
        if let firmware { digest = try measurement(firmware, wanted.type) }
        var obstacles = image.obstacles(firmware: firmware, measurement: digest, listed: binding.measurements)
        if let identity = wanted.identity,
            identity.block.launchDigest != digest || identity.block.policy != wanted.policy
        {
            obstacles.append(.blockForAnotherLaunch)
        }
        if let refusal = LaunchRefusal(obstacles + hostObstacles) { throw CommandFailure(refusal) }
        if let digest { printError("2cvm: measurement \(digest)") }
        let launch = ConfidentialLaunch(
            firmwarePath: path, processor: (wanted.type, wanted.pageTableBits), policy: wanted.policy,
            hostData: binding.hostData, identity: wanted.identity)
        return try guest(.snp(launch), initramfs: image.path(ImageFolder.initramfsName))
    }

    private func measurement(_ firmware: Firmware, _ type: VCPUType) throws(CommandFailure) -> FixedBytes<48>? {
        // Without that section there is no measurement, and the launch is refused for it.
        guard firmware.layout.sections.contains(where: { $0.kind == .kernelHashes }) else { return nil }
        do throws(LaunchError) {
            let processors = try VirtualProcessors(.qemu(type), count: VirtualMachine.processorCount)
            let hashes = try image.manifest.kernelHashes()
            return try LaunchMeasurement(firmware: firmware, kernel: hashes, processors: processors).digest
        } catch {
            throw CommandFailure(error)
        }
    }

    /// An ordinary VM.
    package func trial(_ wanted: TrialSettings, initramfs: String) throws(CommandFailure) -> VirtualMachine {
        let measurement = try trialMeasurement()
        if let listed = binding.measurements, !listed.contains(measurement),
            let refusal = LaunchRefusal([.measurement(measurement)])
        {
            throw CommandFailure(refusal)
        }
        printError("2cvm: measurement \(measurement)")
        return try guest(.trial(usesKVM: wanted.usesKVM), initramfs: initramfs)
    }

    private func guest(_ profile: VirtualMachine.Profile, initramfs: String) throws(CommandFailure) -> VirtualMachine {
        VirtualMachine(
            profile, boot: (image.path(ImageFolder.kernelName), initramfs, image.manifest.commandLine),
            memoryMiB: machine.memoryMiB, forwarding: machine.forwarding)
    }

    private func trialMeasurement() throws(CommandFailure) -> FixedBytes<48> {
        TrialMeasurement(try kernelHashes(of: image.manifest)).digest
    }

    /// The image's initramfs, byte for byte, and the trial's archive behind it.
    package func writeTrialInitramfs(_ wanted: TrialSettings, to path: String) throws(CommandFailure) {
        let program = try trialProgram(wanted)
        var modules: [(name: String, content: [UInt8])] = []
        for module in image.manifest.trialModules {
            let file = image.path(ImageFolder.trialModuleName(module.name))
            modules.append((module.name, try readFile(file, maximumByteCount: module.record.byteCount)))
        }
        let content = TrialArchive.Content(
            program: try readFile(program, maximumByteCount: TrialSettings.maximumProgramByteCount), modules: modules,
            measurement: try trialMeasurement(), hostData: binding.hostData,
            keys: try wanted.simulationKeys.map { path throws(CommandFailure) in
                try readFile(path, maximumByteCount: TrialSettings.maximumKeysByteCount)
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

    private func trialProgram(_ wanted: TrialSettings) throws(CommandFailure) -> String {
        if let program = wanted.program { return program }
        do throws(PlatformError) {
            return try Program.sibling("2cvm-trial")
        } catch {
            throw CommandFailure(error)
        }
    }

    /// Starts the VM and stays with it.
    package func run(_ guest: VirtualMachine, _ cancellation: Cancellation) throws(CommandFailure) {
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

/// What the machine gives a VM.
package struct MachineSettings {
    package let memoryMiB: Int
    package let forwarding: VirtualMachine.Forwarding
    package let bootSeconds: Int
    /// QEMU: a name or a path.
    package let qemu: String

    package init(memoryMiB: Int, forwarding: VirtualMachine.Forwarding, bootSeconds: Int, qemu: String) {
        self.memoryMiB = memoryMiB
        self.forwarding = forwarding
        self.bootSeconds = bootSeconds
        self.qemu = qemu
    }
}

/// What is wanted of a launch with SEV-SNP.
package struct ConfidentialSettings {
    package let type: VCPUType
    package let policy: GuestPolicy
    package var pageTableBits = ConfidentialLaunch.PageTableBits.usual
    /// Where the image's own is not to be used.
    package var firmware: String?
    package var identity: ConfidentialLaunch.Identity?

    package init(type: VCPUType, policy: GuestPolicy) {
        self.type = type
        self.policy = policy
    }
}

/// What is wanted of a VM without hardware.
package struct TrialSettings {
    /// The trial's program; without it the one beside this program.
    package let program: String?
    package let simulationKeys: String?
    package let usesKVM: Bool

    /// Bytes of a trial's program and of its keys, at most.
    fileprivate static let maximumProgramByteCount = 64 << 20
    fileprivate static let maximumKeysByteCount = 32_768

    package init(program: String?, simulationKeys: String?, usesKVM: Bool) {
        self.program = program
        self.simulationKeys = simulationKeys
        self.usesKVM = usesKVM
    }
}

/// What a VM is bound to when it starts.
package struct LaunchBinding {
    /// HOST_DATA; `nil` for a session that waits for its manifest.
    package let bound: BoundDigest?
    /// The measurements that a manifest lists; `nil` where none is at hand.
    package let measurements: Set<FixedBytes<48>>?

    package init(bound: BoundDigest?, measurements: Set<FixedBytes<48>>?) {
        self.bound = bound
        self.measurements = measurements
    }

    package var hostData: SHA256Digest { (bound ?? .none).hostData }
}
