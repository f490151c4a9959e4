public import Keys
public import Primitives

/// The two public keys that a virtual machine made at boot. They are its identity until it ends.
public struct SessionIdentity: Equatable, Sendable {
    /// What participants seal to.
    public let sealingKey: SealingPublicKey
    /// What signs the receipt.
    public let signingKey: SigningPublicKey

    /// Names a session by its keys; whether they are a genuine machine's, its evidence says.
    public init(sealingKey: SealingPublicKey, signingKey: SigningPublicKey) {
        self.sealingKey = sealingKey
        self.signingKey = signingKey
    }

    /// SHA-256("2cvm session v1" ‖ 0x00 ‖ manifest digest ‖ SHA-256(sealing key) ‖ SHA-256(signing key)).
    ///
    /// - Parameter manifestDigest: `nil` before the lock, which counts as 32 zero bytes.
    public func id(lockedTo manifestDigest: SHA256Digest?) -> SHA256Digest {
        var hash = SHA256Hasher()
        hash.update(Array("2cvm session v1".utf8) + [0])
        hash.update((manifestDigest ?? SHA256Digest(repeating: 0)).bytes)
        hash.update(SHA256Digest(sha256: sealingKey.rawRepresentation.bytes).bytes)
        hash.update(SHA256Digest(sha256: signingKey.rawRepresentation.bytes).bytes)
        return hash.finalize()
    }
}
