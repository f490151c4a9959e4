package import Evidence
package import Keys
package import Primitives

/// What the session asks for evidence about itself.
///
/// It says what the bundle is to name: at the lock, that is a manifest which the session has not taken yet.
package protocol BundleMaker: Sendable {
    /// A bundle that answers `nonce` and names the session's keys and `bound`.
    ///
    /// May take as long as the firmware does.
    func bundle(nonce: FixedBytes<32>, boundTo bound: BoundDigest) async throws -> EvidenceBundle
}
