public import Evidence
public import Primitives

/// What a session answered to a nonce, and what a verifier made of it.
public struct Attestation: Sendable {
    /// With what its endorsements lacked and the verifier had.
    public let bundle: EvidenceBundle
    public let nonce: FixedBytes<32>
    public let appraisal: Appraisal<AttestedSession>

    /// States an appraisal of a bundle that came in another way.
    public init(bundle: EvidenceBundle, nonce: FixedBytes<32>, appraisal: Appraisal<AttestedSession>) {
        self.bundle = bundle
        self.nonce = nonce
        self.appraisal = appraisal
    }
}
