internal import Crypto
internal import Primitives

/// A participant's X-Wing private key (draft-connolly-cfrg-xwing-kem-06): ML-KEM-768 with X25519.
public struct SealingKey: Sendable {
    package let seed: SecretSeed

    /// What others seal to.
    public let publicKey: SealingPublicKey

    /// Derives the key. Every seed is one.
    public init(seed: SecretSeed) {
        self.seed = seed
        do {
            let key = try XWingMLKEM768X25519.PrivateKey(seedRepresentation: seed.bytes.bytes, publicKey: nil)
            publicKey = SealingPublicKey(rawRepresentation: fixed(key.publicKey.rawRepresentation))
        } catch {
            preconditionFailure("every 32 bytes are an X-Wing seed")
        }
    }
}

extension SealingKey: CustomStringConvertible, CustomReflectable {
    public var description: String { "an X-Wing private key" }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
