internal import Platform

/// What a machine says of itself, as far as an SEV-SNP launch needs it. The host's word: it helps an operator, and
/// proves nothing to anyone else.
public struct HostSurvey: Equatable, Sendable {
    /// Whether `/proc/cpuinfo` has the flag `sev_snp`.
    public var hasProcessorFlag: Bool
    /// Whether `/sys/module/kvm_amd/parameters/sev_snp` says yes.
    public var isEnabledInKVM: Bool
    /// Whether `/dev/kvm` and `/dev/sev` are there.
    public var hasKVMDevice: Bool
    public var hasSEVDevice: Bool
    /// `/proc/sys/kernel/osrelease`: `6.12.0-amd64`.
    public var kernelRelease: String
    /// The line of `qemu-system-x86_64 --version` that tells it; `nil` without such a program, or such a line.
    public var qemu: String?

    /// States what was found.
    public init(
        processor: (hasFlag: Bool, isEnabledInKVM: Bool), devices: (kvm: Bool, sev: Bool), kernelRelease: String,
        qemu: String?
    ) {
        hasProcessorFlag = processor.hasFlag
        isEnabledInKVM = processor.isEnabledInKVM
        hasKVMDevice = devices.kvm
        hasSEVDevice = devices.sev
        self.kernelRelease = kernelRelease
        self.qemu = qemu
    }

    /// Looks at this machine. What cannot be read is not there.
    ///
    /// - Parameter qemu: the program, a path or a name.
    public static func ofThisMachine(qemu: String) -> HostSurvey {
        let processors = text(of: "/proc/cpuinfo")
        let flags = processors.split(separator: "\n").first { $0.hasPrefix("flags") } ?? ""
        let parameter = text(of: "/sys/module/kvm_amd/parameters/sev_snp").prefix(1)
        let version = try? ChildProgram.output(
            of: qemu, ["--version"], maximumByteCount: 4096, patience: .seconds(10))
        let lines = String(decoding: version ?? [], as: UTF8.self).split(separator: "\n")
        return HostSurvey(
            processor: (flags.split(separator: " ").contains("sev_snp"), parameter == "Y" || parameter == "1"),
            devices: (NamedFile.exists("/dev/kvm"), NamedFile.exists("/dev/sev")),
            kernelRelease: String(text(of: "/proc/sys/kernel/osrelease").prefix { $0 != "\n" }),
            qemu: lines.first { $0.hasPrefix(Self.versionPrefix) }.map(String.init))
    }

    private static func text(of path: String) -> String {
        guard let file = try? RegularFile(path: path), let bytes = try? file.read(upTo: 1 << 20, at: 0) else {
            return ""
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What this machine lacks for a launch with SEV-SNP: all of it, not the first thing.
    public var obstacles: [LaunchObstacle] {
        var obstacles: [LaunchObstacle] = []
        if !hasProcessorFlag { obstacles.append(.processor) }
        if !isEnabledInKVM { obstacles.append(.kvmParameter) }
        if !hasKVMDevice { obstacles.append(.device("/dev/kvm")) }
        if !hasSEVDevice { obstacles.append(.device("/dev/sev")) }
        if let found = Version(kernelRelease), found >= Self.earliestKernel {
        } else {
            obstacles.append(.kernel(found: kernelRelease))
        }
        if let qemu, qemu.hasPrefix(Self.versionPrefix), let found = Version(qemu.dropFirst(Self.versionPrefix.count)),
            found >= Self.earliestQEMU
        {
        } else {
            obstacles.append(.qemu(found: qemu))
        }
        return obstacles
    }

    /// The first release whose KVM starts SNP guests.
    private static let earliestKernel = Version(major: 6, minor: 11)
    /// The first release with sev-snp-guest.
    private static let versionPrefix = "QEMU emulator version "
    private static let earliestQEMU = Version(major: 9, minor: 1)
}

/// Two numbers at the beginning of a text: `6.12.0-amd64`.
private struct Version: Comparable {
    let major: Int
    let minor: Int

    init(major: Int, minor: Int) {
        self.major = major
        self.minor = minor
    }

    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", maxSplits: 2).map { $0.prefix { $0.isASCII && $0.isNumber } }
        guard parts.count >= 2, let major = Int(parts[0]), let minor = Int(parts[1]) else { return nil }
        self.init(major: major, minor: minor)
    }

    static func < (left: Version, right: Version) -> Bool { (left.major, left.minor) < (right.major, right.minor) }
}
