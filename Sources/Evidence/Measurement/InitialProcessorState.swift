internal import Primitives

/// A processor's registers at the guest's first instruction: the save area (VMSA) that SEV-SNP measures.
///
/// Everything that is not named here is zero. Source: AMD 24593, APM volume 2, table B-4, for the
/// offsets; the values are what each hypervisor was seen to set.
struct InitialProcessorState {
    /// The architecture's reset vector, where the first processor starts.
    static let resetVector: UInt32 = 0xFFFF_FFF0

    let instructionPointer: UInt32
    let processors: VirtualProcessors

    /// One page.
    var page: [UInt8] {
        var page = [UInt8](repeating: 0, count: FirmwareLayout.pageByteCount)
        func put(_ value: some FixedWidthInteger, at offset: Int) {
            page.replaceSubrange(offset..<offset + value.bitWidth / 8, with: value.littleEndianBytes)
        }
        for (index, segment) in segments.enumerated() {
            put(segment.selector, at: 16 * index)
            put(segment.attributes, at: 16 * index + 2)
            put(UInt32(0xFFFF), at: 16 * index + 4)
            put(segment.base, at: 16 * index + 8)
        }
        put(UInt64(0x1000), at: 0x0D0)  // EFER: SVME, which KVM sets.
        put(UInt64(0x40), at: 0x148)  // CR4: MCE, which KVM sets.
        put(UInt64(0x10), at: 0x158)  // CR0
        put(UInt64(0x400), at: 0x160)  // DR7
        put(UInt64(0xFFFF_0FF0), at: 0x168)  // DR6
        put(UInt64(0x2), at: 0x170)  // RFLAGS
        put(UInt64(instructionPointer & 0xFFFF), at: 0x178)  // RIP
        put(pageAttributes, at: 0x268)
        put(UInt64(signature), at: 0x310)  // RDX
        put(processors.features, at: 0x3B0)
        put(UInt64(0x1), at: 0x3E8)  // XCR0
        put(floatingPoint.mxcsr, at: 0x408)
        put(floatingPoint.control, at: 0x410)
        return page
    }

    private struct Segment {
        var selector: UInt16 = 0
        var attributes: UInt16
        var base: UInt64 = 0
    }

    /// es, cs, ss, ds, fs, gs, gdtr, ldtr, idtr, tr.
    private var segments: [Segment] {
        let data = Segment(attributes: 0x93)
        let table = Segment(attributes: 0)
        var stack = data
        var code = Segment(selector: 0xF000, attributes: 0x9B, base: UInt64(instructionPointer & 0xFFFF_0000))
        var task = Segment(attributes: 0x8B)
        if processors.hypervisor == .ec2 {
            code.attributes = instructionPointer == Self.resetVector ? 0x9A : 0x9B
            stack.attributes = 0x92
            task.attributes = 0x83
        }
        return [data, code, stack, data, data, data, table, Segment(attributes: 0x82), table, task]
    }

    /// G_PAT.
    private var pageAttributes: UInt64 {
        switch processors.hypervisor {
        case .qemu, .ec2: 0x0007_0406_0007_0406
        case .gce: 0x0007_0106
        }
    }

    private var signature: UInt32 {
        switch processors.hypervisor {
        case .qemu(let type): type.signature
        case .ec2, .gce: 0x600
        }
    }

    private var floatingPoint: (mxcsr: UInt32, control: UInt16) {
        switch processors.hypervisor {
        case .qemu: (0x1F80, 0x37F)
        case .ec2, .gce: (0, 0)
        }
    }
}
