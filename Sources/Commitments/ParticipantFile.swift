public import Keys
public import Primitives

extension Participant {
    /// A `NAME.pub` file is about 1.8 KiB.
    public static let maximumByteCount = 8192

    /// The entry of someone who holds `keys`.
    public init(name: Name, keys: PrivateKeys) {
        self.name = name
        signingKey = keys.signing.publicKey
        sealingKey = keys.sealing.publicKey
    }

    /// Decodes a `NAME.pub` file: one entry of a manifest's `participants`.
    public init(decoding bytes: [UInt8]) throws(ManifestError) {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes, maximumByteCount: Self.maximumByteCount, maximumDepth: 1)
        } catch {
            throw .json(error)
        }
        do {
            try self.init(JSONReader(value))
        } catch {
            throw .shape(error)
        }
    }

    /// The entry, as it stands in a manifest and in `NAME.pub`.
    public var json: JSONValue {
        [
            "name": .string(name.description),
            "signingKey": .string(signingKey.didKey),
            "sealingKey": .string(sealingKey.text),
        ]
    }
}
