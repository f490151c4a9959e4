/// The certificates and the revocation list that came with a report, decoded and not yet trusted.
///
/// Their transport is untrusted: AMD signed them. What is absent stays `nil`, and is a finding.
public struct Endorsements: Equatable, Sendable {
    /// VCEK or VLEK.
    public var leaf: EndorsementCertificate?
    /// ASK or ASVK.
    public var intermediate: Certificate?
    /// ARK.
    public var root: Certificate?
    public var revocationList: RevocationList?

    /// Gathers what there is.
    public init(
        leaf: EndorsementCertificate?, intermediate: Certificate?, root: Certificate?, revocationList: RevocationList?
    ) {
        self.leaf = leaf
        self.intermediate = intermediate
        self.root = root
        self.revocationList = revocationList
    }

    /// Whether a certificate or the revocation list is absent.
    public var isIncomplete: Bool { leaf == nil || intermediate == nil || root == nil || revocationList == nil }

    /// Takes from `other` what is absent here. Lists that count besides the one here are the verifier's
    /// (``Verifier/revocationLists``).
    public func completed(from other: Endorsements) -> Endorsements {
        Endorsements(
            leaf: leaf ?? other.leaf, intermediate: intermediate ?? other.intermediate, root: root ?? other.root,
            revocationList: revocationList ?? other.revocationList)
    }
}
