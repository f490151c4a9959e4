internal import Crypto
public import Primitives

/// The public half of an ID key or author key (ECDSA P-384), in the form that the firmware digests.
///
/// Layout, 1,028 bytes: curve (2) 4, Qx 72, Qy 72, little-endian, zeros after.
/// Source: AMD 56860, SEV-SNP Firmware ABI, table "ECDSA P-384 public key".
public struct IDPublicKey: Equatable, Sendable {
    public static let byteCount = 1028

    /// All ``byteCount`` bytes.
    public let encoded: [UInt8]
    let key: P384.Signing.PublicKey

    /// SHA-384 over ``encoded``: the report's ID_KEY_DIGEST or AUTHOR_KEY_DIGEST.
    public var digest: FixedBytes<48> {
        guard let digest = FixedBytes<48>(Array(SHA384.hash(data: encoded))) else {
            preconditionFailure("SHA-384 digests are 48 bytes")
        }
        return digest
    }

    init(_ key: P384.Signing.PublicKey) {
        self.key = key
        let point = Array(key.rawRepresentation)
        let padding = [UInt8](repeating: 0, count: 24)
        let fields = UInt32(2).littleEndianBytes + point[..<48].reversed() + padding + point[48...].reversed() + padding
        encoded = fields + [UInt8](repeating: 0, count: Self.byteCount - fields.count)
    }

    /// Decodes a key that stands at `offset` of the structure that errors speak of.
    init(decoding bytes: Span<UInt8>, at offset: Int) throws(IDBlockError) {
        let curve: UInt32 = bytes.littleEndian(at: offset)
        guard curve == 2 else { throw .unsupportedValue(field: "CURVE", offset: offset) }
        try bytes.requireReserved(offset + 52..<offset + 76)
        try bytes.requireReserved(offset + 124..<offset + 148)
        try bytes.requireReserved(offset + 148..<offset + Self.byteCount)
        let point =
            bytes.bytes(offset + 4..<offset + 52).reversed() + bytes.bytes(offset + 76..<offset + 124).reversed()
        guard let key = try? P384.Signing.PublicKey(rawRepresentation: point) else {
            throw .unsupportedValue(field: "public key", offset: offset)
        }
        self.init(key)
    }

    public static func == (left: IDPublicKey, right: IDPublicKey) -> Bool { left.encoded == right.encoded }
}

/// An ID key or author key with its private half. Belongs on the owner's machine, never on a host.
public struct IDPrivateKey: Sendable {
    private let key: P384.Signing.PrivateKey

    public var publicKey: IDPublicKey { IDPublicKey(key.publicKey) }

    /// Draws a new key.
    public init() {
        key = P384.Signing.PrivateKey()
    }

    /// Reads PEM as OpenSSL writes it: PKCS #8 or SEC 1, without a passphrase.
    ///
    /// - Throws: ``IDBlockError/unreadableKey``, which says nothing of the content.
    public init(pem: String) throws(IDBlockError) {
        do {
            key = try P384.Signing.PrivateKey(pemRepresentation: Self.withoutParameters(pem))
        } catch {
            throw .unreadableKey
        }
    }

    /// `openssl ecparam -genkey` writes the curve's name in a block of its own before the key.
    private static func withoutParameters(_ pem: String) -> String {
        let end = "-----END EC PARAMETERS-----"
        guard pem.hasPrefix("-----BEGIN EC PARAMETERS-----"), let range = pem.firstRange(of: end) else { return pem }
        return String(pem[range.upperBound...].drop { $0.isNewline })
    }

    /// PKCS #8 in PEM: the secret itself.
    public var pem: String { key.pemRepresentation }

    func signature(over bytes: [UInt8]) throws(IDBlockError) -> IDSignature {
        do {
            return IDSignature(try key.signature(for: SHA384.hash(data: bytes)))
        } catch {
            throw .signingFailed
        }
    }
}

/// An ECDSA P-384 signature in AMD's form.
///
/// Layout, 512 bytes: R 72, S 72, little-endian, zeros after.
struct IDSignature: Equatable, Sendable {
    static let byteCount = 512

    let encoded: [UInt8]
    private let raw: [UInt8]

    fileprivate init(_ signature: P384.Signing.ECDSASignature) {
        raw = Array(signature.rawRepresentation)
        let padding = [UInt8](repeating: 0, count: 24)
        let fields = raw[..<48].reversed() + padding + raw[48...].reversed() + padding
        encoded = fields + [UInt8](repeating: 0, count: Self.byteCount - fields.count)
    }

    init(decoding bytes: Span<UInt8>, at offset: Int) throws(IDBlockError) {
        try bytes.requireReserved(offset + 48..<offset + 72)
        try bytes.requireReserved(offset + 120..<offset + Self.byteCount)
        encoded = bytes.bytes(offset..<offset + Self.byteCount)
        raw = encoded[..<48].reversed() + encoded[72..<120].reversed()
    }

    func isValid(for bytes: [UInt8], by key: IDPublicKey) -> Bool {
        guard let signature = try? P384.Signing.ECDSASignature(rawRepresentation: raw) else { return false }
        return key.key.isValidSignature(signature, for: SHA384.hash(data: bytes))
    }
}

extension Span<UInt8> {
    func requireReserved(_ range: Range<Int>) throws(IDBlockError) {
        for offset in range where self[offset] != 0 { throw .reservedNotZero(offset: offset) }
    }
}
