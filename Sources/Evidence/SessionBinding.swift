internal import struct Crypto.SHA512
public import Keys
public import Primitives

/// What a report's REPORT_DATA binds together.
public struct SessionBinding: Hashable, Sendable {
    /// Over the nonces of everyone who asked (``NonceTree``).
    public let nonceRoot: SHA256Digest
    public let bound: BoundDigest
    public let keys: SessionPublicKeys

    /// Joins the three.
    public init(nonceRoot: SHA256Digest, bound: BoundDigest, keys: SessionPublicKeys) {
        self.nonceRoot = nonceRoot
        self.bound = bound
        self.keys = keys
    }

    /// SHA-512("2cvm evidence v1" ‖ 0x00 ‖ nonce root ‖ bound digest ‖ SHA-256(sealing key) ‖
    /// SHA-256(signing key)).
    public var reportData: FixedBytes<64> {
        let content = Array("2cvm evidence v1".utf8) + [0x00] + nonceRoot.bytes + bound.hostData.bytes + keys.digests
        guard let digest = FixedBytes<64>(Array(SHA512.hash(data: content))) else {
            preconditionFailure("SHA-512 digests are 64 bytes")
        }
        return digest
    }
}
