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
    /// - Returns: each participant's stream, by its token: all of them, or it throws.
    func seal() throws -> [SHA256Digest: SealedOutputs] {
        let receipt = Receipt(conclusion, of: keys.identity, engine: engine).signed(by: keys.signing).encoded
        var streams: [SHA256Digest: SealedOutputs] = [:]
        let manifest = conclusion.admitted.manifest
        for participant in manifest.participants {
            let content = content(for: participant.name, under: manifest, receipt)
            streams[OutputsIndex.token(of: participant.name, under: manifest)] = try seal(
                content, to: participant, under: manifest)
        }
        return streams
    }

    /// None where the run has failed, also when it was the sealing that failed.
    private var released: [ReleasedOutput] {
        guard case .completed = conclusion.outcome, case .completed(let outputs) = results else { return [] }
        return outputs
    }

    private func content(
        for recipient: Name, under manifest: Manifest, _ receipt: [UInt8]
    ) -> OutputsContent {
        let names = Set(OutputsIndex.outputs(of: recipient, under: manifest).map(\.name))
        let outputs = released.filter { names.contains($0.commitment.name) }
        var notice: [UInt8] = []
        if case .failed(let reason?) = results, reason.recipients.contains(recipient) { notice = reason.text }
        let evidence = conclusion.admitted.evidence.bundle
        let index = OutputsIndex(
            receiptByteCount: receipt.count, evidenceByteCount: evidence.count, noticeByteCount: notice.count,
            outputs: outputs.map(\.entry))
        return OutputsContent(head: index.encoded + receipt + evidence + notice, outputs: outputs.map(\.content))
    }

    private func seal(
        _ content: OutputsContent, to participant: Participant, under manifest: Manifest
    ) throws -> SealedOutputs {
        let length = OutputsIndex.contentByteCount(for: participant.name, under: manifest)
        let header = StreamHeader(
            session: session, purpose: .outputs, slot: participant.name.description, length: length,
            salt: FixedBytes(repeating: 0))
        var sealer = try StreamSealer(to: participant.sealingKey, header: header, signedBy: keys.signing)
        var content = content
        let file = try folder.keep(maximumBytes: StreamFormat.streamByteCount(ofContent: length)) { file in
            try file.append(sealer.prologue)
            while let count = sealer.nextContentByteCount {
                try file.append(try sealer.seal(try content.read(count)))
            }
            // What does not fit is not cut: then nothing is released.
            guard content.isAtPadding else { throw OutputTooLarge() }
        }
        return SealedOutputs(file: file)
    }

    /// More than the manifest lets an output be.
    private struct OutputTooLarge: Error {}
}
