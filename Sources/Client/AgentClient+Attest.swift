public import Commitments
public import Evidence
public import Primitives
public import Verification

extension AgentClient {
    /// Asks for evidence and appraises it under a manifest.
    ///
    /// The way to a session's keys: only an affirmed appraisal has them.
    /// - Parameters:
    ///   - manifest: what the session must be bound to.
    ///   - nonce: random, drawn for this question.
    ///   - verifier: whose policy, lists and waivers count.
    ///   - complete: adds certificates and lists that came with nothing, from a cache for example.
    public func attest(
        _ manifest: Manifest, nonce: FixedBytes<32>, by verifier: Verifier,
        completing complete: (EvidenceBundle) -> Endorsements = { $0.endorsements }
    ) async throws(ClientError) -> Attestation {
        var bundle = try await evidence(nonce: nonce)
        bundle.endorsements = complete(bundle)
        let terms = SessionTerms(nonce: nonce, manifest: manifest)
        return Attestation(bundle: bundle, nonce: nonce, appraisal: verifier.appraise(bundle, under: terms))
    }
}
