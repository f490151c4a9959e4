public import Primitives

/// The measurement that SEV-SNP signs for a launch, recomputed from what is launched.
///
/// Order (AMD 56860, SNP_LAUNCH_UPDATE, as hypervisors issue it): the firmware's pages, the sections
/// that its metadata names, one page of registers for each processor.
public struct LaunchMeasurement: Equatable, Sendable {
    /// The report's MEASUREMENT: SHA-384.
    public let digest: FixedBytes<48>

    /// Computes the measurement.
    ///
    /// - Parameters:
    ///   - firmware: an OVMF file.
    ///   - processors: how many there are, and of which type.
    ///   - kernel: for measured direct boot; `nil` where the firmware boots from a disk.
    /// - Throws: ``LaunchError`` when the firmware cannot be launched like this.
    public init(
        firmware: Firmware, kernel: KernelHashes?, processors: VirtualProcessors
    ) throws(LaunchError) {
        var digest = LaunchDigest(continuing: firmware.pagesDigest)
        try digest.extend(firmware.layout, kernel: kernel, hypervisor: processors.hypervisor)

        let first = InitialProcessorState(
            instructionPointer: InitialProcessorState.resetVector, processors: processors)
        digest.extend(processorState: first.page, count: 1)
        if processors.count > 1 {
            guard let address = firmware.layout.resetAddress else { throw .noResetAddress }
            let others = InitialProcessorState(instructionPointer: address, processors: processors)
            digest.extend(processorState: others.page, count: processors.count - 1)
        }
        self.digest = digest.value
    }
}

extension LaunchDigest {
    fileprivate mutating func extend(
        _ layout: FirmwareLayout, kernel: KernelHashes?, hypervisor: Hypervisor
    ) throws(LaunchError) {
        if kernel != nil, !layout.sections.contains(where: { $0.kind == .kernelHashes }) {
            throw .noKernelHashesSection
        }
        for section in layout.sections {
            let address = UInt64(section.address)
            switch (section.kind, kernel) {
            case (.firmwareMemory, _):
                extend(hypervisor == .gce ? .unmeasured : .zero, at: address, byteCount: section.byteCount)
            case (.callingArea, _), (.kernelHashes, nil):
                extend(.zero, at: address, byteCount: section.byteCount)
            case (.secrets, _):
                extend(.secrets, at: address, byteCount: section.byteCount)
            case (.cpuid, _):
                if hypervisor != .ec2 { extend(.cpuid, at: address, byteCount: section.byteCount) }
            case (.kernelHashes, let kernel?):
                extend(pages: kernel.page(at: try layout.hashTableOffset(in: section)), at: address)
            }
        }
        // EC2 fills in the CPUID page after all others.
        if hypervisor == .ec2 {
            for section in layout.sections where section.kind == .cpuid {
                extend(.cpuid, at: UInt64(section.address), byteCount: section.byteCount)
            }
        }
    }
}

extension FirmwareLayout {
    /// Where the table of kernel hashes begins in its page.
    fileprivate func hashTableOffset(in section: FirmwareSection) throws(LaunchError) -> Int {
        guard let address = hashTableAddress, address >= section.address,
            UInt64(address) + UInt64(KernelHashes.tableByteCount) <= section.end
        else { throw .hashTableMisplaced }
        return Int(address - section.address)
    }
}
