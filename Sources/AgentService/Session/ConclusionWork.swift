internal import Commitments
internal import Evidence
internal import Execution
internal import Keys
internal import Lifecycle
internal import Platform
internal import Primitives
internal import Sealing

/// From how a run ended to one sealed stream for each participant.
///
/// The session's new state is given out only together with all of its streams.
struct ConclusionWork: Sendable {
    let session: Session
    let ending: RunWork.Ending
    let signingKey: SigningKey
    /// The bundle that was made at the lock.
    let evidence: EvidenceBundle
    let engine: String
    let folder: SessionFolder
    let clock: @Sendable () -> Int

    /// What came of it.
    struct Result: Sendable {
        let session: Session
        let streams: [SHA256Digest: SealedOutputs]
    }

    /// Commits to the outputs, signs the receipt, seals the streams. Blocks.
    func conclude() throws -> Result {
        var session = session
        var released: [ReleasedOutput] = []
        switch ending {
        case .completed(let outputs):
            for output in session.manifest?.outputs ?? [] {
                guard let collected = outputs.first(where: { $0.name == output.name }) else { throw MissingOutput() }
                released.append(ReleasedOutput(content: collected, commitment: try commit(to: collected)))
            }
            _ = try session.conclude(.completed(released.map(\.commitment)), at: clock())
        case .failed:
            _ = try session.conclude(.failed, at: clock())
        }
        guard case .finished(let conclusion) = session.stage else { throw MissingOutput() }
        let receipt = Receipt(
            conclusion, of: session.identity, reportDigest: SHA256Digest(sha256: evidence.report.encoded),
            engine: engine)
        let signed = (receipt: receipt.signed(by: signingKey).encoded, evidence: evidence.encoded)
        var streams: [SHA256Digest: SealedOutputs] = [:]
        let manifest = conclusion.admitted.manifest
        for participant in manifest.participants {
            let content = content(for: participant.name, under: manifest, signed, released)
            streams[OutputsIndex.token(of: participant.name, under: manifest)] = try seal(
                content, to: participant, under: manifest)
        }
        return Result(session: session, streams: streams)
    }

    private func commit(to output: CollectedOutput) throws -> OutputCommitment {
        let salt: FixedBytes<32> = randomBytes()
        var hasher = ContentHasher(salt: salt, byteCount: output.byteCount)
        var offset = 0
        while offset < output.byteCount {
            let piece = try output.read(upTo: Self.pieceByteCount, at: offset)
            guard !piece.isEmpty else { break }
            hasher.update(piece)
            offset += piece.count
        }
        guard let digest = hasher.finalize() else { throw MissingOutput() }
        return OutputCommitment(name: output.name, salt: salt, digest: digest)
    }

    private func content(
        for recipient: Name, under manifest: Manifest, _ signed: (receipt: [UInt8], evidence: [UInt8]),
        _ released: [ReleasedOutput]
    ) -> OutputsContent {
        let names = Set(OutputsIndex.outputs(of: recipient, under: manifest).map(\.name))
        let outputs = released.filter { names.contains($0.commitment.name) }
        var notice: [UInt8] = []
        if case .failed(let reason?) = ending, reason.recipients.contains(recipient) { notice = reason.text }
        let index = OutputsIndex(
            receiptByteCount: signed.receipt.count, evidenceByteCount: signed.evidence.count,
            noticeByteCount: notice.count, outputs: outputs.map(\.entry))
        return OutputsContent(
            head: index.encoded + signed.receipt + signed.evidence + notice, outputs: outputs.map(\.content))
    }

    private func seal(
        _ content: OutputsContent, to participant: Participant, under manifest: Manifest
    ) throws -> SealedOutputs {
        let length = OutputsIndex.contentByteCount(for: participant.name, under: manifest)
        let header = StreamHeader(
            session: session.sessionID, purpose: .outputs, slot: participant.name.description, length: length,
            salt: FixedBytes(repeating: 0))
        var sealer = try StreamSealer(to: participant.sealingKey, header: header, signedBy: signingKey)
        var content = content
        let file = try folder.keep(maximumBytes: StreamFormat.streamByteCount(ofContent: length)) { file in
            try file.append(sealer.prologue)
            while let count = sealer.nextContentByteCount {
                try file.append(try sealer.seal(try content.read(count)))
            }
            // What does not fit is not cut: then nothing is released.
            guard content.isAtPadding else { throw MissingOutput() }
        }
        return SealedOutputs(file: file)
    }

    private static let pieceByteCount = 256 << 10

    /// An output that is not there, or not as a whole.
    private struct MissingOutput: Error {}
}

/// An output and the session's word on it.
private struct ReleasedOutput {
    let content: CollectedOutput
    let commitment: OutputCommitment

    var entry: OutputsIndex.Entry {
        OutputsIndex.Entry(name: commitment.name, byteCount: content.byteCount, salt: commitment.salt)
    }
}
