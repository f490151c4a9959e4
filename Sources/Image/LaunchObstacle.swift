public import Evidence
public import Primitives

/// A reason why a VM is not launched.
public enum LaunchObstacle: Equatable, Sendable {
    case processor
    case kvmParameter
    case device(String)
    case kernel(found: String)
    case qemu(found: String?)
    case noFirmware
    case firmwareWithoutHashes
    case hostTables
    case measurement(FixedBytes<48>)
    case blockForAnotherLaunch
    case platformKind
    case binding
}

extension LaunchObstacle {
    /// One clause, lowercase.
    public var message: String {
        switch self {
        case .processor: "the processor has no SEV-SNP (no flag sev_snp in /proc/cpuinfo)"
        case .kvmParameter: "KVM does not offer SEV-SNP (/sys/module/kvm_amd/parameters/sev_snp is not Y)"
        case .device(let path): "there is no \(path)"
        case .kernel(let found): "the kernel is \"\(printable(found))\", and 6.11 is the first that starts SNP guests"
        case .qemu(nil): "there is no QEMU that tells its version"
        case .qemu(let found?): "QEMU is \"\(printable(found))\", and 9.1 is the first that starts SNP guests"
        case .noFirmware: "the image has no firmware"
        case .firmwareWithoutHashes: "the firmware has no section for kernel hashes, so nothing verifies the kernel"
        case .hostTables:
            "the image's command line does not plainly say acpi=off: its kernel would run bytecode of the host's"
        case .measurement(let digest): "the manifest does not list this launch's measurement \(digest)"
        case .blockForAnotherLaunch: "the ID block states another measurement or policy than this launch has"
        case .platformKind: "the manifest asks for another platform than this profile starts"
        case .binding: "the manifest's binding is lock: it is sent to the running VM, and the launch must not name it"
        }
    }

    /// What to do about it.
    public var hint: String {
        switch self {
        case .processor: "use a machine with an AMD EPYC of the third generation or later, or --profile trial"
        case .kvmParameter: "switch SEV-SNP on in the machine's setup, and load kvm_amd with sev_snp=1"
        case .device("/dev/sev"): "load the ccp module, or give the container the device"
        case .device: "load the module, or give the container the device"
        case .kernel: "install a newer kernel"
        case .qemu: "install QEMU 9.1 or later; Debian 12 has it in bookworm-backports"
        case .noFirmware: "name it with --firmware; scripts/firmware builds it"
        case .firmwareWithoutHashes: "use OVMF's AmdSev build; scripts/firmware makes it"
        case .hostTables: "build the image again"
        case .measurement: "compare with `2cvm image measure`, vCPU type included; the participants decide"
        case .blockForAnotherLaunch: "make it again with `2cvm measure id-block make`"
        case .platformKind: "--profile snp is for \"sev-snp\", --profile trial for \"simulated\""
        case .binding: "launch with --await-manifest"
        }
    }
}

/// All that keeps a VM from being launched.
public struct LaunchRefusal: ExplainedError, Equatable, Sendable {
    public let obstacles: [LaunchObstacle]

    /// - Returns: `nil` when there is no obstacle.
    public init?(_ obstacles: [LaunchObstacle]) {
        guard !obstacles.isEmpty else { return nil }
        self.obstacles = obstacles
    }

    public var code: String { "launch.refused" }
    public var message: String { obstacles.map(\.message).joined(separator: "; ") }
    public var hint: String? {
        // Several of them may be cured by the same.
        obstacles.map(\.hint).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
            .joined(separator: "; ")
    }
}

extension VerifiedImage {
    /// What keeps an image from being launched with SEV-SNP, on whatever machine.
    ///
    /// - Parameters:
    ///   - firmware: `nil` when there is none.
    ///   - measurement: of this launch; `nil` where the firmware cannot have one.
    ///   - listed: the measurements of a manifest; `nil` where none is at hand.
    public func obstacles(
        firmware: Firmware?, measurement: FixedBytes<48>?, listed: Set<FixedBytes<48>>?
    ) -> [LaunchObstacle] {
        var obstacles: [LaunchObstacle] = []
        if !KernelCommandLine.ignoresACPI(manifest.commandLine) { obstacles.append(.hostTables) }
        switch firmware?.layout.sections.contains(where: { $0.kind == .kernelHashes }) {
        case nil: obstacles.append(.noFirmware)
        case false?: obstacles.append(.firmwareWithoutHashes)
        case true?: break
        }
        if let measurement, let listed, !listed.contains(measurement) { obstacles.append(.measurement(measurement)) }
        return obstacles
    }
}

/// Text of the host's, as a terminal may show it.
func printable(_ text: String) -> String {
    text.unicodeScalars.prefix(200).reduce(into: "") { result, scalar in
        let isPlain = 0x20...0x7E ~= scalar.value
        result += isPlain ? String(scalar) : "\\u{" + String(scalar.value, radix: 16) + "}"
    }
}
