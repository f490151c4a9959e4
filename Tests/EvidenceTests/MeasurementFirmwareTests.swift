import Evidence
import Primitives
import TestSupport
import Testing

@Suite("Firmware files")
struct MeasurementFirmwareTests {
    @Test("refuses a file that is not whole pages up to 16 MiB", arguments: [0, 1, 50, 4095, 4097, (16 << 20) + 4096])
    func refusesOtherSizes(_ count: Int) {
        #expect(throws: FirmwareError.wrongSize(found: count)) {
            try Firmware(decoding: [UInt8](repeating: 0, count: count))
        }
    }

    @Test("refuses a file without the footer table, such as a variable store")
    func refusesNoFooter() {
        #expect(throws: FirmwareError.noFooterTable(offset: 4096 - 50)) {
            try Firmware(decoding: [UInt8](repeating: 0xFF, count: 4096))
        }
    }

    @Test("refuses a footer table that begins before the file or after its end", arguments: [0, 17, 0x3FFF, 0xFFFF])
    func refusesTableSize(_ size: UInt16) {
        let file = FirmwareFile()
        var bytes = file.bytes
        bytes.put(size, at: file.footerOffset)
        #expect(throws: FirmwareError.badTableSize(Int(size), offset: file.footerOffset)) {
            try Firmware(decoding: bytes)
        }
    }

    @Test("refuses an entry that is smaller than its own trailer or leaves the table", arguments: [0, 1, 17, 0xFFFF])
    func refusesEntrySize(_ size: UInt16) {
        let file = FirmwareFile()
        var bytes = file.bytes
        bytes.put(size, at: file.footerOffset - 18)
        #expect(throws: FirmwareError.badEntrySize(Int(size), offset: file.footerOffset - 18)) {
            try Firmware(decoding: bytes)
        }
    }

    @Test("refuses bytes in the table that belong to no entry")
    func refusesRemainder() {
        var file = FirmwareFile()
        file.extraEntries = [1, 2, 3]
        #expect(throws: FirmwareError.self) { try Firmware(decoding: file.bytes) }
    }

    @Test(
        "refuses an entry that is there twice",
        arguments: [
            (FirmwareFile.metadataEntry, 4), (FirmwareFile.hashTableEntry, 8), (FirmwareFile.resetEntry, 4),
        ])
    func refusesDuplicates(_ guid: [UInt8], _ count: Int) {
        var file = FirmwareFile()
        file.extraEntries = FirmwareFile.entry(guid, [UInt8](repeating: 1, count: count))
        #expect { try Firmware(decoding: file.bytes) } throws: {
            if case FirmwareError.duplicateEntry = $0 { true } else { false }
        }
    }

    @Test(
        "refuses an entry with more or less data than its kind has",
        arguments: [
            (FirmwareFile.metadataEntry, 0), (FirmwareFile.metadataEntry, 5), (FirmwareFile.hashTableEntry, 4),
            (FirmwareFile.hashTableEntry, 12), (FirmwareFile.resetEntry, 3), (FirmwareFile.resetEntry, 8),
        ])
    func refusesEntryData(_ guid: [UInt8], _ count: Int) {
        var file = FirmwareFile()
        file.hasMetadata = guid != FirmwareFile.metadataEntry
        if guid == FirmwareFile.hashTableEntry { file.hashTableAddress = nil }
        if guid == FirmwareFile.resetEntry { file.resetAddress = nil }
        file.extraEntries = FirmwareFile.entry(guid, [UInt8](repeating: 1, count: count))
        #expect { try Firmware(decoding: file.bytes) } throws: {
            if case FirmwareError.badEntrySize(count, _) = $0 { true } else { false }
        }
    }

    @Test("takes firmware that is not built for SEV-SNP: it asks for no memory")
    func withoutMetadata() throws {
        var file = FirmwareFile()
        file.hasMetadata = false
        #expect(try Firmware(decoding: file.bytes).layout.sections.isEmpty)
    }

    @Test("refuses metadata outside the file", arguments: [0, 1, 15, 8193, UInt32.max])
    func refusesMetadataOffset(_ distance: UInt32) {
        var file = FirmwareFile()
        file.hasMetadata = false
        file.extraEntries = FirmwareFile.entry(FirmwareFile.metadataEntry, FirmwareFile.little(distance))
        #expect { try Firmware(decoding: file.bytes) } throws: {
            if case FirmwareError.badMetadataOffset = $0 { true } else { false }
        }
    }

    @Test(
        "refuses metadata with another signature, version, count or size",
        arguments: [
            (0, UInt32(0x4153_4556)), (4, 0), (4, 99), (4, 101), (4, .max), (8, 0), (8, 2), (12, 0), (12, 6), (12, 8),
            (12, 65), (12, .max),
        ])
    func refusesMetadataHead(_ field: Int, _ value: UInt32) {
        let file = FirmwareFile()
        var bytes = file.bytes
        bytes.put(value, at: file.metadataOffset + field)
        #expect { try Firmware(decoding: bytes) } throws: {
            if case FirmwareError.badMetadata = $0 { true } else { false }
        }
    }

    @Test(
        "refuses a section that a host could not fill",
        arguments: [
            (
                FirmwareError.SectionFault.unknownType, 5,
                FirmwareFile.Section(address: 0x81_0000, byteCount: 0x1000, type: 5)
            ),
            (.unknownType, 5, .init(address: 0x81_0000, byteCount: 0x1000, type: .max)),
            (.unaligned, 0, .init(address: 0x80_0001, byteCount: 0x1000, type: 1)),
            (.wrongSize, 0, .init(address: 0x80_0000, byteCount: 0, type: 1)),
            (.wrongSize, 0, .init(address: 0x80_0000, byteCount: 0x1001, type: 1)),
            (.wrongSize, 2, .init(address: 0x90_0000, byteCount: 0x2000, type: 2)),
            (.wrongSize, 3, .init(address: 0x90_0000, byteCount: 0x2000, type: 3)),
            (.wrongSize, 5, .init(address: 0x90_0000, byteCount: 0x2000, type: 0x10)),
            (.overlap, 0, .init(address: 0x80_0000, byteCount: 0xB000, type: 1)),
            (.overlap, 6, .init(address: 0x80_0000, byteCount: 0x1000, type: 1)),
            (.overlap, 6, .init(address: 0xFFFF_D000, byteCount: 0x2000, type: 1)),
            (.overlap, 6, .init(address: 0xFFFF_F000, byteCount: 0xFFFF_F000, type: 1)),
            (.tooLarge, 6, .init(address: 0x1000_0000, byteCount: 0x0400_0000, type: 1)),
        ])
    func refusesSections(_ fault: FirmwareError.SectionFault, _ index: Int, _ section: FirmwareFile.Section) {
        var file = FirmwareFile()
        file.sections[index] = section
        #expect { try Firmware(decoding: file.bytes) } throws: {
            if case FirmwareError.section(fault, _) = $0 { true } else { false }
        }
    }

    @Test("reads the sections in their order, the table's place and the reset address")
    func readsLayout() throws {
        let layout = try Firmware(decoding: FirmwareFile().bytes).layout
        #expect(
            layout.sections.map(\.kind) == [
                .firmwareMemory, .firmwareMemory, .secrets, .cpuid, .callingArea, .kernelHashes, .firmwareMemory,
            ])
        #expect(layout.sections.map(\.address).first == 0x80_0000)
        #expect(layout.hashTableAddress == 0x81_0C00)
        #expect(layout.resetAddress == 0x80_B004)
    }

    @Test("survives truncation at every page and at every byte of its tables")
    func survivesTruncation() {
        let bytes = FirmwareFile().bytes
        let cuts = [4096] + Array(bytes.count - 0x600..<bytes.count)
        for count in cuts {
            // What is cut at the end moves the footer; what is cut at the start moves everything else.
            #expect(throws: FirmwareError.self) { try Firmware(decoding: Array(bytes.prefix(count))) }
            let missing = [UInt8](repeating: 0, count: bytes.count - count)
            #expect(throws: FirmwareError.self) { try Firmware(decoding: missing + bytes.prefix(count)) }
        }
    }

    @Test("survives flipped bits, and every one it takes changes the digest", arguments: 0..<8)
    func survivesFlips(_ seed: UInt64) throws {
        var numbers = SeededNumbers(seed: seed)
        let file = FirmwareFile()
        let bytes = file.bytes
        let original = try Firmware(decoding: bytes)
        for round in 0..<400 {
            // Half of the flips fall on the tables, which are a small part of the file.
            let range = round.isMultiple(of: 2) ? bytes.indices : file.metadataOffset..<bytes.count
            let index = Int.random(in: range, using: &numbers)
            var mutant = bytes
            mutant[index] ^= 1 << UInt8.random(in: 0..<8, using: &numbers)
            if let firmware = try? Firmware(decoding: mutant) {
                #expect(firmware.pagesDigest != original.pagesDigest, "offset \(index)")
                #expect(firmware.layout.sections.count <= 64)
            }
        }
    }

    @Test("survives random bytes behind a valid footer", arguments: 0..<8)
    func survivesNoise(_ seed: UInt64) {
        var numbers = SeededNumbers(seed: seed)
        let file = FirmwareFile(pageCount: 1)
        for _ in 0..<100 {
            var bytes = file.bytes
            for index in 0..<file.footerOffset { bytes[index] = UInt8.random(in: 0...255, using: &numbers) }
            bytes.put(UInt16.random(in: 0...4096, using: &numbers), at: file.footerOffset)
            #expect(throws: FirmwareError.self) { try Firmware(decoding: bytes) }
        }
    }
}
