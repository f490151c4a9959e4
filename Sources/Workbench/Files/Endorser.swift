package import Client
internal import Evidence
internal import Platform

/// Hands a session what its evidence lacks.
package struct Endorser: Sendable {
    package let client: AgentClient
    package let source: CertificateSource

    package init(client: AgentClient, source: CertificateSource) {
        self.client = client
        self.source = source
    }

    /// - Returns: what was collected; `nil` when nothing was lacking.
    package func endorse() async throws(CommandFailure) -> ReportCertificates? {
        let bundle: EvidenceBundle
        do {
            bundle = try await client.evidence(nonce: randomBytes())
        } catch {
            throw CommandFailure(error)
        }
        let presented = bundle.endorsements
        if !presented.isIncomplete, presented.revocationList?.isOutdated == false, !source.refreshesList { return nil }
        let collection = try ReportCertificates.collect(for: bundle.report, from: source, in: "\(client.address)")
        guard let endorsements = collection.endorsements else { return collection }
        do {
            try await client.putEndorsements(endorsements)
        } catch {
            throw CommandFailure(error)
        }
        return collection
    }
}
