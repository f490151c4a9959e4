public import Primitives

/// The public keys that a session made at its boot. Trusted only through an affirmed appraisal.
public struct SessionPublicKeys: Hashable, Sendable {
    /// X-Wing: what is sealed to it, only the session can open.
    public let sealing: SealingPublicKey
    /// Ed25519: what the session signs, its receipt among them.
    public let signing: SigningPublicKey

    /// Joins the two.
    public init(sealing: SealingPublicKey, signing: SigningPublicKey) {
        self.sealing = sealing
        self.signing = signing
    }

    /// SHA-256("2cvm session v1" ‖ 0x00 ‖ bound digest ‖ SHA-256(sealing key) ‖ SHA-256(signing key)).
    public func sessionID(boundTo bound: BoundDigest) -> SHA256Digest {
        SHA256Digest(sha256: Array("2cvm session v1".utf8) + [0x00] + bound.hostData.bytes + digests)
    }

    /// SHA-256 of the sealing key, then of the signing key.
    package var digests: [UInt8] {
        SHA256Digest(sha256: sealing.rawRepresentation.bytes).bytes
            + SHA256Digest(sha256: signing.rawRepresentation.bytes).bytes
    }
}
