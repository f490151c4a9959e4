public import Primitives

/// What the guest's owner expects of a launch, signed: the firmware refuses to start anything else.
///
/// Layout, 96 bytes: launch digest 48, family 16, image 16, version (1) 4, guest SVN 4, policy 8;
/// integers little-endian. Source: AMD 56860, SEV-SNP Firmware ABI, table ID_BLOCK.
public struct IDBlock: Equatable, Sendable {
    public static let byteCount = 96

    public let launchDigest: FixedBytes<48>
    /// Chosen by the owner; the report repeats them.
    public let familyID: FixedBytes<16>
    public let imageID: FixedBytes<16>
    /// The guest's security version, which the report repeats.
    public let guestSVN: UInt32
    public let policy: GuestPolicy

    /// Takes the fields.
    public init(
        launchDigest: FixedBytes<48>, policy: GuestPolicy, guestSVN: UInt32 = 0,
        ids: (family: FixedBytes<16>, image: FixedBytes<16>) = (FixedBytes(repeating: 0), FixedBytes(repeating: 0))
    ) {
        self.launchDigest = launchDigest
        familyID = ids.family
        imageID = ids.image
        self.guestSVN = guestSVN
        self.policy = policy
    }

    /// Decodes a block.
    ///
    /// - Parameter bytes: exactly ``byteCount`` bytes.
    /// - Throws: ``IDBlockError``.
    public init(decoding bytes: [UInt8]) throws(IDBlockError) {
        guard bytes.count == Self.byteCount else { throw .wrongSize(found: bytes.count, expected: Self.byteCount) }
        let span = bytes.span
        let version: UInt32 = span.littleEndian(at: 80)
        guard version == 1 else { throw .unsupportedValue(field: "VERSION", offset: 80) }
        guard let policy = GuestPolicy(rawValue: span.littleEndian(at: 88)) else {
            throw .unsupportedValue(field: "POLICY", offset: 88)
        }
        launchDigest = FixedBytes(span, at: 0)
        familyID = FixedBytes(span, at: 48)
        imageID = FixedBytes(span, at: 64)
        guestSVN = span.littleEndian(at: 84)
        self.policy = policy
    }

    /// The bytes that the ID key signs, and that QEMU takes as `id-block`.
    public var encoded: [UInt8] {
        launchDigest.bytes + familyID.bytes + imageID.bytes + UInt32(1).littleEndianBytes
            + guestSVN.littleEndianBytes + policy.rawValue.littleEndianBytes
    }
}
