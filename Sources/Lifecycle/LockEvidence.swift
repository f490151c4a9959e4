public import Primitives

/// The evidence bundle that was made for the lock. It travels with the receipt, which names its report.
///
/// What it proves is not looked at here: that is the recipients' to find out.
public struct LockEvidence: Equatable, Sendable {
    /// The bundle as JSON, at most ``OutputsIndex/maximumEvidenceByteCount`` bytes.
    public let bundle: [UInt8]
    /// SHA-256 of the attestation report in it.
    public let reportDigest: SHA256Digest

    /// - Returns: `nil` for a bundle that no outputs stream has room for.
    public init?(bundle: [UInt8], reportDigest: SHA256Digest) {
        guard bundle.count <= OutputsIndex.maximumEvidenceByteCount else { return nil }
        self.bundle = bundle
        self.reportDigest = reportDigest
    }
}
