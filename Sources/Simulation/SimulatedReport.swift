public import Commitments
internal import Evidence
public import Primitives

/// Every field of a report, open to change, not yet signed.
///
/// Values are taken as they are, wrong ones too: tests make the reports that a verifier must refuse.
/// Layout: AMD 56860, SEV-SNP Firmware ABI, table ATTESTATION_REPORT.
public struct SimulatedReport: Equatable, Sendable {
    public static let signedByteCount = 0x2A0
    public static let byteCount = 0x4A0

    /// 2 to 5; fields that a version does not have are left zero.
    public var version: UInt32 = 5
    public var guestSVN: UInt32 = 0
    /// POLICY. Bit 17 is always 1; bit 16 allows SMT.
    public var policy: UInt64 = 0x3_0000
    public var familyID = FixedBytes<16>(repeating: 0)
    public var imageID = FixedBytes<16>(repeating: 0)
    public var vmpl: UInt32 = 0
    public var signatureAlgorithm: UInt32 = 1
    /// PLATFORM_INFO: SMT, ECC, alias check.
    public var platformInfo: UInt64 = 0x25
    /// AUTHOR_KEY_EN, MASK_CHIP_KEY, SIGNING_KEY.
    public var signerInfo: UInt32 = 0
    public var reportData = FixedBytes<64>(repeating: 0)
    public var measurement = FixedBytes<48>(repeating: 0)
    public var hostData = FixedBytes<32>(repeating: 0)
    public var idKeyDigest = FixedBytes<48>(repeating: 0)
    public var authorKeyDigest = FixedBytes<48>(repeating: 0)
    public var reportID = FixedBytes<32>(repeating: 0)
    /// All ones: no migration agent.
    public var migrationAgentReportID = FixedBytes<32>(repeating: 0xFF)
    public var chipID = FixedBytes<64>(repeating: 0)
    public var currentTCB = FixedBytes<8>(repeating: 0)
    public var reportedTCB = FixedBytes<8>(repeating: 0)
    public var committedTCB = FixedBytes<8>(repeating: 0)
    public var launchTCB = FixedBytes<8>(repeating: 0)
    /// Family, model, stepping.
    public var processor: (family: UInt8, model: UInt8, stepping: UInt8) = (0, 0, 0)
    public var currentFirmware = FirmwareVersion(major: 1, minor: 55, build: 49)
    public var committedFirmware = FirmwareVersion(major: 1, minor: 55, build: 49)
    /// Version 5.
    public var launchMitigations: UInt64 = 0xB
    public var currentMitigations: UInt64 = 0xB

    /// What the chip puts into each of its reports.
    public init(_ chip: SimulatedChip) {
        processor = (chip.processor.family, chip.processor.model, chip.processor.stepping)
        (currentTCB, reportedTCB) = (chip.encodedTCB, chip.encodedTCB)
        (committedTCB, launchTCB) = (chip.encodedTCB, chip.encodedTCB)
        switch chip.endorsement {
        case .vcek: chipID = chip.chipID
        case .vlek: signerInfo = 1 << 2
        }
    }

    /// Sets all four TCB versions.
    public mutating func setEveryTCB(_ tcb: FixedBytes<8>) {
        (currentTCB, reportedTCB, committedTCB, launchTCB) = (tcb, tcb, tcb, tcb)
    }

    /// The part that is signed: ``signedByteCount`` bytes.
    public var encoded: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Self.signedByteCount)
        func put(_ value: [UInt8], at offset: Int) {
            bytes.replaceSubrange(offset..<offset + value.count, with: value)
        }
        let integers: [(UInt64, Int, Int)] = [
            (UInt64(version), 4, 0x000), (UInt64(guestSVN), 4, 0x004), (policy, 8, 0x008), (UInt64(vmpl), 4, 0x030),
            (UInt64(signatureAlgorithm), 4, 0x034), (platformInfo, 8, 0x040), (UInt64(signerInfo), 4, 0x048),
        ]
        for (value, count, offset) in integers { put(Array(littleEndian(value).prefix(count)), at: offset) }
        let fields: [([UInt8], Int)] = [
            (familyID.bytes, 0x010), (imageID.bytes, 0x020), (currentTCB.bytes, 0x038), (reportData.bytes, 0x050),
            (measurement.bytes, 0x090), (hostData.bytes, 0x0C0), (idKeyDigest.bytes, 0x0E0),
            (authorKeyDigest.bytes, 0x110), (reportID.bytes, 0x140), (migrationAgentReportID.bytes, 0x160),
            (reportedTCB.bytes, 0x180), (chipID.bytes, 0x1A0), (committedTCB.bytes, 0x1E0),
            (currentFirmware.encoded, 0x1E8), (committedFirmware.encoded, 0x1EC), (launchTCB.bytes, 0x1F0),
        ]
        for (value, offset) in fields { put(value, at: offset) }
        if version >= 3 { put([processor.family, processor.model, processor.stepping], at: 0x188) }
        if version >= 5 { put(littleEndian(launchMitigations) + littleEndian(currentMitigations), at: 0x1F8) }
        return bytes
    }

    public static func == (left: SimulatedReport, right: SimulatedReport) -> Bool { left.encoded == right.encoded }
}

private func littleEndian(_ value: UInt64) -> [UInt8] {
    stride(from: 0, to: 64, by: 8).map { UInt8(truncatingIfNeeded: value >> UInt64($0)) }
}

extension FirmwareVersion {
    /// Build, minor, major, and a reserved byte.
    fileprivate var encoded: [UInt8] { [build, minor, major, 0] }
}
