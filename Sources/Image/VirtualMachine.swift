public import Evidence
public import Primitives

/// A VM as QEMU is told to start it. A pure value: it opens nothing and starts nothing.
public struct VirtualMachine: Equatable, Sendable {
    /// Where the agent listens inside the VM.
    public static let guestPort: UInt16 = 8080
    /// MiB. Less cannot hold the unpacked initramfs and a run.
    public static let memoryRange = 512...1_048_576
    public static let defaultMemoryMiB = 1024
    /// With `acpi=off` the kernel finds no second one.
    public static let processorCount = 1
    /// What `qemu-system-x86_64` is called where it was installed.
    public static let defaultProgram = "qemu-system-x86_64"

    /// What protects the VM from its host.
    public enum Profile: Equatable, Sendable {
        /// SEV-SNP. Nothing of the machine's own firmware, keys or disks is used.
        case snp(ConfidentialLaunch)
        /// Nothing at all: an ordinary VM, interpreted, or by KVM where somebody asked for it.
        case trial(usesKVM: Bool)
    }

    /// Where the host forwards a port to the agent.
    public struct Forwarding: Equatable, Sendable {
        public let address: String
        public let port: UInt16

        /// - Parameters:
        ///   - address: IPv4, in dots; of one machine, or 0.0.0.0 for all that this one has.
        ///   - port: of the host; 0 is none.
        /// - Returns: `nil` for what is no such address.
        public init?(address: String, port: UInt16) {
            let parts = address.split(separator: ".", omittingEmptySubsequences: false)
            // From 224 on: groups, reserved, everyone.
            guard parts.count == 4, port > 0, let first = UInt8(parts[0]), first < 224,
                parts.allSatisfy({ part in UInt8(part).map { String($0).hasSameBytes(as: part) } == true })
            else { return nil }
            self.address = address
            self.port = port
        }
    }

    public let profile: Profile
    public let kernelPath: String
    public let initramfsPath: String
    public let commandLine: String
    public let memoryMiB: Int
    public let forwarding: Forwarding

    /// Describes a VM.
    ///
    /// - Parameter boot: what it boots: the paths of kernel and initramfs, and the kernel's command line.
    /// - Precondition: the memory lies in ``memoryRange``.
    public init(
        _ profile: Profile, boot: (kernel: String, initramfs: String, commandLine: String), memoryMiB: Int,
        forwarding: Forwarding
    ) {
        precondition(Self.memoryRange ~= memoryMiB, "a VM of \(memoryMiB) MiB is not one that boots")
        self.profile = profile
        kernelPath = boot.kernel
        initramfsPath = boot.initramfs
        commandLine = boot.commandLine
        self.memoryMiB = memoryMiB
        self.forwarding = forwarding
    }

    /// QEMU's arguments, without the program's own name.
    ///
    /// One processor, as the kernel sees no other without ACPI; no disk, no display, no monitor, nothing from a
    /// user's configuration. The network lets the one port in, and nothing out (`restrict=on`). No option ROM
    /// (`romfile=`). The console is standard output.
    public var arguments: [String] {
        processorArguments + [
            "-smp", "1", "-m", "\(memoryMiB)", "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
        ] + machineArguments + [
            "-kernel", kernelPath, "-initrd", initramfsPath, "-append", commandLine, "-serial", "stdio",
            "-netdev",
            "user,id=n0,restrict=on,hostfwd=tcp:\(forwarding.address):\(forwarding.port)-:\(Self.guestPort)",
            "-device", networkDevice,
        ]
    }

    private var processorArguments: [String] {
        switch profile {
        case .snp(let launch): ["-accel", "kvm", "-cpu", launch.vcpuType.name]
        case .trial(true): ["-accel", "kvm", "-cpu", "host"]
        case .trial(false): ["-accel", "tcg", "-cpu", "max"]
        }
    }

    private var machineArguments: [String] {
        guard case .snp(let launch) = profile else { return ["-machine", "q35"] }
        return [
            "-machine", "q35,confidential-guest-support=sev0,memory-backend=ram1",
            "-object", "memory-backend-memfd,id=ram1,size=\(memoryMiB)M,share=true,prealloc=false",
            "-object", launch.object, "-bios", launch.firmwarePath,
        ]
    }

    private var networkDevice: String {
        let device = "virtio-net-pci,netdev=n0,romfile="
        guard case .snp = profile else { return device }
        // Buffers that the host may see, and none other, are shared with it.
        return device + ",disable-legacy=on,iommu_platform=on"
    }

    /// One line for a shell: each word quoted where it must be.
    public func shellCommand(program: String = defaultProgram) -> String {
        ([program] + arguments).map(shellWord).joined(separator: " ")
    }
}

/// What SEV-SNP is told of a launch.
public struct ConfidentialLaunch: Equatable, Sendable {
    /// SMT allowed; no debugging, no migration. Bit 17 is always set.
    public static let defaultPolicy: UInt64 = 0x30000

    public let firmwarePath: String
    public let vcpuType: VCPUType
    public let policy: GuestPolicy
    /// HOST_DATA: the manifest's digest, or zeros for a session that waits for its manifest.
    public let hostData: SHA256Digest
    /// The encoded block and its authentication, and whether that has an author key.
    public let identity: Identity?
    /// Of the host's processor: CPUID Fn8000_001F EBX, bits 5:0 and 11:6.
    public let pageTableBits: PageTableBits

    /// An ID block with its signatures.
    public struct Identity: Equatable, Sendable {
        public let block: IDBlock
        public let authentication: IDAuthentication

        /// - Throws: ``IDBlockError`` when the authentication does not sign the block.
        public init(_ block: IDBlock, _ authentication: IDAuthentication) throws(IDBlockError) {
            try authentication.verify(block)
            self.block = block
            self.authentication = authentication
        }
    }

    /// Where encryption sits in an address of the host's.
    public struct PageTableBits: Equatable, Sendable {
        public let position: Int
        public let reduction: Int
        /// EPYC of the third generation and later.
        public static let usual = PageTableBits(position: 51, reduction: 1)

        /// Takes what the host's processor says.
        public init(position: Int, reduction: Int) {
            self.position = position
            self.reduction = reduction
        }
    }

    /// States a launch.
    public init(
        firmwarePath: String, processor: (type: VCPUType, bits: PageTableBits), policy: GuestPolicy,
        hostData: SHA256Digest, identity: Identity?
    ) {
        self.firmwarePath = firmwarePath
        vcpuType = processor.type
        pageTableBits = processor.bits
        self.policy = policy
        self.hostData = hostData
        self.identity = identity
    }

    /// QEMU's sev-snp-guest object. Without `kernel-hashes=on` the measurement would say nothing of kernel, initramfs
    /// and command line.
    var object: String {
        var properties = [
            "sev-snp-guest", "id=sev0", "cbitpos=\(pageTableBits.position)",
            "reduced-phys-bits=\(pageTableBits.reduction)", "policy=0x\(String(policy.rawValue, radix: 16))",
            "kernel-hashes=on", "host-data=\(Base64.standard.encode(hostData.bytes))",
        ]
        if let identity {
            if identity.authentication.authorKey != nil { properties.append("author-key-enabled=on") }
            properties += [
                "id-block=\(Base64.standard.encode(identity.block.encoded))",
                "id-auth=\(Base64.standard.encode(identity.authentication.encoded))",
            ]
        }
        return properties.joined(separator: ",")
    }
}

/// A word as a shell takes it whole.
package func shellWord(_ word: String) -> String {
    let plain = word.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "-_./,:=+@".utf8.contains(byte)
        }
    }
    if plain, !word.isEmpty { return word }
    let escaped = word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
    return "'\(escaped)'"
}
