public import Primitives

/// Chains that were verified before, so that many reports with one chain cost its signatures once.
///
/// What is remembered holds at any time, so that it changes no verdict: validity and revocation are each appraisal's
/// own questions.
public struct EndorsementMemory: Sendable {
    private var known: [SHA256Digest: EndorsementVerification] = [:]

    /// More than one plan's machines have. Whoever shows more chains pays for each.
    private static let maximumCount = 4096

    /// Remembers nothing yet.
    public init() {}

    /// Verifies names and signatures, or remembers what came of the very same bytes.
    ///
    /// - Parameters:
    ///   - endorsements: not yet trusted.
    ///   - simulatedRoot: as for ``Endorsements/verified(simulatedRoot:)``.
    public mutating func verification(
        of endorsements: Endorsements, simulatedRoot: SHA256Digest?
    ) -> EndorsementVerification {
        let key = Self.key(endorsements, simulatedRoot)
        if let verification = known[key] { return verification }
        let verification = endorsements.verified(simulatedRoot: simulatedRoot)
        if known.count >= Self.maximumCount { known.removeAll() }
        known[key] = verification
        return verification
    }

    private static func key(_ endorsements: Endorsements, _ root: SHA256Digest?) -> SHA256Digest {
        let parts = [
            endorsements.leaf?.certificate.encoded, endorsements.intermediate?.encoded, endorsements.root?.encoded,
            endorsements.revocationList?.encoded, root?.bytes,
        ]
        // Each part's digest, or zeros where it is absent: no two sets have one key.
        return SHA256Digest(
            sha256: parts.flatMap { part in
                part.map { SHA256Digest(sha256: $0).bytes } ?? [UInt8](repeating: 0, count: 32)
            })
    }
}
