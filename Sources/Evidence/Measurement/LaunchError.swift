public import Primitives

/// Why a launch has no measurement: the parts do not fit each other.
public enum LaunchError: Error, Equatable, Sendable {
    case vcpuCount(found: Int)
    case noResetAddress
    case noKernelHashesSection
    case hashTableMisplaced
    case commandLineHasNUL
    case commandLineTooLong(found: Int)
}

extension LaunchError: ExplainedError {
    public var code: String {
        switch self {
        case .vcpuCount: "evidence.launch.vcpus"
        case .noResetAddress: "evidence.launch.reset"
        case .noKernelHashesSection, .hashTableMisplaced: "evidence.launch.hashes"
        case .commandLineHasNUL, .commandLineTooLong: "evidence.launch.command-line"
        }
    }

    public var message: String {
        switch self {
        case .vcpuCount(let found):
            "expected \(VirtualProcessors.countRange.lowerBound) to \(VirtualProcessors.countRange.upperBound) "
                + "processors, found \(found)"
        case .noResetAddress: "the firmware does not say where further processors start"
        case .noKernelHashesSection: "the firmware has no place for the hashes of a kernel"
        case .hashTableMisplaced: "the firmware's table of kernel hashes does not lie in the section that holds it"
        case .commandLineHasNUL: "the command line contains a NUL character"
        case .commandLineTooLong(let found):
            "expected a command line of at most \(KernelHashes.maximumCommandLineByteCount) bytes, found \(found)"
        }
    }

    public var hint: String? {
        switch self {
        case .noResetAddress: "measure one processor, or use firmware with a SEV-ES reset block"
        case .noKernelHashesSection: "use OVMF's AmdSev build; the usual builds do not verify a kernel from the host"
        case .commandLineTooLong: "Linux would cut it without saying so"
        default: nil
        }
    }
}
