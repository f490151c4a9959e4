public import Primitives

/// A participant's X-Wing (ML-KEM-768 + X25519) public key, not yet trusted.
public struct SealingPublicKey: Hashable, Sendable {
    /// The 1,184 bytes of the ML-KEM-768 key, then the 32 of the X25519 key.
    public let rawRepresentation: FixedBytes<1216>

    /// Wraps the raw bytes. Whether they are a key is seen when something is sealed to it.
    public init(rawRepresentation: FixedBytes<1216>) {
        self.rawRepresentation = rawRepresentation
    }
}
