internal import enum Crypto.P384
internal import enum CryptoExtras._RSA
public import Primitives

/// The private keys of one simulated platform: root, intermediate, and the chip's own.
///
/// They are drawn once for each installation. This module opens no file: callers keep ``encoded`` in one that
/// only its owner can read.
public struct SimulationKeys: Sendable {
    public static let maximumByteCount = 32_768
    private static let kind = "2cvm simulation keys"
    private static let version = 1

    /// ARK: RSA-4096.
    let root: _RSA.Signing.PrivateKey
    /// ASK or ASVK: RSA-4096.
    let intermediate: _RSA.Signing.PrivateKey
    /// VCEK or VLEK: ECDSA P-384.
    let endorsement: P384.Signing.PrivateKey

    /// Draws new keys. Takes seconds: RSA keys are made by search.
    ///
    /// - Throws: ``SimulationError/keyGenerationFailed``.
    public init() throws(SimulationError) {
        do {
            root = try _RSA.Signing.PrivateKey(keySize: .bits4096)
            intermediate = try _RSA.Signing.PrivateKey(keySize: .bits4096)
        } catch {
            throw .keyGenerationFailed
        }
        endorsement = P384.Signing.PrivateKey()
    }

    /// Reads what ``encoded`` wrote, and nothing else.
    ///
    /// - Throws: ``SimulationError``.
    public init(decoding bytes: [UInt8]) throws(SimulationError) {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: bytes, maximumByteCount: Self.maximumByteCount)
        } catch {
            throw .unreadableKeys(error)
        }
        let encoded: EncodedKeys
        do throws(JSONShapeError) {
            encoded = try EncodedKeys(JSONReader(value), kind: Self.kind, version: Self.version)
        } catch {
            throw .wrongKeyFile(error)
        }
        root = try Self.authorityKey(encoded.root, "rootKey")
        intermediate = try Self.authorityKey(encoded.intermediate, "intermediateKey")
        do {
            endorsement = try P384.Signing.PrivateKey(rawRepresentation: encoded.endorsement)
        } catch {
            throw .wrongKey("endorsementKey")
        }
    }

    /// The secrets, as JSON: version, kind, and the keys in base64 (PKCS #1 DER; 48 raw bytes for the last).
    public var encoded: [UInt8] {
        let value: JSONValue = [
            "version": .integer(Self.version), "kind": .string(Self.kind),
            "rootKey": .base64(Array(root.derRepresentation)),
            "intermediateKey": .base64(Array(intermediate.derRepresentation)),
            "endorsementKey": .base64(Array(endorsement.rawRepresentation)),
        ]
        return value.indentedBytes
    }

    /// What a verifier names to take this platform's evidence: SHA-256 of the root's SubjectPublicKeyInfo.
    public var rootDigest: SHA256Digest { SHA256Digest(sha256: Array(root.publicKey.derRepresentation)) }

    private static func authorityKey(
        _ bytes: [UInt8], _ name: String
    ) throws(SimulationError) -> _RSA.Signing.PrivateKey {
        guard let key = try? _RSA.Signing.PrivateKey(derRepresentation: bytes), key.keySizeInBits == 4096 else {
            throw .wrongKey(name)
        }
        return key
    }
}

/// The file's three values, still bytes.
private struct EncodedKeys {
    let root: [UInt8]
    let intermediate: [UInt8]
    let endorsement: [UInt8]

    init(_ reader: JSONReader, kind: String, version: Int) throws(JSONShapeError) {
        var file = try reader.object()
        _ = try file.integer("version", in: version...version)
        _ = try file.parsed("kind", as: "\"\(kind)\"") { $0.hasSameBytes(as: kind) ? $0 : nil }
        root = try file.parsed("rootKey", as: "base64") { Base64.standard.decode($0) }
        intermediate = try file.parsed("intermediateKey", as: "base64") { Base64.standard.decode($0) }
        endorsement = try file.parsed("endorsementKey", as: "base64") { Base64.standard.decode($0) }
        try file.finish()
    }
}
