public import AgentAPI
public import Commitments
public import Evidence
public import Keys
public import Lifecycle
public import Plans
public import Primitives
internal import Sealing

/// Content that is read piece by piece, wherever it lies.
public struct ContentSource: Sendable {
    public let byteCount: Int
    /// At most so many bytes from an offset on: fewer only at the end.
    let read: @Sendable (_ maximumByteCount: Int, _ offset: Int) throws -> [UInt8]

    /// - Parameters:
    ///   - byteCount: how long the content is.
    ///   - read: may be called on any thread, one call at a time.
    public init(
        byteCount: Int, read: @escaping @Sendable (_ maximumByteCount: Int, _ offset: Int) throws -> [UInt8]
    ) {
        self.byteCount = byteCount
        self.read = read
    }

    /// Content in memory.
    public init(_ bytes: [UInt8]) {
        self.init(byteCount: bytes.count) { count, offset in Array(bytes[offset...].prefix(count)) }
    }
}

/// A participant's own word on one slot, compared with the manifest before anything leaves.
public struct Submission: Sendable {
    public let slot: Name
    /// SHA-256 of the content as it was compared.
    public let contentDigest: SHA256Digest
    let content: ContentSource
    let header: StreamHeader
    let sender: SigningKey
    let recipient: SealingPublicKey

    /// Prepares a submission to a session that was affirmed. There is no other way to one.
    ///
    /// The content is read once, and compared with what the manifest pins.
    /// - Parameters:
    ///   - content: what fills the slot.
    ///   - slot: its name in the manifest.
    ///   - session: affirmed, and bound to this manifest.
    ///   - manifest: what the session runs.
    ///   - sender: the provider's key.
    ///   - run: for data that is brought for each run anew, which one: the next.
    ///   - salt: for data, what its commitment was made with; where the manifest leaves data open, `nil` draws nothing:
    ///     hand in random bytes.
    public init(
        of content: ContentSource, to slot: Name, in session: AffirmedSession, under manifest: Manifest,
        as sender: SigningKey, salt: FixedBytes<32>?, run: RunReference? = nil
    ) throws(ClientError) {
        guard manifest.bound == session.bound else { throw .otherManifest }
        guard let participant = manifest.sender(signingWith: sender.publicKey) else { throw .notAParticipant }
        let place = try Slot(slot, of: participant.name, under: manifest)
        guard content.byteCount <= place.maximumBytes else {
            // Longer than the manifest lets it be, it is not what the manifest pins either.
            guard !place.isPinned else { throw .contentDiffers(slot) }
            throw .contentTooLarge(slot, maximum: place.maximumBytes, found: content.byteCount)
        }
        let compared = try place.compare(
            content, salt: salt, format: manifest.data.first { $0.name == slot }?.format)
        guard place.isPerRun == (run != nil) else { throw .runUnstated(slot) }
        self.slot = slot
        self.content = content
        contentDigest = compared.digest
        self.sender = sender
        recipient = session.keys.sealing
        header = StreamHeader(
            session: session.id, purpose: .submission, slot: slot.description, length: content.byteCount,
            salt: compared.salt, run: run)
    }

    /// The size of what is sealed.
    public var contentByteCount: Int { content.byteCount }

    /// The size of the stream.
    public var byteCount: Int { StreamFormat.streamByteCount(ofContent: content.byteCount) }

    /// Seals the content and gives the stream out piece by piece.
    ///
    /// - Parameter body: gets some chunks at a time.
    public func seal(_ body: ([[UInt8]]) async throws -> Void) async throws {
        var sealer = try onSealing { () throws(SealingError) in
            try StreamSealer(to: recipient, header: header, signedBy: sender)
        }
        var pieces = [sealer.prologue]
        var offset = 0
        while let count = sealer.nextContentByteCount {
            let content = try piece(count, at: offset)
            pieces.append(try onSealing { () throws(SealingError) in try sealer.seal(content) })
            offset += count
            if pieces.count == Self.batchCount {
                try await body(pieces)
                pieces = []
            }
        }
        if !pieces.isEmpty { try await body(pieces) }
    }

    /// Chunks that are handed over together: 1 MiB.
    private static let batchCount = 8

    private func piece(_ count: Int, at offset: Int) throws(ClientError) -> [UInt8] {
        let piece: [UInt8]
        do {
            piece = try content.read(count, offset)
        } catch {
            throw .source(slot)
        }
        guard piece.count == count else { throw .contentChanged(slot) }
        return piece
    }
}

/// Gives sealing's refusal this module's form.
private func onSealing<Value>(_ body: () throws(SealingError) -> Value) throws(ClientError) -> Value {
    do {
        return try body()
    } catch {
        throw .sealing(error)
    }
}

extension AgentClient {
    /// Submits one slot's content.
    ///
    /// - Parameters:
    ///   - submission: what is sent.
    ///   - progress: is told how many bytes of the stream have gone.
    /// - Returns: the session's status once the slot is filled.
    public func submit(
        _ submission: Submission, progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws(ClientError) -> AgentStatus {
        try await send(to: .submissions, byteCount: submission.byteCount) { sink in
            var count = 0
            try await submission.seal { pieces in
                try await sink.write(pieces)
                count += pieces.reduce(0) { $0 + $1.count }
                progress(count)
            }
        }
    }

    /// Sends a stream that was sealed before, as it is.
    public func submit(
        stream: ContentSource, progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws(ClientError) -> AgentStatus {
        try await send(to: .submissions, byteCount: stream.byteCount) { sink in
            var offset = 0
            while offset < stream.byteCount {
                guard let piece = try? stream.read(1 << 20, offset), !piece.isEmpty else {
                    throw ClientError.answer(.cut)
                }
                try await sink.write([piece])
                offset += piece.count
                progress(offset)
            }
        }
    }

    /// Locks a session to a signed manifest: the first of all steps, possible once.
    ///
    /// - Parameters:
    ///   - session: affirmed under this very manifest, before or after it learnt of it.
    ///   - signed: what everyone signed.
    ///   - sender: any participant's key.
    public func lock(
        _ session: AttestedSession, to signed: FullySignedManifest, as sender: SigningKey
    ) async throws(ClientError) -> AgentStatus {
        try await lock(session, with: signed.envelope.encoded, to: signed.manifest, as: sender)
    }

    /// Locks a session of a plan: the first of all steps, possible once.
    ///
    /// - Parameters:
    ///   - session: affirmed under what the plan's session is bound to, before or after it learnt of it.
    ///   - lock: the plan, the session's manifest, and the policy file that the plan names.
    ///   - sender: any participant's key.
    public func lock(
        _ session: AttestedSession, to lock: PlannedLock, as sender: SigningKey
    ) async throws(ClientError) -> AgentStatus {
        try await self.lock(session, with: lock.encoded, to: lock.agreed.manifest, as: sender)
    }

    private func lock(
        _ session: AttestedSession, with content: [UInt8], to manifest: Manifest, as sender: SigningKey
    ) async throws(ClientError) -> AgentStatus {
        let (id, keys) =
            switch session {
            case .locked(let session): (session.id, session.keys)
            case .awaitingManifest(let key): (key.id, key.keys)
            }
        if case .locked(let session) = session, session.bound != manifest.bound {
            throw .otherManifest
        }
        let stream = try sealed(content, for: .lock, in: id, to: keys.sealing, as: sender, under: manifest)
        return try await send(to: .manifest, byteCount: stream.count) { sink in
            try await sink.write([stream])
        }
    }

    /// Says yes or no to what a review showed.
    public func send(
        _ answer: Decision, to session: AffirmedSession, under manifest: Manifest, as sender: SigningKey
    ) async throws(ClientError) -> AgentStatus {
        guard manifest.bound == session.bound, answer.session == session.id else { throw .otherManifest }
        let signed = answer.signed(by: sender).encoded
        let content = signed + [UInt8](repeating: 0, count: max(0, Decision.contentByteCount - signed.count))
        let stream = try sealed(
            content, for: .answer, in: session.id, to: session.keys.sealing, as: sender, under: manifest)
        return try await send(to: .answers, byteCount: stream.count) { sink in try await sink.write([stream]) }
    }

    /// Says that a run's outputs have come, so that the session need not keep them.
    public func acknowledge(
        _ run: RunReference, of session: AffirmedSession, under manifest: Manifest, as sender: SigningKey
    ) async throws(ClientError) -> AgentStatus {
        guard manifest.bound == session.bound else { throw .otherManifest }
        let stream = try sealed(
            [], for: .acknowledgement, in: session.id, to: session.keys.sealing, as: sender, under: manifest, of: run)
        return try await send(to: .acknowledgements, byteCount: stream.count) { sink in
            try await sink.write([stream])
        }
    }

    /// Ends a session.
    public func withdraw(
        from session: AffirmedSession, under manifest: Manifest, as sender: SigningKey
    ) async throws(ClientError) -> AgentStatus {
        guard manifest.bound == session.bound else { throw .otherManifest }
        let stream = try sealed(
            [], for: .withdrawal, in: session.id, to: session.keys.sealing, as: sender, under: manifest)
        return try await send(to: .withdrawals, byteCount: stream.count) { sink in
            try await sink.write([stream])
        }
    }

    private func sealed(
        _ content: [UInt8], for purpose: Purpose, in session: SHA256Digest, to key: SealingPublicKey,
        as sender: SigningKey, under manifest: Manifest, of run: RunReference? = nil
    ) throws(ClientError) -> [UInt8] {
        guard manifest.sender(signingWith: sender.publicKey) != nil else { throw .notAParticipant }
        let header = StreamHeader(
            session: session, purpose: purpose, slot: "", length: content.count, salt: FixedBytes(repeating: 0),
            run: run)
        do {
            return try StreamSealer.stream(of: content, to: key, header: header, signedBy: sender)
        } catch {
            throw .sealing(error)
        }
    }
}
