public import Commitments
public import Evidence
public import Lifecycle
internal import Keys
internal import Primitives

/// A receipt that its session signed, that fits the manifest, and whose evidence was affirmed.
public struct VerifiedReceipt: Sendable {
    public let receipt: Receipt
    /// The evidence that travelled with it.
    public let evidence: AffirmedReport

    /// Verifies a receipt and the evidence beside it.
    ///
    /// - Parameters:
    ///   - envelope: the receipt's, as it came.
    ///   - bundle: the bundle that was made at the lock, with what its endorsements lacked.
    ///   - session: affirmed on a nonce of the verifier's own, now or in a record.
    ///   - manifest: what everyone signed.
    ///   - verifier: whose policy, lists and waivers count.
    public init(
        _ envelope: [UInt8], beside bundle: EvidenceBundle, of session: AffirmedSession, under manifest: Manifest,
        by verifier: Verifier
    ) throws(OutputsError) {
        var memory = EndorsementMemory()
        try self.init(
            envelope, beside: bundle, of: session, under: manifest, by: verifier, remembering: &memory)
    }

    /// The same among many receipts whose chains are few.
    ///
    /// - Parameters:
    ///   - envelope: the receipt's, as it came.
    ///   - bundle: the bundle that was made at the lock, with what its endorsements lacked.
    ///   - session: affirmed on a nonce of the verifier's own, now or in a record.
    ///   - manifest: what everyone signed.
    ///   - verifier: whose policy, lists and waivers count.
    ///   - memory: of the chains before.
    public init(
        _ envelope: [UInt8], beside bundle: EvidenceBundle, of session: AffirmedSession, under manifest: Manifest,
        by verifier: Verifier, remembering memory: inout EndorsementMemory
    ) throws(OutputsError) {
        let decoded: Envelope
        do {
            decoded = try Envelope(decoding: envelope, as: Receipt.payloadType)
        } catch {
            throw .receipt(.signature(error))
        }
        do {
            receipt = try Receipt(verifying: decoded, from: session.keys)
        } catch {
            throw .receipt(error)
        }
        try receipt.requireFit(manifest)
        guard bundle.answer.nonce.isZero, bundle.session.keys == session.keys,
            bundle.session.bound == manifest.bound
        else { throw .otherEvidence }
        guard SHA256Digest(sha256: bundle.report.encoded) == receipt.reportDigest else { throw .otherReport }
        let terms = SessionTerms(nonce: FixedBytes(repeating: 0), manifest: manifest)
        let chain = memory.verification(of: bundle.endorsements, simulatedRoot: verifier.simulatedRoot)
        switch verifier.appraise(bundle, endorsed: chain, under: terms) {
        case .affirmed(.locked(let affirmed)) where affirmed.id == session.id: evidence = affirmed.evidence
        case .affirmed: throw .otherEvidence
        case .contraindicated(let findings): throw .contraindicated(findings)
        }
        if let version = receipt.engine.split(separator: " ").last.flatMap({ EngineVersion(String($0)) }) {
            let findings = verifier.policy.findings(onEngine: version)
            guard findings.isEmpty else { throw .contraindicated(findings) }
        } else if verifier.policy.earliestEngine != nil {
            throw .receiptDiffers("an engine without a version")
        }
    }
}

extension Receipt {
    /// Compares what the receipt says of slots and outputs with what the manifest allows.
    func requireFit(_ manifest: Manifest) throws(OutputsError) {
        guard manifestDigest == manifest.digest else { throw .receiptDiffers("another manifest") }
        guard bound == manifest.bound else { throw .receiptDiffers("another plan, or another session of it") }
        let promised = Slot.all(of: manifest)
        guard run.number <= manifest.limits.runs else { throw .receiptDiffers("a run too many") }
        guard isLast || run.number < manifest.limits.runs else { throw .receiptDiffers("a last run that is none") }
        // A session that waited for a later run's questions, and ended, was never given them.
        let mayLackQuestions = isLast && ending == .failed && run.number > 1
        let brought = promised.filter { slot in
            !mayLackQuestions || !slot.isPerRun || slots.contains { $0.name == slot.name }
        }
        guard slots.map(\.name) == brought.map(\.name) else { throw .receiptDiffers("other slots") }
        for (entry, slot) in zip(slots, brought) {
            guard (entry.session == nil) == (slot.provider.session == nil) else {
                throw .receiptDiffers("whether a session filled \(slot.name)")
            }
            switch slot.promise {
            case .component(let digest), .data(let digest):
                guard entry.digest == digest else { throw .receiptDiffers("the content of \(slot.name)") }
            case .anyData: break
            }
        }
        guard ending == .completed else { return }
        guard outputs.map(\.name) == manifest.outputs.map(\.name) else { throw .receiptDiffers("other outputs") }
    }
}
