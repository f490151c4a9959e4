public import Primitives

/// Both private keys of one participant.
public struct PrivateKeys: Sendable {
    public let signing: SigningKey
    public let sealing: SealingKey

    /// Derives both from seeds that the caller drew at random, apart from each other.
    public init(signingSeed: SecretSeed, sealingSeed: SecretSeed) {
        signing = SigningKey(seed: signingSeed)
        sealing = SealingKey(seed: sealingSeed)
    }
}

/// The content of `NAME.key`: the seeds, or the seeds under a passphrase.
///
/// docs/MANIFEST.md, "Key files", has the form.
public enum KeyFile: Sendable {
    case open(PrivateKeys)
    case locked(LockedKeys)

    /// A key file is some hundred bytes.
    public static let maximumByteCount = 4096

    /// Decodes a key file. A locked one still needs its passphrase.
    public init(decoding bytes: [UInt8]) throws(KeyFileError) {
        self = try JSONDocument.read(
            bytes, maximumByteCount: Self.maximumByteCount, maximumDepth: 4, orThrow: KeyFileError.document
        ) { reader throws(JSONShapeError) in
            try Self.read(reader)
        }
    }

    /// The file's bytes. They hold the private keys: write them for their owner alone.
    public var encoded: [UInt8] {
        let value: JSONValue =
            switch self {
            case .open(let keys):
                [
                    "version": 1,
                    "signingSeed": .string(keys.signing.seed.bytes.description),
                    "sealingSeed": .string(keys.sealing.seed.bytes.description),
                ]
            case .locked(let keys): ["version": 1, "passphrase": keys.json]
            }
        return value.indentedBytes
    }

    private static func read(_ reader: JSONReader) throws(JSONShapeError) -> KeyFile {
        var object = try reader.object()
        _ = try object.integer("version", in: 1...1)
        if let reader = object.optional("passphrase") {
            let keys = try LockedKeys(reader)
            try object.finish()
            return .locked(keys)
        }
        let keys = PrivateKeys(
            signingSeed: SecretSeed(try object.hex("signingSeed")),
            sealingSeed: SecretSeed(try object.hex("sealingSeed")))
        try object.finish()
        return .open(keys)
    }
}

/// Why a key file gives no keys. Never says what is in it.
public enum KeyFileError: Error, Equatable, Sendable {
    case document(DocumentError)
    case emptyPassphrase
    case passphraseTooLong
    case wrongPassphrase
    case noMemory
}

extension KeyFileError: PositionedError {
    public var position: TextPosition? {
        if case .document(let error) = self { error.position } else { nil }
    }

    public var code: String {
        switch self {
        case .document(let error): "key.\(error.code)"
        case .emptyPassphrase: "key.passphrase.empty"
        case .passphraseTooLong: "key.passphrase.length"
        case .wrongPassphrase: "key.passphrase.wrong"
        case .noMemory: "key.passphrase.memory"
        }
    }

    public var message: String {
        switch self {
        case .document(let error): error.message
        case .emptyPassphrase: "the passphrase is empty"
        case .passphraseTooLong: "the passphrase has more than \(LockedKeys.maximumPassphraseByteCount) bytes"
        case .wrongPassphrase: "the passphrase does not open this key file"
        case .noMemory: "scrypt refused its parameters or found too little memory"
        }
    }

    public var hint: String? {
        switch self {
        case .wrongPassphrase: "the passphrase is wrong, or the file was changed"
        case .document(let error):
            switch error.fault {
            case .shape(.unknownName), .shape(.missing): "expected a NAME.key file, as `2cvm key new` writes it"
            default: nil
            }
        default: nil
        }
    }
}
