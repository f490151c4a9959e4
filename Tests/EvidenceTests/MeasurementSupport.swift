import Evidence
import Primitives

/// Firmware made of nothing but the tables that a launch reads, over a filling of known bytes.
struct FirmwareFile {
    struct Section {
        var address: UInt32
        var byteCount: UInt32
        var type: UInt32
    }

    var pageCount = 2
    var sections = [
        Section(address: 0x80_0000, byteCount: 0x9000, type: 1),
        Section(address: 0x80_A000, byteCount: 0x3000, type: 1),
        Section(address: 0x80_D000, byteCount: 0x1000, type: 2),
        Section(address: 0x80_E000, byteCount: 0x1000, type: 3),
        Section(address: 0x80_F000, byteCount: 0x1000, type: 4),
        Section(address: 0x81_0000, byteCount: 0x1000, type: 0x10),
        Section(address: 0x81_1000, byteCount: 0xF000, type: 1),
    ]
    var hashTableAddress: UInt32? = 0x81_0C00
    var resetAddress: UInt32? = 0x80_B004
    var hasMetadata = true
    /// Written before all other entries.
    var extraEntries: [UInt8] = []

    static let metadataEntry: [UInt8] = [
        0x66, 0x65, 0x88, 0xdc, 0x4a, 0x98, 0x98, 0x47, 0xa7, 0x5e, 0x55, 0x85, 0xa7, 0xbf, 0x67, 0xcc,
    ]
    static let hashTableEntry: [UInt8] = [
        0x1f, 0x37, 0x55, 0x72, 0x3b, 0x3a, 0x04, 0x4b, 0x92, 0x7b, 0x1d, 0xa6, 0xef, 0xa8, 0xd4, 0x54,
    ]
    static let resetEntry: [UInt8] = [
        0xde, 0x71, 0xf7, 0x00, 0x7e, 0x1a, 0xcb, 0x4f, 0x89, 0x0e, 0x68, 0xc7, 0x7e, 0x2f, 0xb4, 0x4e,
    ]
    private static let footer: [UInt8] = [
        0xde, 0x82, 0xb5, 0x96, 0xb2, 0x1f, 0xf7, 0x45, 0xba, 0xea, 0xa3, 0x66, 0xc5, 0x5a, 0x08, 0x2d,
    ]

    static func entry(_ guid: [UInt8], _ data: [UInt8]) -> [UInt8] {
        data + little(UInt16(data.count + 18)) + guid
    }

    var byteCount: Int { pageCount * 4096 }
    /// Where "ASEV" stands.
    var metadataOffset: Int { byteCount - 0x600 }
    /// Where the footer's size stands; its GUID follows.
    var footerOffset: Int { byteCount - 50 }

    var bytes: [UInt8] {
        var bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 * 7 + ($0 >> 8) * 13) }
        func put(_ value: [UInt8], at offset: Int) {
            bytes.replaceSubrange(offset..<offset + value.count, with: value)
        }
        let items = sections.flatMap { Self.little($0.address) + Self.little($0.byteCount) + Self.little($0.type) }
        let head = Self.little(UInt32(16 + items.count)) + Self.little(UInt32(1)) + Self.little(UInt32(sections.count))
        put(Array("ASEV".utf8) + head + items, at: metadataOffset)

        var table = extraEntries
        if hasMetadata { table += Self.entry(Self.metadataEntry, Self.little(UInt32(0x600))) }
        if let hashTableAddress {
            table += Self.entry(Self.hashTableEntry, Self.little(hashTableAddress) + Self.little(UInt32(0x400)))
        }
        if let resetAddress { table += Self.entry(Self.resetEntry, Self.little(resetAddress)) }
        table += Self.little(UInt16(table.count + 18)) + Self.footer
        put(table, at: byteCount - 32 - table.count)
        return bytes
    }

    static func little(_ value: some FixedWidthInteger) -> [UInt8] {
        stride(from: 0, to: value.bitWidth, by: 8).map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}

extension [UInt8] {
    mutating func put(_ value: some FixedWidthInteger, at offset: Int) {
        let bytes = FirmwareFile.little(value)
        replaceSubrange(offset..<offset + bytes.count, with: bytes)
    }
}
