package import AgentAPI
package import Evidence
package import Keys
package import NIOCore
internal import NIOPosix
internal import Platform
package import Primitives
internal import Synchronization

/// Where verifiers ask for evidence, and where they wait for it.
///
/// A report takes the firmware a millisecond or more, and it makes one at a time. So nonces that arrive while one is
/// being made wait together, and share the next through a ``NonceTree``. Each report is bound to one manifest:
/// those who wait for another are left to the report after it.
package final class EvidenceBatcher: BundleMaker {
    /// Requests that may wait at the same time.
    package let maximumWaitingCount: Int

    private let source: any EvidenceSource
    private let keys: SessionPublicKeys
    /// A thread of its own: the call blocks for as long as the firmware likes.
    private let thread = NIOThreadPool(numberOfThreads: 1)
    private let queue = Mutex(Queue())
    private let encoder = Mutex<(endorsements: Endorsements, session: SessionClaim, encoder: BundleEncoder)?>(nil)
    /// What an operator put, verified against a report of this machine.
    private let installed = Mutex<Endorsements?>(nil)

    private struct Queue {
        var waiting: [Waiting] = []
        var isMaking = false

        enum Arrival {
            case waits, begins, isRefused
        }

        mutating func take(_ one: Waiting, maximumCount: Int) -> Arrival {
            guard waiting.count < maximumCount else { return .isRefused }
            waiting.append(one)
            guard !isMaking else { return .waits }
            isMaking = true
            return .begins
        }
    }

    private struct Waiting {
        let nonce: FixedBytes<32>
        let bound: BoundDigest
        let continuation: CheckedContinuation<Result<BatchMember, EvidenceRefusal>, Never>
    }

    /// Opens the batcher.
    ///
    /// - Parameter keys: of the session that all evidence vouches for.
    package init(source: any EvidenceSource, keys: SessionPublicKeys, maximumWaitingCount: Int = 4096) {
        precondition(1...NonceTree.maximumCount ~= maximumWaitingCount, "all who wait must fit into one tree")
        self.source = source
        self.keys = keys
        self.maximumWaitingCount = maximumWaitingCount
        thread.start()
    }

    /// Requests that wait for the next report.
    package var waitingCount: Int { queue.withLock { $0.waiting.count } }

    /// Closes the batcher. Whoever asks from now on is told that there is no evidence.
    package func close() async {
        try? await thread.shutdownGracefully()
    }

    /// Evidence for one nonce, shared with whoever else waits.
    package func answer(
        to nonce: FixedBytes<32>, boundTo bound: BoundDigest
    ) async throws(EvidenceRefusal) -> EvidenceAnswer {
        let result = await withCheckedContinuation { continuation in
            join(Waiting(nonce: nonce, bound: bound, continuation: continuation))
        }
        // Encoded by whoever waited, so that the thread can ask for the next report.
        return EvidenceAnswer(try result.get(), nonce: nonce)
    }

    /// A bundle of its own, shared with nobody: the session's record of its lock.
    package func bundle(nonce: FixedBytes<32>, boundTo bound: BoundDigest) async throws -> EvidenceBundle {
        let result = await withCheckedContinuation { continuation in
            thread.submit { state in
                let made: Result<SharedReport, EvidenceRefusal> =
                    state == .active ? self.makeBundle(for: [nonce], bound) : .failure(.unavailable)
                continuation.resume(returning: made.map(\.bundle))
            }
        }
        return try result.get()
    }

    /// Takes endorsements from an operator, if they are this machine's: the leaf has signed a report that is made for
    /// the purpose, the chain verifies up to a known root, and a revocation list is newer than the one that is there.
    ///
    /// What the body leaves out is completed by what is there already.
    package func install(_ upload: Endorsements) async throws(EvidenceRefusal) {
        let bundle = try await currentBundle()
        let known = bundle.endorsements
        if let new = upload.revocationList, let old = known.revocationList, new != old {
            guard new.thisUpdate > old.thisUpdate else { throw .endorsementsOlder }
        }
        let candidate = Endorsements(
            leaf: upload.leaf ?? known.leaf, intermediate: upload.intermediate ?? known.intermediate,
            root: upload.root ?? known.root, revocationList: upload.revocationList ?? known.revocationList)
        guard let leaf = candidate.leaf, candidate.intermediate != nil, let root = candidate.root else {
            throw .endorsementsIncomplete
        }
        guard leaf.hasSigned(bundle.report) else { throw .endorsementsReport }
        // A simulated platform's root is known to nobody; that it signed the chain is all that can be asked.
        let simulatedRoot = source.simulatedRoot != nil ? root.publicKeyDigest : nil
        guard case .verified = candidate.verified(simulatedRoot: simulatedRoot) else { throw .endorsementsChain }
        installed.withLock { $0 = candidate }
    }

    private func currentBundle() async throws(EvidenceRefusal) -> EvidenceBundle {
        do {
            return try await bundle(nonce: randomBytes(), boundTo: .none)
        } catch {
            throw .unavailable
        }
    }
}

// The thread's side.
extension EvidenceBatcher {
    private func join(_ waiting: Waiting) {
        // A closed pool runs what it is given at once, so nothing is given to it under the lock.
        switch queue.withLock({ $0.take(waiting, maximumCount: maximumWaitingCount) }) {
        case .waits: break
        case .begins: thread.submit { self.answerWaiting($0) }
        case .isRefused: waiting.continuation.resume(returning: .failure(.busy))
        }
    }

    /// Answers those at the head of the queue who wait for the same manifest.
    private func answerWaiting(_ state: NIOThreadPool.WorkItemState) {
        let batch = queue.withLock { queue in
            let bound = queue.waiting.first?.bound
            let end = queue.waiting.firstIndex { $0.bound != bound } ?? queue.waiting.count
            let batch = Array(queue.waiting[..<end])
            queue.waiting.removeFirst(end)
            return batch
        }
        if let bound = batch.first?.bound {
            let result: Result<SharedReport, EvidenceRefusal> =
                state == .active ? makeBundle(for: batch.map(\.nonce), bound) : .failure(.unavailable)
            let shared = result.map { ($0.tree, pieces(for: $0.bundle)) }
            for (index, one) in batch.enumerated() {
                one.continuation.resume(returning: shared.map { BatchMember(tree: $0, pieces: $1, index: index) })
            }
        }
        // Between two reports others get their turn on the thread.
        let goesOn = queue.withLock { queue in
            queue.isMaking = !queue.waiting.isEmpty
            return queue.isMaking
        }
        if goesOn { thread.submit { self.answerWaiting($0) } }
    }

    private struct SharedReport {
        let tree: NonceTree
        /// With the answer to the first nonce.
        let bundle: EvidenceBundle
    }

    private func makeBundle(
        for nonces: [FixedBytes<32>], _ bound: BoundDigest
    ) -> Result<SharedReport, EvidenceRefusal> {
        guard let tree = NonceTree(nonces) else { return .failure(.unavailable) }
        let binding = SessionBinding(nonceRoot: tree.root, bound: bound, keys: keys)
        guard let sourced = try? source.report(on: binding.reportData),
            sourced.report.reportData == binding.reportData
        else { return .failure(.unavailable) }
        return .success(
            SharedReport(
                tree: tree,
                bundle: EvidenceBundle(
                    report: sourced.report, endorsements: endorsements(for: sourced),
                    answer: NonceAnswer(nonce: nonces[0], path: tree.path(at: 0)),
                    session: SessionClaim(keys: keys, bound: bound))))
    }

    /// What an operator put was verified, what the platform hands over was not. But after an update of the firmware
    /// the former is for a key that no longer signs.
    private func endorsements(for sourced: SourcedReport) -> Endorsements {
        guard let installed = installed.withLock({ $0 }), let leaf = installed.leaf else {
            return sourced.endorsements
        }
        return leaf.isForTCB(of: sourced.report)
            ? installed.completed(from: sourced.endorsements) : sourced.endorsements.completed(from: installed)
    }

    private func pieces(for bundle: EvidenceBundle) -> SharedPieces {
        let encoder = encoder.withLock { known in
            if let known, known.endorsements == bundle.endorsements, known.session == bundle.session {
                return known.encoder
            }
            let encoder = BundleEncoder(endorsements: bundle.endorsements, session: bundle.session)
            known = (bundle.endorsements, bundle.session, encoder)
            return encoder
        }
        return SharedPieces(
            head: ByteBuffer(bytes: encoder.head(for: bundle.report)), tail: ByteBuffer(bytes: encoder.tail))
    }
}

/// What everybody in a batch gets alike.
private struct SharedPieces {
    let head: ByteBuffer
    let tail: ByteBuffer
}

/// One nonce's place in a batch that has its report.
private struct BatchMember {
    let tree: NonceTree
    let pieces: SharedPieces
    let index: Int
}

/// One verifier's bundle, encoded, in pieces of which the first and last are everybody's.
package struct EvidenceAnswer: Sendable {
    package let pieces: [ByteBuffer]

    fileprivate init(_ member: BatchMember, nonce: FixedBytes<32>) {
        let answer = NonceAnswer(nonce: nonce, path: member.tree.path(at: member.index))
        pieces = [member.pieces.head, ByteBuffer(bytes: BundleEncoder.answer(answer)), member.pieces.tail]
    }

    /// All of it, in one piece.
    package var encoded: [UInt8] { pieces.flatMap { Array($0.readableBytesView) } }

    /// Length of the bundle.
    package var byteCount: Int { pieces.reduce(0) { $0 + $1.readableBytes } }
}
