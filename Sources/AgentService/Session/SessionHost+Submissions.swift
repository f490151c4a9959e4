package import AgentAPI
internal import Commitments
internal import Formats
internal import Keys
internal import Lifecycle
internal import Platform
internal import Primitives
internal import Sealing

extension SessionHost {
    /// Begins to take content for a slot.
    ///
    /// - Parameters:
    ///   - prologue: the first ``prologueByteCount`` bytes of a stream of purpose `submission`.
    ///   - end: called, perhaps twice, when it loses its place: nobody need wait for more of it.
    /// - Throws: ``AgentError``. Who did not sign as a participant learns no more than that.
    package nonisolated func beginSubmission(
        _ prologue: [UInt8], endedBy end: @escaping @Sendable (AgentError) -> Void = { _ in }
    ) async throws(AgentError) -> sending IncomingSubmission {
        let (stream, sender) = try await signedStream(prologue, for: .submission)
        let place = try await expect(stream.header, from: sender.end, begunBy: prologue)
        let header = stream.header
        let hasher: ContentWriter.Hasher
        if case .session(let peer) = sender {
            guard header.salt.isZero else { throw .malformedHeader }
            hasher = ContentWriter.Hasher(partOf: header.length, from: peer.sessionID)
        } else if place.slot.isComponent {
            guard header.salt.isZero else { throw .malformedHeader }
            hasher = ContentWriter.Hasher()
        } else {
            hasher = ContentWriter.Hasher(salt: header.salt, byteCount: header.length)
        }
        let writer = try makeWriter(byteCount: header.length, hasher, of: place.format)
        place.permit.onLoss { reason in
            writer.giveUp()
            end(reason)
        }
        return IncomingSubmission(stream, into: place.slot, of: self, permit: place.permit, writer: writer)
    }

    /// Ends the session before it executes, at a participant's wish.
    ///
    /// - Parameter stream: of purpose `withdrawal`, ``withdrawalByteCount`` bytes.
    package func withdraw(_ stream: [UInt8]) async throws(AgentError) -> SessionStatus {
        let opened = try await open(stream, as: .withdrawal, contentByteCount: 0)
        try tell { session throws(SessionError) in try session.withdraw(opened.sender.name) }
        await awaitErasure()
        return status
    }

    /// Opens a short stream that is in memory, of one size.
    nonisolated func open(
        _ stream: [UInt8], as message: Session.Message, contentByteCount: Int
    ) async throws(AgentError) -> (header: StreamHeader, content: [UInt8], sender: Participant) {
        guard stream.count >= Self.prologueByteCount else { throw .incomplete }
        var (opened, signer) = try await signedStream(Array(stream[..<Self.prologueByteCount]), for: message)
        guard case .participant(let sender) = signer else { throw .signatureRefused }
        let header = opened.header
        guard header.slot.isEmpty, header.salt.isZero else { throw .malformedHeader }
        guard header.length <= contentByteCount else { throw .contentTooLarge }
        guard header.length == contentByteCount else { throw .malformedHeader }
        guard stream.count <= StreamFormat.streamByteCount(ofContent: contentByteCount) else { throw .tooManyBytes }
        let content = try onStreams { () throws(SealingError) in
            try opened.open(stream[Self.prologueByteCount...])
        }
        return (header, content, sender)
    }

    /// Takes a slot's content, of which everything has arrived.
    func admit(
        _ content: StagedContent, to slot: Slot, _ written: ContentWriter.Written, from header: StreamHeader
    ) throws(AgentError) -> SessionStatus {
        var next = session
        let actions = try onSession { () throws(SessionError) in
            try next.admit(
                slot, of: header.run, digest: written.digest, byteCount: written.byteCount, part: written.part,
                at: clock())
        }
        staged[slot.name] = content
        if !slot.isComponent {
            noiseSlots[slot.name] = NoiseSource.Slot(
                salt: written.salt ?? header.salt, commitment: written.digest)
        }
        if slot.isPerRun, session.manifest?.hasReviews == true || session.manifest?.hasHeldResults == true {
            asked[slot.name] = AskedContent(content: content, salt: header.salt)
        }
        limit.close(slot.name)
        apply(next, actions)
        return status
    }

    /// A submission's place, if it may begin.
    private func expect(
        _ header: StreamHeader, from sender: End, begunBy prologue: [UInt8]
    ) throws(AgentError) -> (slot: Slot, permit: SubmissionPermit, format: Format?) {
        let (manifest, slot) = try onSession { () throws(SessionError) in
            let slot = try session.expect(
                header.slot, of: header.run, from: sender, session: header.session, length: header.length)
            return (try session.admission().manifest, slot)
        }
        let mark = SHA256Digest(sha256: StreamFormat.encapsulatedKey(ofPrologue: prologue))
        let permit = try limit.enter(
            SubmissionOrder.Arrival(slot: slot.name, mark: mark, byteCount: header.length),
            spareBytes: Reservation.spareBytes(for: manifest, holding: configuration.runtimes))
        return (slot, permit, manifest.data.first { $0.name == slot.name }?.format)
    }

    private nonisolated func makeWriter(
        byteCount: Int, _ hasher: ContentWriter.Hasher, of format: Format?
    ) throws(AgentError) -> ContentWriter {
        do {
            let check = format.map { FormatCheck($0, maximumBytes: byteCount) }
            return ContentWriter(try folder.stage(maximumBytes: byteCount), hashedBy: hasher, check)
        } catch {
            throw AgentError(error)
        }
    }

    /// Opens a prologue and finds who signed it: a participant, or for a submission a session of the plan.
    ///
    /// The signature comes before anything else that the header says: answers about slots would otherwise tell a
    /// stranger which names the manifest has.
    private nonisolated func signedStream(
        _ prologue: [UInt8], for message: Session.Message
    ) async throws(AgentError) -> (stream: OpenedStream, sender: Sender) {
        let terms = try await terms(for: message)
        return try await proofs.take { () async throws(AgentError) in
            try terms.opened(prologue, for: message.purpose)
        }
    }

    /// Whose word a stream is.
    enum Sender: Sendable {
        case participant(Participant)
        case session(AffirmedPeer)

        var end: End {
            switch self {
            case .participant(let participant): .participant(participant.name)
            case .session(let peer): .session(peer.session.name)
            }
        }
    }

    private struct Terms: Sendable {
        let manifest: Manifest
        let peers: [AffirmedPeer]
        let sessionID: SHA256Digest
        let key: SealingKey

        func opened(
            _ prologue: [UInt8], for purpose: Purpose
        ) throws(AgentError) -> (stream: OpenedStream, sender: Sender) {
            try onStreams { () throws(SealingError) in
                let claimed = try ClaimedStream(prologue, for: purpose, in: sessionID, openedWith: key)
                // Verified first: a stranger's stream takes as long as a participant's bad one.
                let stream = try claimed.verified(by: claimed.claimedSender)
                guard let sender = sender(signingWith: claimed.claimedSender, purpose) else { throw .signatureRefused }
                return (stream, sender)
            }
        }

        private func sender(signingWith key: SigningPublicKey, _ purpose: Purpose) -> Sender? {
            if let participant = manifest.sender(signingWith: key) { return .participant(participant) }
            guard purpose == .submission else { return nil }
            return peers.first { $0.keys.signing == key }.map(Sender.session)
        }
    }

    /// What a stream is opened under, as long as the session takes any.
    private func terms(for message: Session.Message) throws(AgentError) -> Terms {
        try require(stageFor: message)
        guard let key = keys.sealingKey, let course = session.course else { throw .stopped }
        return Terms(manifest: course.manifest, peers: course.peers, sessionID: session.sessionID, key: key)
    }
}

extension Session.Message {
    /// Of the stream that it comes in.
    var purpose: Purpose {
        switch self {
        case .lock: .lock
        case .submission, .introduction: .submission
        case .answer: .answer
        case .acknowledgement: .acknowledgement
        case .withdrawal: .withdrawal
        }
    }
}
