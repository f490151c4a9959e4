public import Keys
public import Primitives

/// A participant with its private keys, the same in every test.
public struct Party: Sendable {
    public let name: String
    public let signing: SigningKey
    public let sealing: SealingKey

    /// - Parameter seed: below 156; other parties have others.
    public init(_ name: String, _ seed: UInt8) {
        self.name = name
        signing = SigningKey(seed: SecretSeed(FixedBytes(repeating: seed)))
        sealing = SealingKey(seed: SecretSeed(FixedBytes(repeating: seed + 100)))
    }

    public var publicKeys: SessionPublicKeys {
        SessionPublicKeys(sealing: sealing.publicKey, signing: signing.publicKey)
    }

    /// Its entry of a manifest's `participants`.
    public var entry: JSONValue {
        [
            "name": .string(name), "signingKey": .string(signing.publicKey.didKey),
            "sealingKey": .string(sealing.publicKey.text),
        ]
    }
}
