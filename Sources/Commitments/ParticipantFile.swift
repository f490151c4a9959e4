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
        self = try JSONDocument.read(
            bytes, maximumByteCount: Self.maximumByteCount, maximumDepth: 1, orThrow: ManifestError.document
        ) { reader throws(JSONShapeError) in
            try Participant(reader)
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
