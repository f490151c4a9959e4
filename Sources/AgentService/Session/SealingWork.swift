internal import Commitments
internal import Execution
internal import Keys
internal import Lifecycle
internal import Platform
internal import Primitives
internal import Sealing

/// From how a session concluded to one sealed stream for each participant.
struct SealingWork: Sendable {
    let conclusion: Conclusion
    let results: RunResults
    let session: SHA256Digest
    let keys: SessionKeys
    let engine: String
    let folder: SessionFolder

    /// Signs the receipt and seals the streams. Blocks.
    ///
    /// - Returns: the receipt's digest, each participant's stream by its token, and in a plan what flows on: all of
    ///   it, or it throws.
    func seal() throws -> (receipt: SHA256Digest, streams: [SHA256Digest: SealedOutputs], parts: PeerParts?) {
        let receipt = Receipt(conclusion, of: keys.identity, engine: engine)
        let signed = receipt.signed(by: keys.signing).encoded
        var streams: [SHA256Digest: SealedOutputs] = [:]
        for participant in manifest.participants {
            let length = OutputsIndex.contentByteCount(for: participant.name, under: manifest, run: run)
            let header = StreamHeader(
                session: session, purpose: .outputs, slot: participant.name.description, length: length,
                salt: FixedBytes(repeating: 0), run: conclusion.admitted.course.reference)
            let content = content(for: participant.name, signed)
            streams[OutputsIndex.token(of: participant.name, under: manifest, run: run)] = try folder.seal(
                content, to: participant.sealingKey, as: header, signedBy: keys.signing)
        }
        let parts = conclusion.admitted.course.agreed.flows.isEmpty ? nil : try PeerParts(released, of: self)
        return (receipt.digest, streams, parts)
    }

    private var manifest: Manifest { conclusion.admitted.manifest }
    private var run: Int { conclusion.admitted.course.run }

    /// None where the run has failed, also when it was the sealing that failed.
    private var released: [ReleasedOutput] {
        guard case .completed = conclusion.outcome, case .completed(let outputs) = results else { return [] }
        return outputs
    }

    private func content(
        for recipient: Name, _ receipt: [UInt8]
    ) -> OutputsContent {
        let names = Set(OutputsIndex.outputs(of: recipient, under: manifest).map(\.name))
        let outputs = released.filter { names.contains($0.commitment.name) }
        let notice = notice(for: recipient)
        let evidence = run == 1 ? conclusion.admitted.evidence.bundle : []
        let index = OutputsIndex(
            receiptByteCount: receipt.count, evidenceByteCount: evidence.count, noticeByteCount: notice.count,
            outputs: outputs.map(\.entry))
        return OutputsContent(head: index.encoded + receipt + evidence + notice, outputs: outputs.map(\.content))
    }

    /// Why nothing was released, for those who may know.
    private func notice(for participant: Name) -> [UInt8] {
        guard case .failed(let failure) = conclusion.outcome else { return [] }
        if case .failed(let reason?) = results, reason.recipients.contains(participant) { return reason.text }
        // Everybody gets the sender's receipt, which says the same.
        if case .sender = failure { return Array(failure.words.utf8) }
        return manifest.isTold(participant) ? Array(failure.words.utf8) : []
    }
}

extension Manifest {
    /// Whether a participant learns why a run released nothing: where there are several runs, or somebody decides,
    /// those who ask, who decide and who receive.
    fileprivate func isTold(_ participant: Name) -> Bool {
        guard limits.runs > 1 || hasReviews || hasHeldResults else { return false }
        return questions.contains { $0.provider == .participant(participant) } || recipients.contains(participant)
            || questionApprovers.contains(participant) || resultApprovers.contains(participant)
    }
}
