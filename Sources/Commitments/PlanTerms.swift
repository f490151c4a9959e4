package import Keys
package import Primitives

/// What a plan says for each of its manifests.
///
/// A manifest in a plan is decoded against it, and is then a manifest like any other.
package struct PlanTerms: Sendable {
    /// The plan's own digest.
    package let digest: SHA256Digest
    /// They take part in every session.
    package let participants: [Participant]
    /// What each session's machine must prove, by the session's name.
    package let platforms: [Name: PlatformRequirements]

    /// Joins the three.
    package init(digest: SHA256Digest, participants: [Participant], platforms: [Name: PlatformRequirements]) {
        self.digest = digest
        self.participants = participants
        self.platforms = platforms
    }
}

extension BoundDigest {
    /// What one session of a plan is bound to.
    ///
    /// SHA-256("2cvm plan session v1" ‖ 0x00 ‖ plan digest ‖ manifest digest ‖ session name)
    package init(plan: SHA256Digest, manifest: SHA256Digest, session: Name) {
        self.init(
            SHA256Digest(
                sha256: Array("2cvm plan session v1".utf8) + [0x00] + plan.bytes + manifest.bytes
                    + Array(session.description.utf8)))
    }
}
