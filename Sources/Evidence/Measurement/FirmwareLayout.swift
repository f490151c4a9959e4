internal import Primitives

/// What a firmware file says of itself in its footer table: where the host has to put what.
///
/// Source: OVMF's ResetVector; QEMU, `hw/i386/pc_sysfw_ovmf.c` and `target/i386/sev.c`.
public struct FirmwareLayout: Equatable, Sendable {
    public static let pageByteCount = 4096
    /// Firmware ends at 4 GiB.
    static let end: UInt64 = 1 << 32

    /// In the order of the table, which is the order of measurement. Empty for builds that know nothing of
    /// SEV-SNP: those have a digest, though QEMU does not launch them.
    public let sections: [FirmwareSection]
    /// Guest-physical address of the table of kernel hashes; `nil` where the firmware has none.
    public let hashTableAddress: UInt32?
    /// Where every processor but the first starts; `nil` where the firmware does not say.
    public let resetAddress: UInt32?

    /// - Throws: ``FirmwareError/section(_:offset:)``, as for a file, when the sections overlap or are too large.
    package init(
        sections: [FirmwareSection], hashTableAddress: UInt32?, resetAddress: UInt32?
    ) throws(FirmwareError) {
        try requireDisjoint(sections)
        self.sections = sections
        self.hashTableAddress = hashTableAddress
        self.resetAddress = resetAddress
    }

    /// Reads the tables of a firmware file.
    init(decoding bytes: Span<UInt8>) throws(FirmwareError) {
        guard bytes.count > 0, bytes.count <= Firmware.maximumByteCount, bytes.count.isMultiple(of: Self.pageByteCount)
        else { throw .wrongSize(found: bytes.count) }
        let table = try FooterTable(decoding: bytes)
        let sections = try table.metadata.map { metadata throws(FirmwareError) in
            try decodeSections(bytes, at: metadata)
        }
        try self.init(
            sections: sections ?? [],
            hashTableAddress: table.hashTableAddress, resetAddress: table.resetAddress)
    }
}

/// A range of guest memory that the host fills before the guest starts.
public struct FirmwareSection: Equatable, Sendable {
    /// What the range is filled with.
    public enum Kind: UInt32, Sendable {
        /// Zeros, for the firmware's first stack and page tables.
        case firmwareMemory = 1
        case secrets = 2
        case cpuid = 3
        /// Zeros: the calling area of a paravisor.
        case callingArea = 4
        /// The hashes of kernel, initramfs and command line.
        case kernelHashes = 0x10
    }

    public let kind: Kind
    /// Guest-physical, on a page's boundary.
    public let address: UInt32
    /// Whole pages.
    public let byteCount: UInt32
    /// Where the file describes it.
    let offset: Int

    package init(_ kind: Kind, address: UInt32, byteCount: UInt32, offset: Int = 0) {
        self.kind = kind
        self.address = address
        self.byteCount = byteCount
        self.offset = offset
    }

    var end: UInt64 { UInt64(address) + UInt64(byteCount) }
}

/// The three entries of the footer table that a launch needs. The table is read backwards.
private struct FooterTable {
    /// Offset of the SEV metadata, and of the entry that points there.
    var metadata: (offset: Int, entry: Int)?
    var hashTableAddress: UInt32?
    var resetAddress: UInt32?

    /// The table ends this far before the end of the file.
    static let distanceFromEnd = 32
    /// Size (16 bits) and GUID stand behind an entry's data.
    static let trailerByteCount = 18

    static let footer = GUID(0x96b582de_1fb2_45f7, 0xbaea_a366c55a082d)
    static let metadataEntry = GUID(0xdc886566_984a_4798, 0xa75e_5585a7bf67cc)
    static let hashTableEntry = GUID(0x7255371f_3a3b_4b04, 0x927b_1da6efa8d454)
    static let resetEntry = GUID(0x00f771de_1a7e_4fcb, 0x890e_68c77e2fb44e)

    init(decoding bytes: Span<UInt8>) throws(FirmwareError) {
        let footer = bytes.count - Self.distanceFromEnd - Self.trailerByteCount
        guard GUID(FixedBytes(bytes, at: footer + 2)) == Self.footer else { throw .noFooterTable(offset: footer) }
        let size: UInt16 = bytes.littleEndian(at: footer)
        let start = footer + Self.trailerByteCount - Int(size)
        guard start >= 0, start <= footer else { throw .badTableSize(Int(size), offset: footer) }

        var end = footer
        while end > start {
            let trailer = end - Self.trailerByteCount
            guard trailer >= start else { throw .badEntrySize(end - start, offset: start) }
            let size = Int(bytes.littleEndian(at: trailer) as UInt16)
            guard size >= Self.trailerByteCount, end - size >= start else {
                throw .badEntrySize(size, offset: trailer)
            }
            try take(GUID(FixedBytes(bytes, at: trailer + 2)), bytes, end - size..<trailer)
            end -= size
        }
    }

    private mutating func take(_ guid: GUID, _ bytes: Span<UInt8>, _ data: Range<Int>) throws(FirmwareError) {
        let offset = data.lowerBound
        switch guid {
        case Self.metadataEntry:
            guard metadata == nil else { throw .duplicateEntry(guid, offset: offset) }
            guard data.count == 4 else { throw .badEntrySize(data.count, offset: offset) }
            let distance: UInt32 = bytes.littleEndian(at: offset)
            metadata = (bytes.count - Int(distance), offset)
        case Self.hashTableEntry:
            guard hashTableAddress == nil else { throw .duplicateEntry(guid, offset: offset) }
            guard data.count == 8 else { throw .badEntrySize(data.count, offset: offset) }
            let address: UInt32 = bytes.littleEndian(at: offset)
            // Builds without measured direct boot keep the entry and zero it.
            hashTableAddress = address == 0 ? nil : address
        case Self.resetEntry:
            guard resetAddress == nil else { throw .duplicateEntry(guid, offset: offset) }
            guard data.count == 4 else { throw .badEntrySize(data.count, offset: offset) }
            resetAddress = bytes.littleEndian(at: offset)
        default:
            break  // For other platforms or other uses; nothing of it is measured apart.
        }
    }
}

private let maximumSectionCount = 64
/// 64 MiB. Real firmware asks for less than one.
private let maximumSectionPages = 16_384

/// "ASEV", size, version 1 and count, 32 bits each; then address, size and type of each section.
private func decodeSections(
    _ bytes: Span<UInt8>, at metadata: (offset: Int, entry: Int)
) throws(FirmwareError) -> [FirmwareSection] {
    let start = metadata.offset
    guard start >= 0, start + 16 <= bytes.count else { throw .badMetadataOffset(offset: metadata.entry) }
    guard bytes.bytes(start..<start + 4) == Array("ASEV".utf8) else { throw .badMetadata("signature", offset: start) }
    let size: UInt32 = bytes.littleEndian(at: start + 4)
    let version: UInt32 = bytes.littleEndian(at: start + 8)
    let count: UInt32 = bytes.littleEndian(at: start + 12)
    guard version == 1 else { throw .badMetadata("version", offset: start + 8) }
    guard count >= 1, count <= maximumSectionCount else { throw .badMetadata("count", offset: start + 12) }
    guard Int(size) == 16 + 12 * Int(count), start + Int(size) <= bytes.count else {
        throw .badMetadata("size", offset: start + 4)
    }
    var sections: [FirmwareSection] = []
    for index in 0..<Int(count) {
        let offset = start + 16 + 12 * index
        let type: UInt32 = bytes.littleEndian(at: offset + 8)
        guard let kind = FirmwareSection.Kind(rawValue: type) else { throw .section(.unknownType, offset: offset + 8) }
        sections.append(
            FirmwareSection(
                kind, address: bytes.littleEndian(at: offset), byteCount: bytes.littleEndian(at: offset + 4),
                offset: offset))
    }
    if let last = sections.max(by: { $0.end < $1.end }), last.end > FirmwareLayout.end - UInt64(bytes.count) {
        throw .section(.overlap, offset: last.offset)
    }
    return sections
}

/// A host cannot fill a page twice, so firmware that asks for it has no launch digest.
private func requireDisjoint(_ sections: [FirmwareSection]) throws(FirmwareError) {
    let page = UInt32(FirmwareLayout.pageByteCount)
    var pages = 0
    for section in sections {
        guard section.address.isMultiple(of: page) else { throw .section(.unaligned, offset: section.offset) }
        guard section.byteCount > 0, section.byteCount.isMultiple(of: page) else {
            throw .section(.wrongSize, offset: section.offset + 4)
        }
        switch section.kind {
        case .firmwareMemory, .callingArea: break
        case .secrets, .cpuid, .kernelHashes:
            guard section.byteCount == page else { throw .section(.wrongSize, offset: section.offset + 4) }
        }
        pages += Int(section.byteCount / page)
        guard pages <= maximumSectionPages else { throw .section(.tooLarge, offset: section.offset + 4) }
    }
    let ordered = sections.sorted { $0.address < $1.address }
    for (lower, upper) in zip(ordered, ordered.dropFirst()) where lower.end > UInt64(upper.address) {
        throw .section(.overlap, offset: upper.offset)
    }
}
