internal import Crypto
package import Primitives

/// A participant's Ed25519 private key (RFC 8032).
public struct SigningKey: Sendable {
    package let seed: SecretSeed

    /// What signatures by this key verify with.
    public let publicKey: SigningPublicKey

    /// Derives the key. Every seed is one.
    public init(seed: SecretSeed) {
        self.seed = seed
        publicKey = SigningPublicKey(rawRepresentation: fixed(Self.key(seed).publicKey.rawRepresentation))
    }

    /// 64 bytes over `message`, the same each time.
    package func signature(over message: [UInt8]) -> FixedBytes<64> {
        do {
            return fixed(try Self.key(seed).signature(for: message))
        } catch {
            preconditionFailure("Ed25519 signs every message")
        }
    }

    private static func key(_ seed: SecretSeed) -> Curve25519.Signing.PrivateKey {
        do {
            return try Curve25519.Signing.PrivateKey(rawRepresentation: seed.bytes.bytes)
        } catch {
            preconditionFailure("every 32 bytes are an Ed25519 seed")
        }
    }
}

extension SigningKey: CustomStringConvertible, CustomReflectable {
    public var description: String { "the private key of \(publicKey)" }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// Bytes whose count the algorithm fixes.
func fixed<let byteCount: Int>(_ bytes: some Collection<UInt8>) -> FixedBytes<byteCount> {
    guard let value = FixedBytes<byteCount>(bytes) else {
        preconditionFailure("expected \(byteCount) bytes of the algorithm, found \(bytes.count)")
    }
    return value
}
