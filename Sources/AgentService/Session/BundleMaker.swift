package import Evidence
package import Primitives

/// What the session asks for evidence about itself.
///
/// It says which manifest the bundle is to name: at the lock, that is one which the session has not taken yet.
package protocol BundleMaker: Sendable {
    /// A bundle that answers `nonce` and names the session's keys and `manifestDigest`.
    ///
    /// May take as long as the firmware does.
    func bundle(nonce: FixedBytes<32>, manifestDigest: SHA256Digest) async throws -> EvidenceBundle
}
