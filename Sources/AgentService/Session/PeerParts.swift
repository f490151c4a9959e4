internal import Commitments
internal import Execution
internal import Keys
internal import Lifecycle
internal import Platform
internal import Primitives
internal import Sealing

/// What other sessions of the plan are sent of a run: each output that flows somewhere, or that there is none.
struct PeerParts: Sendable {
    private let outputs: [Name: ReleasedOutput]

    /// - Parameter results: nothing is kept of them but what flows to another session.
    init(_ results: RunResults, of conclusion: Conclusion) {
        guard case .completed = conclusion.outcome, case .completed(let released) = results else {
            outputs = [:]
            return
        }
        let flowing = Set(conclusion.admitted.course.agreed.flows.map(\.output))
        outputs = Dictionary(
            released.filter { flowing.contains($0.commitment.name) }.map { ($0.commitment.name, $0) }
        ) { first, _ in first }
    }

    /// What an output's part is, with the commitment that receipts and deliveries have.
    func part(of output: Name) -> (head: PeerContent, commitment: SHA256Digest, content: [OutputsContent.Part]) {
        if let released = outputs[output] {
            let head = PeerContent(
                isReleased: true, byteCount: released.content.byteCount, salt: released.commitment.salt)
            return (head, released.commitment.digest, [.output(released.content)])
        }
        // Nobody but the receiver can tell this commitment from one to an output.
        let salt: FixedBytes<32> = randomBytes()
        let hasher = ContentHasher(salt: salt, byteCount: 0)
        guard let digest = hasher.finalize() else { preconditionFailure("nothing was announced, and nothing came") }
        return (PeerContent(isReleased: false, byteCount: 0, salt: salt), digest, [])
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
            let part = parts.part(of: flow.output)
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
