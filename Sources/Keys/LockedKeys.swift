internal import Crypto
internal import CryptoExtras
public import Primitives

/// Both seeds under a passphrase: scrypt (RFC 7914; r = 8, p = 1), then AES-256-GCM over the 64 bytes.
public struct LockedKeys: Equatable, Sendable {
    /// scrypt's N is two to this power: 16 MiB to 1 GiB of memory.
    public static let workFactors = 14...20
    /// 128 MiB, and half a second or so.
    public static let defaultWorkFactor = 17
    public static let maximumPassphraseByteCount = 1024

    let salt: FixedBytes<16>
    let workFactor: Int
    let nonce: FixedBytes<12>
    /// 64 bytes and the tag of 16.
    let sealed: FixedBytes<80>

    /// Locks `keys`.
    ///
    /// - Parameters:
    ///   - keys: What is locked.
    ///   - passphrase: At most 1,024 bytes.
    ///   - workFactor: How long one guess takes.
    ///   - randomness: Drawn for this file alone: 16 bytes of salt, 12 of nonce.
    /// - Throws: ``KeyFileError`` for a passphrase that is empty or too long.
    public init(
        locking keys: PrivateKeys, with passphrase: [UInt8], randomness: FixedBytes<28>,
        workFactor: Int = defaultWorkFactor
    ) throws(KeyFileError) {
        precondition(Self.workFactors.contains(workFactor), "work factors are 14 to 20")
        salt = fixed(randomness.bytes.prefix(16))
        nonce = fixed(randomness.bytes.suffix(12))
        self.workFactor = workFactor
        let key = try Self.key(passphrase, salt: salt, workFactor: workFactor)
        let seeds = keys.signing.seed.bytes.bytes + keys.sealing.seed.bytes.bytes
        do {
            let box = try AES.GCM.seal(
                seeds, using: key, nonce: AES.GCM.Nonce(data: nonce.bytes), authenticating: Self.label)
            sealed = fixed(Array(box.ciphertext) + Array(box.tag))
        } catch {
            preconditionFailure("AES-GCM seals 64 bytes")
        }
    }

    /// The keys.
    ///
    /// - Throws: ``KeyFileError/wrongPassphrase`` also when the file was changed.
    public func unlocked(with passphrase: [UInt8]) throws(KeyFileError) -> PrivateKeys {
        let key = try Self.key(passphrase, salt: salt, workFactor: workFactor)
        guard let nonce = try? AES.GCM.Nonce(data: nonce.bytes),
            let box = try? AES.GCM.SealedBox(
                nonce: nonce, ciphertext: sealed.bytes.prefix(64), tag: sealed.bytes.suffix(16)),
            let seeds = try? AES.GCM.open(box, using: key, authenticating: Self.label)
        else { throw .wrongPassphrase }
        return PrivateKeys(
            signingSeed: SecretSeed(fixed(seeds.prefix(32))), sealingSeed: SecretSeed(fixed(seeds.suffix(32))))
    }

    init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        let form = try object.required("form")
        guard form.isWord(Self.form) else { throw .unknownWord(form.path, expected: [Self.form]) }
        salt = try object.hex("salt")
        workFactor = try object.integer("workFactor", in: Self.workFactors)
        nonce = try object.hex("nonce")
        sealed = try object.hex("sealed")
        try object.finish()
    }

    package var json: JSONValue {
        [
            "form": .string(Self.form),
            "salt": .string(salt.description),
            "workFactor": .integer(workFactor),
            "nonce": .string(nonce.description),
            "sealed": .string(sealed.description),
        ]
    }

    private static let form = "scrypt-aes256gcm"
    private static let label = Array("2cvm key file v1".utf8)

    private static func key(
        _ passphrase: [UInt8], salt: FixedBytes<16>, workFactor: Int
    ) throws(KeyFileError) -> SymmetricKey {
        guard !passphrase.isEmpty else { throw .emptyPassphrase }
        guard passphrase.count <= maximumPassphraseByteCount else { throw .passphraseTooLong }
        do {
            return try KDF.Scrypt.deriveKey(
                from: passphrase, salt: salt.bytes, outputByteCount: 32, rounds: 1 << workFactor, blockSize: 8,
                parallelism: 1)
        } catch {
            throw .noMemory
        }
    }
}
