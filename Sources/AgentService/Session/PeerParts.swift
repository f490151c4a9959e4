internal import Commitments
internal import Execution
internal import Keys
internal import Lifecycle
internal import Platform
internal import Primitives
internal import Sealing

/// What other sessions of the plan are sent of a run: each output that flows somewhere, or that there is none.
///
/// Outputs are kept as ciphertext. The key is drawn here and lies in this process's memory alone, so that they are gone
/// with this value.
struct PeerParts: Sendable {
    private struct Kept: Sendable {
        let sealed: SealedOutputs
        let byteCount: Int
        let commitment: OutputCommitment
    }

    private let outputs: [Name: Kept]
    private let key = SealingKey(seed: SecretSeed(randomBytes()))
    private let session: SHA256Digest
    private let signer: SigningPublicKey

    /// Keeps of a run's outputs what flows to another session, and nothing else. Blocks.
    init(_ released: [ReleasedOutput], of work: SealingWork) throws {
        session = work.session
        signer = work.keys.signing.publicKey
        let flowing = Set(work.conclusion.admitted.course.agreed.flows.map(\.output))
        var outputs: [Name: Kept] = [:]
        for output in released where flowing.contains(output.commitment.name) {
            let header = StreamHeader(
                session: session, purpose: .outputs, slot: "", length: output.content.byteCount,
                salt: FixedBytes(repeating: 0))
            let sealed = try work.folder.seal(
                OutputsContent([.output(output.content)]), to: key.publicKey, as: header, signedBy: work.keys.signing)
            outputs[output.commitment.name] = Kept(
                sealed: sealed, byteCount: output.content.byteCount, commitment: output.commitment)
        }
        self.outputs = outputs
    }

    /// What an output's part is, with the commitment that receipts and deliveries have.
    func part(of output: Name) throws -> (head: PeerContent, commitment: SHA256Digest, content: [OutputsContent.Part]) {
        if let kept = outputs[output] {
            let head = PeerContent(isReleased: true, byteCount: kept.byteCount, salt: kept.commitment.salt)
            let content = try KeptContent(kept.sealed.file, in: session, openedWith: key, from: signer)
            return (head, kept.commitment.digest, [.kept(content)])
        }
        // Nobody but the receiver can tell this commitment from one to an output.
        let salt: FixedBytes<32> = randomBytes()
        let hasher = ContentHasher(salt: salt, byteCount: 0)
        guard let digest = hasher.finalize() else { preconditionFailure("nothing was announced, and nothing came") }
        return (PeerContent(isReleased: false, byteCount: 0, salt: salt), digest, [])
    }
}

/// An output that was kept as ciphertext, opened chunk by chunk. Read once, from its start to its end.
final class KeptContent {
    let byteCount: Int
    private let file: RegularFile
    private var stream: OpenedStream
    /// Where the next chunk begins.
    private var next = StreamFormat.prologueByteCount
    /// What was opened and not read yet.
    private var opened: ArraySlice<UInt8> = []

    init(
        _ file: RegularFile, in session: SHA256Digest, openedWith key: SealingKey, from signer: SigningPublicKey
    ) throws {
        let prologue = try file.read(upTo: StreamFormat.prologueByteCount, at: 0)
        stream = try ClaimedStream(prologue, for: .outputs, in: session, openedWith: key).verified(by: signer)
        byteCount = stream.header.length
        self.file = file
    }

    /// The next bytes, or none at the end.
    func read(upTo count: Int) throws -> [UInt8] {
        while opened.isEmpty, let size = stream.nextChunkByteCount {
            opened = try stream.open(file.read(upTo: size, at: next))[...]
            next += size
        }
        let piece = opened.prefix(count)
        opened = opened.dropFirst(piece.count)
        return Array(piece)
    }
}

/// From a run's parts to the streams for one other session.
struct HandOver: Sendable {
    let parts: PeerParts
    let peer: AffirmedPeer
    let agreed: AgreedManifest
    let session: SHA256Digest
    let keys: SessionKeys
    /// How many deliveries were signed before.
    let count: Int
    let folder: SessionFolder

    /// Seals what flows to the peer, and signs for it. Blocks.
    ///
    /// - Returns: each stream by its token, and what was signed: all of them, or it throws.
    func seal() throws -> (streams: [SHA256Digest: SealedOutputs], deliveries: [Envelope]) {
        guard let plan = agreed.manifest.plan else { return ([:], []) }
        var streams: [SHA256Digest: SealedOutputs] = [:]
        var deliveries: [Envelope] = []
        let maximums = Dictionary(
            agreed.manifest.outputs.map { ($0.name, $0.maximumBytes) }
        ) { first, _ in first }
        for flow in agreed.flows(to: peer.session.name) {
            guard let maximum = maximums[flow.output] else { continue }
            let part = try parts.part(of: flow.output)
            let length = PeerContent.byteCount(ofOutput: maximum)
            let header = StreamHeader(
                session: peer.sessionID, purpose: .submission, slot: flow.data.description, length: length,
                salt: FixedBytes(repeating: 0))
            let content = OutputsContent([.bytes(part.head.encoded)] + part.content)
            streams[FlowToken(flow, plan: plan).stream(to: peer.sessionID)] = try folder.seal(
                content, to: peer.keys.sealing, as: header, signedBy: keys.signing)
            let delivery = Delivery(
                of: flow, in: plan, commitment: part.commitment, byteCount: length,
                count: count + deliveries.count + 1, from: session,
                to: Delivery.Receiver(session: peer.sessionID, reportDigest: peer.reportDigest))
            deliveries.append(delivery.signed(by: keys.signing))
        }
        return (streams, deliveries)
    }
}
