internal import Commitments
internal import Execution
internal import Keys
internal import Lifecycle
internal import Platform
internal import Primitives
internal import Sealing

/// A question as it came, for those who decide on it.
struct AskedContent: Sendable {
    let content: StagedContent
    let salt: FixedBytes<32>
}

/// From what is decided on to one sealed stream for each who decides.
struct ReviewWork: Sendable {
    let review: Review
    let questions: [Name: AskedContent]
    let results: RunResults?
    let session: SHA256Digest
    let keys: SessionKeys
    let folder: SessionFolder

    /// Seals the streams. Blocks.
    ///
    /// - Returns: each approver's stream by its token: all of them, or it throws.
    func seal() throws -> [SHA256Digest: SealedOutputs] {
        let (manifest, run) = (review.manifest, review.admitted.course.reference)
        var streams: [SHA256Digest: SealedOutputs] = [:]
        for participant in manifest.participants where review.approvers.contains(participant.name) {
            let length = ReviewIndex.contentByteCount(for: participant.name, on: review.subject, under: manifest)
            let header = StreamHeader(
                session: session, purpose: .review, slot: participant.name.description, length: length,
                salt: FixedBytes(repeating: 0), run: run)
            let token = ReviewIndex.token(
                of: participant.name, on: review.subject, under: manifest, run: run.number)
            streams[token] = try folder.seal(
                try content(for: participant.name), to: participant.sealingKey, as: header, signedBy: keys.signing)
        }
        return streams
    }

    private func content(for participant: Name) throws -> OutputsContent {
        let names = ReviewIndex.names(shownTo: participant, on: review.subject, under: review.manifest)
        var shown: [IndexEntry] = []
        var parts: [OutputsContent.Part] = []
        for entry in names.data {
            guard let question = questions[entry.name] else { throw MissingContent() }
            let file = try question.content.open()
            shown.append(IndexEntry(name: entry.name, byteCount: file.byteCount, salt: question.salt))
            parts.append(.file(file))
        }
        if case .completed(let released)? = results {
            for output in names.outputs {
                guard let output = released.first(where: { $0.commitment.name == output.name }) else {
                    throw MissingContent()
                }
                shown.append(
                    IndexEntry(
                        name: output.commitment.name, byteCount: output.content.byteCount,
                        salt: output.commitment.salt))
                parts.append(.output(output.content))
            }
        }
        return OutputsContent([.bytes(ReviewIndex(review, showing: shown).encoded)] + parts)
    }

    /// Something to decide on that is not there.
    private struct MissingContent: Error {}
}
