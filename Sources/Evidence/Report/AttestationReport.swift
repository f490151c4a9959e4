public import Commitments
public import Primitives

/// An SEV-SNP attestation report, decoded and not yet trusted.
///
/// Decoding refuses every shape that the specification does not allow: other lengths and versions,
/// reserved bytes and bits that are set. Whether AMD's key signed it is `VerifiedEndorsements`'
/// question, and whether the values are the wanted ones is the appraisal's.
///
/// Layout: AMD 56860, SEV-SNP Firmware ABI, table ATTESTATION_REPORT. Integers are little-endian.
public struct AttestationReport: Sendable {
    public static let byteCount = 0x4A0
    /// The part before the signature, which the signature covers.
    public static let signedByteCount = 0x2A0
    public static let supportedVersions: ClosedRange<UInt32> = 2...5

    /// All ``byteCount`` bytes, as the firmware returned them.
    public let encoded: [UInt8]

    public let version: UInt32
    public let guestSVN: UInt32
    public let policy: GuestPolicy
    public let familyID: FixedBytes<16>
    public let imageID: FixedBytes<16>
    /// The privilege level that asked. 0 is the most privileged, 3 the least.
    public let vmpl: UInt32
    public let platformInfo: PlatformInfo
    public let signer: SignerInfo
    /// What the guest put in.
    public let reportData: FixedBytes<64>
    /// The launch digest (SHA-384).
    public let measurement: FixedBytes<48>
    /// What the host put in at launch: signed, not measured.
    public let hostData: FixedBytes<32>
    public let idKeyDigest: FixedBytes<48>
    public let authorKeyDigest: FixedBytes<48>
    public let reportID: FixedBytes<32>
    /// All ones without a migration agent.
    public let migrationAgentReportID: FixedBytes<32>
    /// `nil` in version 2.
    public let processor: Processor?
    /// Zero under a VLEK. Turin uses the first 8 bytes.
    public let chipID: FixedBytes<64>
    public let tcb: ReportTCB
    public let currentFirmware: FirmwareVersion
    public let committedFirmware: FirmwareVersion
    /// `nil` before version 5.
    public let mitigations: Mitigations?
    /// R, then S, 48 bytes each, big-endian.
    public let signature: FixedBytes<96>

    /// Decodes a report.
    ///
    /// - Parameter bytes: exactly ``byteCount`` bytes.
    /// - Throws: ``ReportError``, naming the field and its offset.
    public init(decoding bytes: Span<UInt8>) throws(ReportError) {
        guard bytes.count == Self.byteCount else {
            let isAzures = bytes.count > 4 && bytes.bytes(0..<4) == Array("HCLA".utf8)
            throw isAzures ? .azureBlob : .wrongSize(found: bytes.count)
        }
        version = bytes.littleEndian(at: 0x00)
        guard Self.supportedVersions ~= version else { throw .unsupportedVersion(version) }
        encoded = bytes.bytes(0..<Self.byteCount)
        guestSVN = bytes.littleEndian(at: 0x04)
        guard let policy = GuestPolicy(rawValue: bytes.littleEndian(at: 0x08)) else {
            throw .outOfRange(field: "POLICY", offset: 0x08)
        }
        self.policy = policy
        familyID = FixedBytes(bytes, at: 0x10)
        imageID = FixedBytes(bytes, at: 0x20)
        vmpl = bytes.littleEndian(at: 0x30)
        guard vmpl <= 3 else { throw .outOfRange(field: "VMPL", offset: 0x30) }
        let signatureAlgorithm: UInt32 = bytes.littleEndian(at: 0x34)
        guard signatureAlgorithm == 1 else { throw .outOfRange(field: "SIGNATURE_ALGO", offset: 0x34) }
        platformInfo = PlatformInfo(rawValue: bytes.littleEndian(at: 0x40))
        signer = try SignerInfo(rawValue: bytes.littleEndian(at: 0x48))
        try bytes.requireZero(0x4C..<0x50)
        reportData = FixedBytes(bytes, at: 0x50)
        measurement = FixedBytes(bytes, at: 0x90)
        hostData = FixedBytes(bytes, at: 0xC0)
        idKeyDigest = FixedBytes(bytes, at: 0xE0)
        authorKeyDigest = FixedBytes(bytes, at: 0x110)
        reportID = FixedBytes(bytes, at: 0x140)
        migrationAgentReportID = FixedBytes(bytes, at: 0x160)
        processor = try Self.decodeProcessor(bytes, version: version)
        chipID = FixedBytes(bytes, at: 0x1A0)
        tcb = try ReportTCB(bytes, processor: processor)
        currentFirmware = try Self.decodeFirmware(bytes, at: 0x1E8)
        committedFirmware = try Self.decodeFirmware(bytes, at: 0x1EC)
        mitigations = try Self.decodeMitigations(bytes, version: version)
        signature = try Self.decodeSignature(bytes)
    }

    /// The bytes that the signature covers.
    public var signedBytes: ArraySlice<UInt8> { encoded[..<Self.signedByteCount] }
}

extension AttestationReport: Equatable {
    public static func == (left: AttestationReport, right: AttestationReport) -> Bool {
        left.encoded == right.encoded
    }
}

extension AttestationReport {
    /// Version 3 put the CPUID into what version 2 reserved.
    private static func decodeProcessor(_ bytes: Span<UInt8>, version: UInt32) throws(ReportError) -> Processor? {
        try bytes.requireZero((version >= 3 ? 0x18B : 0x188)..<0x1A0)
        guard version >= 3 else { return nil }
        return Processor(family: bytes[0x188], model: bytes[0x189], stepping: bytes[0x18A])
    }

    private static func decodeFirmware(_ bytes: Span<UInt8>, at offset: Int) throws(ReportError) -> FirmwareVersion {
        try bytes.requireZero(offset + 3..<offset + 4)
        return FirmwareVersion(major: bytes[offset + 2], minor: bytes[offset + 1], build: bytes[offset])
    }

    /// Version 5 put the mitigation vectors into what earlier versions reserved.
    private static func decodeMitigations(_ bytes: Span<UInt8>, version: UInt32) throws(ReportError) -> Mitigations? {
        try bytes.requireZero((version >= 5 ? 0x208 : 0x1F8)..<0x2A0)
        guard version >= 5 else { return nil }
        return Mitigations(launch: bytes.littleEndian(at: 0x1F8), current: bytes.littleEndian(at: 0x200))
    }

    /// R and S stand little-endian in 72 bytes each; P-384 needs 48.
    private static func decodeSignature(_ bytes: Span<UInt8>) throws(ReportError) -> FixedBytes<96> {
        try bytes.requireZero(0x2D0..<0x2E8)
        try bytes.requireZero(0x318..<byteCount)
        let signature = bytes.bytes(0x2A0..<0x2D0).reversed() + bytes.bytes(0x2E8..<0x318).reversed()
        guard let signature = FixedBytes<96>(signature) else { throw .outOfRange(field: "SIGNATURE", offset: 0x2A0) }
        return signature
    }
}
