public import Primitives

/// A participant's Ed25519 public key, not yet trusted: whose it is, the address book says.
public struct SigningPublicKey: Hashable, Sendable {
    /// The 32 bytes of RFC 8032.
    public let rawRepresentation: FixedBytes<32>

    /// Wraps the raw bytes. Whether they are a point is seen when a signature is verified.
    public init(rawRepresentation: FixedBytes<32>) {
        self.rawRepresentation = rawRepresentation
    }
}
