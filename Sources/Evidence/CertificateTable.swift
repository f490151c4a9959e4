public import Primitives

/// The certificates that a host hands its guest beside a report. Hostile, like all that a host writes.
///
/// 24-byte entries (GUID, 32-bit offset, 32-bit length, little-endian), an all-zero entry ends them,
/// the certificates follow. Hosts may add entries of their own. No bytes at all, or zeros only, are an
/// empty table. Source: AMD 56421, GHCB specification, section "SNP Extended Guest Request".
public struct CertificateTable: Equatable, Sendable {
    /// Four times what the Linux driver takes.
    public static let maximumByteCount = 65_536
    public static let maximumEntryCount = 32
    /// AMD's certificates have 1,200 to 1,800 bytes.
    public static let maximumCertificateByteCount = 16_384

    /// The kinds that AMD names.
    public enum Kind: CaseIterable, Sendable {
        case vcek, vlek, ask, ark
    }

    /// DER, not yet parsed.
    private let certificates: [GUID: [UInt8]]

    /// Reads a table.
    ///
    /// - Throws: ``CertificateTableError``, with the offset of what is wrong.
    public init(decoding bytes: Span<UInt8>) throws(CertificateTableError) {
        guard bytes.count <= Self.maximumByteCount else { throw .tooLarge(found: bytes.count) }
        var certificates: [GUID: [UInt8]] = [:]
        for entry in try decodeEntries(bytes) {
            guard certificates.updateValue(bytes.bytes(entry.range), forKey: entry.guid) == nil else {
                throw .duplicate(entry.guid, offset: entry.offset)
            }
        }
        self.certificates = certificates
    }

    /// The certificate of that kind, DER.
    public subscript(kind: Kind) -> [UInt8]? { certificates[kind.guid] }

    public var isEmpty: Bool { certificates.isEmpty }

    /// Entries that are none of AMD's kinds, by GUID.
    public var otherEntries: [GUID] {
        certificates.keys.filter { guid in !Kind.allCases.contains { $0.guid == guid } }
            .sorted { $0.description < $1.description }
    }
}

extension CertificateTable.Kind {
    /// Source: AMD 56421, GHCB specification, the table of certificate GUIDs.
    var guid: GUID {
        switch self {
        case .vcek: GUID(0x63da758d_e664_4564, 0xadc5_f4b93be8accd)
        case .vlek: GUID(0xa8074bc2_a25a_483e, 0xaae6_39c045a0b8a1)
        case .ask: GUID(0x4ab7b379_bbac_4fe4, 0xa02f_05aef327c782)
        case .ark: GUID(0xc0b406a4_a803_4952, 0x9743_3fb6014cd0ae)
        }
    }
}

private struct Entry {
    static let byteCount = 24

    let guid: GUID
    let range: Range<Int>
    /// Where the entry itself stands.
    let offset: Int
}

private func decodeEntries(_ bytes: Span<UInt8>) throws(CertificateTableError) -> [Entry] {
    // Without certificates some drivers give no bytes, others zeroed pages.
    guard !bytes.isEmpty else { return [] }
    var entries: [Entry] = []
    var offset = 0
    while true {
        guard offset + Entry.byteCount <= bytes.count else { throw .unterminated(offset: offset) }
        let guid = GUID(FixedBytes(bytes, at: offset))
        let start: UInt32 = bytes.littleEndian(at: offset + 16)
        let length: UInt32 = bytes.littleEndian(at: offset + 20)
        if guid.isZero, start == 0, length == 0 { break }
        guard entries.count < CertificateTable.maximumEntryCount else { throw .tooManyEntries(offset: offset) }
        guard length > 0, length <= CertificateTable.maximumCertificateByteCount,
            UInt64(start) + UInt64(length) <= bytes.count
        else { throw .outOfBounds(guid, offset: offset) }
        entries.append(Entry(guid: guid, range: Int(start)..<Int(start) + Int(length), offset: offset))
        offset += Entry.byteCount
    }
    try requireDisjoint(entries, after: offset + Entry.byteCount)
    return entries
}

/// Overlaps have no honest use, and hide how much a table holds.
private func requireDisjoint(_ entries: [Entry], after tableEnd: Int) throws(CertificateTableError) {
    var end = tableEnd
    for entry in entries.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
        guard entry.range.lowerBound >= end else { throw .overlap(entry.guid, offset: entry.offset) }
        end = entry.range.upperBound
    }
}

/// Why a host's certificate table is refused. Offsets are those of the entry.
public enum CertificateTableError: Error, Equatable, Sendable {
    case tooLarge(found: Int)
    case unterminated(offset: Int)
    case tooManyEntries(offset: Int)
    case outOfBounds(GUID, offset: Int)
    case overlap(GUID, offset: Int)
    case duplicate(GUID, offset: Int)
}

extension CertificateTableError: ExplainedError {
    public var code: String {
        switch self {
        case .tooLarge: "evidence.certificate-table.size"
        case .unterminated, .tooManyEntries: "evidence.certificate-table.entries"
        case .outOfBounds, .overlap: "evidence.certificate-table.range"
        case .duplicate: "evidence.certificate-table.duplicate"
        }
    }

    public var message: String {
        switch self {
        case .tooLarge(let found):
            "expected a certificate table of at most \(CertificateTable.maximumByteCount) bytes, found \(found)"
        case .unterminated(let offset): "the certificate table has no last entry at offset \(offset)"
        case .tooManyEntries(let offset):
            "the certificate table has more than \(CertificateTable.maximumEntryCount) entries at offset \(offset)"
        case .outOfBounds(let guid, let offset):
            "the certificate \(guid) of the entry at offset \(offset) does not lie in the table"
        case .overlap(let guid, let offset):
            "the certificate \(guid) of the entry at offset \(offset) overlaps another or the table's head"
        case .duplicate(let guid, let offset): "the certificate \(guid) is there twice, again at offset \(offset)"
        }
    }

    public var hint: String? { "the host wrote this table; certificates can come from AMD's service instead" }
}
