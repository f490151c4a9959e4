public import Commitments
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

extension AgentClient {
    /// Asks for evidence and appraises it under a manifest.
    ///
    /// The way to a session's keys: only an affirmed appraisal has them.
    /// - Parameters:
    ///   - nonce: random, drawn for this question.
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
