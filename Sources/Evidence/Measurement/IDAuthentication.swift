/// The signatures that go with an ``IDBlock``, and the keys that made them.
///
/// Layout, 4,096 bytes: ID key algorithm 000, author key algorithm 004, block signature 040,
/// ID key 240, ID key's signature 680, author key 880, zeros elsewhere.
/// Source: AMD 56860, SEV-SNP Firmware ABI, table ID_AUTH.
public struct IDAuthentication: Equatable, Sendable {
    public static let byteCount = 4096
    /// ECDSA P-384 with SHA-384.
    private static let algorithm: UInt32 = 1

    public let idKey: IDPublicKey
    /// Vouches for the ID key; `nil` where the launch does not enable one.
    public let authorKey: IDPublicKey?
    private let blockSignature: IDSignature
    private let idKeySignature: IDSignature?

    /// Signs a block.
    ///
    /// - Parameters:
    ///   - block: what is signed.
    ///   - idKey: signs the block.
    ///   - authorKey: signs the ID key in turn, so that ID keys can be replaced.
    /// - Throws: ``IDBlockError/signingFailed``.
    public init(
        signing block: IDBlock, with idKey: IDPrivateKey, authorKey: IDPrivateKey? = nil
    ) throws(IDBlockError) {
        self.idKey = idKey.publicKey
        self.authorKey = authorKey?.publicKey
        blockSignature = try idKey.signature(over: block.encoded)
        idKeySignature = try authorKey?.signature(over: idKey.publicKey.encoded)
    }

    /// Decodes the structure. No signature is verified yet: see ``verify(_:)``.
    ///
    /// - Parameter bytes: exactly ``byteCount`` bytes.
    /// - Throws: ``IDBlockError``.
    public init(decoding bytes: [UInt8]) throws(IDBlockError) {
        guard bytes.count == Self.byteCount else { throw .wrongSize(found: bytes.count, expected: Self.byteCount) }
        let span = bytes.span
        guard span.littleEndian(at: 0) == Self.algorithm else {
            throw .unsupportedValue(field: "ID_KEY_ALGO", offset: 0)
        }
        try span.requireReserved(0x008..<0x040)
        try span.requireReserved(0x644..<0x680)
        try span.requireReserved(0xC84..<0x1000)
        blockSignature = try IDSignature(decoding: span, at: 0x040)
        idKey = try IDPublicKey(decoding: span, at: 0x240)
        switch span.littleEndian(at: 4) as UInt32 {
        case 0:
            try span.requireReserved(0x680..<0xC84)
            authorKey = nil
            idKeySignature = nil
        case Self.algorithm:
            idKeySignature = try IDSignature(decoding: span, at: 0x680)
            authorKey = try IDPublicKey(decoding: span, at: 0x880)
        default: throw .unsupportedValue(field: "AUTHOR_KEY_ALGO", offset: 4)
        }
    }

    /// The bytes that QEMU takes as `id-auth`.
    public var encoded: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Self.byteCount)
        func put(_ value: [UInt8], at offset: Int) {
            bytes.replaceSubrange(offset..<offset + value.count, with: value)
        }
        put(Self.algorithm.littleEndianBytes, at: 0x000)
        put(blockSignature.encoded, at: 0x040)
        put(idKey.encoded, at: 0x240)
        if let authorKey, let idKeySignature {
            put(Self.algorithm.littleEndianBytes, at: 0x004)
            put(idKeySignature.encoded, at: 0x680)
            put(authorKey.encoded, at: 0x880)
        }
        return bytes
    }

    /// Verifies both signatures, as the firmware does before it finishes a launch.
    ///
    /// - Throws: ``IDBlockError``, naming the signature that does not fit.
    public func verify(_ block: IDBlock) throws(IDBlockError) {
        guard blockSignature.isValid(for: block.encoded, by: idKey) else { throw .wrongSignature(.block) }
        if let authorKey, let idKeySignature {
            guard idKeySignature.isValid(for: idKey.encoded, by: authorKey) else { throw .wrongSignature(.idKey) }
        }
    }
}
