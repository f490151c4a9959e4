internal import Crypto
public import Primitives

/// A participant's Ed25519 public key, not yet trusted: whose it is, the address book says.
public struct SigningPublicKey: Hashable, Sendable {
    /// The 32 bytes of RFC 8032.
    public let rawRepresentation: FixedBytes<32>

    /// Wraps the raw bytes. Whether they are a point is seen when a signature is verified.
    public init(rawRepresentation: FixedBytes<32>) {
        self.rawRepresentation = rawRepresentation
    }

    /// Takes a stranger's raw bytes, or returns `nil` for a point of small order, for which anyone can sign, and for a
    /// second encoding of one point.
    package init?(stranger rawRepresentation: FixedBytes<32>) {
        guard !WeakPoints.areEdwards(rawRepresentation) else { return nil }
        self.rawRepresentation = rawRepresentation
    }

    /// Parses `did:key:z…` (W3C did:key, multicodec 0xed01, base58btc), or returns `nil`.
    ///
    /// Refuses points of small order, for which anyone can sign, and second encodings of one point.
    public init?(didKey text: String) {
        let digits = text.dropFirst(Self.didPrefix.count)
        guard let bytes = Base58.decode(digits), let raw = FixedBytes<32>(bytes.dropFirst(2)) else { return nil }
        self.init(stranger: raw)
        // Another prefix, or another codec in the first two bytes, is another spelling too.
        guard didKey.hasSameBytes(as: text) else { return nil }
    }

    /// `did:key:z…`: the one spelling of this key.
    public var didKey: String {
        Self.didPrefix + Base58.encode(Self.multicodec + rawRepresentation.bytes)
    }

    /// Twenty-four characters for comparing a key by voice or on paper: 120 bits of SHA-256 over
    /// `"2cvm fingerprint v1" ‖ 0x00 ‖ key`, in groups of four, without characters that look alike.
    public var fingerprint: String {
        let label = Array("2cvm fingerprint v1".utf8) + [0]
        let digest = SHA256Digest(sha256: label + rawRepresentation.bytes).bytes
        let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")
        var text = ""
        for position in 0..<24 {
            if position > 0, position.isMultiple(of: 4) { text.append("-") }
            let bit = position * 5
            let word = UInt16(digest[bit / 8]) << 8 | UInt16(digest[bit / 8 + 1])
            text.append(alphabet[Int(word >> UInt16(11 - bit % 8)) & 0x1F])
        }
        return text
    }

    /// Whether `signature` is this key's over `message`.
    package func isValid(_ signature: FixedBytes<64>, over message: [UInt8]) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: rawRepresentation.bytes) else {
            return false
        }
        return key.isValidSignature(signature.bytes, for: message)
    }

    private static let didPrefix = "did:key:z"
    private static let multicodec: [UInt8] = [0xED, 0x01]
}

extension SigningPublicKey: CustomStringConvertible {
    public var description: String { didKey }
}
