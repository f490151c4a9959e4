internal import Crypto
public import Primitives

/// What noise is derived from: the same for the same manifest, run and data, and unknown to whoever lacks a salt.
///
/// So a second machine, or a second attempt on the same data, draws the same noise, and nobody averages it away.
/// Another manifest draws other noise, even of the same data: noise that two questions share could be taken out of
/// their answers' difference.
public struct NoiseSource: Sendable {
    /// Content that a run has in a slot.
    public struct Slot: Sendable {
        public let salt: FixedBytes<32>
        public let commitment: Primitives.SHA256Digest

        /// A slot's salt, and what its content hashes to with it.
        public init(salt: FixedBytes<32>, commitment: Primitives.SHA256Digest) {
            self.salt = salt
            self.commitment = commitment
        }
    }

    private let secret: SymmetricKey
    private let manifest: Primitives.SHA256Digest

    /// - Parameters:
    ///   - manifest: the manifest's digest.
    ///   - slots: of all data, in the manifest's order. At least one: of none everybody would know the noise.
    public init?(manifest: Primitives.SHA256Digest, slots: [Slot]) {
        guard !slots.isEmpty else { return nil }
        secret = SymmetricKey(data: slots.flatMap { $0.salt.bytes + $0.commitment.bytes })
        self.manifest = manifest
    }

    /// The key of one output's noise in one run: HKDF-SHA256 (RFC 5869) over each slot's salt and commitment, salted
    /// with the manifest's digest, for the text `2cvm noise 1`, a zero byte, 8 bytes of the big-endian run and the
    /// output's name.
    ///
    /// - Parameters:
    ///   - name: the output's.
    ///   - run: counted from 1.
    public func key(ofOutput name: String, run: UInt64) -> FixedBytes<32> {
        let number = (0..<8).map { UInt8(truncatingIfNeeded: run >> UInt64(56 - 8 * $0)) }
        let secret = HKDF<SHA256>.extract(inputKeyMaterial: secret, salt: manifest.bytes)
        // Its expansion's first block, which is as long as the key.
        let info = Array("2cvm noise 1\0".utf8) + number + name.utf8 + [1]
        let block = HMAC<SHA256>.authenticationCode(for: info, using: SymmetricKey(data: Array(secret)))
        guard let key = FixedBytes<32>(Array(block)) else { preconditionFailure("a code of SHA-256 has 32 bytes") }
        return key
    }
}
