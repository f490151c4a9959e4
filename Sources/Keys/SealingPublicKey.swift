public import Primitives

/// A participant's X-Wing (ML-KEM-768 + X25519) public key, not yet trusted.
public struct SealingPublicKey: Hashable, Sendable {
    /// The 1,184 bytes of the ML-KEM-768 key, then the 32 of the X25519 key.
    public let rawRepresentation: FixedBytes<1216>

    /// Wraps the raw bytes. Whether they are a key is seen when something is sealed to it.
    public init(rawRepresentation: FixedBytes<1216>) {
        self.rawRepresentation = rawRepresentation
    }

    /// Takes a stranger's raw bytes, or returns `nil` for what nobody could seal to: ML-KEM coefficients that are not
    /// reduced (FIPS 203, section 7.2), X25519 points of small order.
    package init?(stranger rawRepresentation: FixedBytes<1216>) {
        guard Self.isReduced(rawRepresentation.bytes.prefix(Self.vectorByteCount)),
            let point = FixedBytes<32>(rawRepresentation.bytes.suffix(32)), !WeakPoints.areMontgomery(point)
        else { return nil }
        self.rawRepresentation = rawRepresentation
    }

    /// Parses `xwing:` and the unpadded base64url of the raw bytes, or returns `nil`.
    ///
    /// Refuses what nobody could seal to, so that a bad key is found before the session and not at
    /// its end.
    public init?(text: String) {
        guard text.hasPrefix(Self.prefix),
            let bytes = Base64.urlUnpadded.decode(String(text.dropFirst(Self.prefix.count))),
            let raw = FixedBytes<1216>(bytes)
        else { return nil }
        self.init(stranger: raw)
    }

    /// `xwing:` and unpadded base64url: the one spelling of this key.
    public var text: String { Self.prefix + Base64.urlUnpadded.encode(rawRepresentation.bytes) }

    private static let prefix = "xwing:"
    /// ML-KEM-768: 3 polynomials of 256 coefficients, 12 bits each; 32 bytes of seed follow.
    private static let vectorByteCount = 1152

    private static func isReduced(_ vector: ArraySlice<UInt8>) -> Bool {
        stride(from: vector.startIndex, to: vector.endIndex, by: 3).allSatisfy { index in
            let first = Int(vector[index]) | Int(vector[index + 1] & 0x0F) << 8
            let second = Int(vector[index + 1] >> 4) | Int(vector[index + 2]) << 4
            return first < 3329 && second < 3329
        }
    }
}

extension SealingPublicKey: CustomStringConvertible {
    public var description: String { text }
}
