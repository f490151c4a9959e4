import Evidence
import Primitives
import TestSupport
import Testing

@Suite("Certificate tables")
struct CertificateTableTests {
    private static let vcek: [UInt8] = [
        0x8d, 0x75, 0xda, 0x63, 0x64, 0xe6, 0x64, 0x45, 0xad, 0xc5, 0xf4, 0xb9, 0x3b, 0xe8, 0xac, 0xcd,
    ]
    private static let ask: [UInt8] = [
        0x79, 0xb3, 0xb7, 0x4a, 0xac, 0xbb, 0xe4, 0x4f, 0xa0, 0x2f, 0x05, 0xae, 0xf3, 0x27, 0xc7, 0x82,
    ]
    private static let ownEntry = [UInt8](repeating: 0x5A, count: 16)

    private func table(_ entries: [(guid: [UInt8], offset: UInt32, length: UInt32)], byteCount: Int) -> [UInt8] {
        var bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0) }
        for (index, entry) in (entries + [([UInt8](repeating: 0, count: 16), 0, 0)]).enumerated() {
            let start = 24 * index
            guard start + 24 <= byteCount else { continue }
            bytes.replaceSubrange(start..<start + 16, with: entry.guid)
            bytes.put(entry.offset, at: start + 16)
            bytes.put(entry.length, at: start + 20)
        }
        return bytes
    }

    private func decode(_ bytes: [UInt8]) throws(CertificateTableError) -> CertificateTable {
        try CertificateTable(decoding: bytes.span)
    }

    @Test("gives each certificate by its kind, and keeps a host's own entries apart")
    func decodes() throws {
        let bytes = table([(Self.vcek, 96, 4), (Self.ask, 104, 2), (Self.ownEntry, 100, 1)], byteCount: 4096)
        let decoded = try decode(bytes)
        #expect(decoded[.vcek] == [96, 97, 98, 99])
        #expect(decoded[.ask] == [104, 105])
        #expect(decoded[.ark] == nil)
        #expect(decoded[.vlek] == nil)
        #expect(decoded.otherEntries.map(\.description) == ["5a5a5a5a-5a5a-5a5a-5a5a-5a5a5a5a5a5a"])
    }

    @Test("is empty without bytes, and when all are zero", arguments: [0, 24, 4096, 65_536])
    func empty(_ count: Int) throws {
        #expect(try decode([UInt8](repeating: 0, count: count)).isEmpty)
    }

    @Test("refuses more bytes than any host needs")
    func refusesTooLarge() {
        #expect(throws: CertificateTableError.tooLarge(found: 65_537)) {
            try decode([UInt8](repeating: 0, count: 65_537))
        }
    }

    @Test("refuses a table without its last entry", arguments: [1, 23, 25, 47])
    func refusesUnterminated(_ count: Int) {
        let bytes = table([(Self.vcek, 0, 1)], byteCount: 4096)
        #expect(throws: CertificateTableError.self) { try decode(Array(bytes.prefix(count))) }
    }

    @Test("refuses more entries than it allows")
    func refusesTooManyEntries() {
        let entries = (0..<33).map { index in
            ([UInt8](repeating: UInt8(index + 1), count: 16), UInt32(2000 + index), UInt32(1))
        }
        #expect(throws: CertificateTableError.tooManyEntries(offset: 32 * 24)) {
            try decode(table(entries, byteCount: 4096))
        }
        #expect(throws: Never.self) { try decode(table(Array(entries.dropLast()), byteCount: 4096)) }
    }

    @Test(
        "refuses a certificate outside the table, an empty one and a huge one",
        arguments: [
            (UInt32(4096), UInt32(1)), (4095, 2), (.max, 1), (1, .max), (.max, .max), (0x8000_0000, 0x8000_0000),
            (48, 0),
            (48, 16_385), (0, 0),
        ])
    func refusesBounds(_ offset: UInt32, _ length: UInt32) throws {
        let bytes = table([(Self.vcek, offset, length)], byteCount: 4096)
        #expect { try decode(bytes) } throws: {
            if case CertificateTableError.outOfBounds(_, 0) = $0 { true } else { false }
        }
    }

    @Test(
        "refuses a certificate that overlaps the table's head or another",
        arguments: [
            (UInt32(0), UInt32(100)), (71, 100), (199, 100), (100, 199), (200, 150), (104, 200),
        ])
    func refusesOverlap(_ first: UInt32, _ second: UInt32) throws {
        let bytes = table([(Self.vcek, first, 100), (Self.ask, second, 100)], byteCount: 4096)
        #expect { try decode(bytes) } throws: {
            if case CertificateTableError.overlap = $0 { true } else { false }
        }
    }

    @Test("refuses two certificates of one kind")
    func refusesDuplicates() {
        let bytes = table([(Self.vcek, 100, 4), (Self.vcek, 104, 4)], byteCount: 4096)
        #expect { try decode(bytes) } throws: {
            if case CertificateTableError.duplicate(_, 24) = $0 { true } else { false }
        }
    }

    @Test("survives random bytes", arguments: 0..<8)
    func survivesNoise(_ seed: UInt64) {
        var numbers = SeededNumbers(seed: seed)
        let valid = table([(Self.vcek, 96, 40), (Self.ask, 200, 20)], byteCount: 512)
        for _ in 0..<500 {
            var bytes = valid
            for _ in 0..<Int.random(in: 1...6, using: &numbers) {
                bytes[Int.random(in: 0..<72, using: &numbers)] = UInt8.random(in: 0...255, using: &numbers)
            }
            if let decoded = try? decode(bytes) { #expect(decoded.otherEntries.count <= 2) }
        }
    }
}
