package import AgentAPI
internal import Commitments
internal import Evidence
internal import Keys
internal import Lifecycle
internal import NIOPosix
internal import Primitives
internal import Sealing

extension SessionHost {
    /// Locks the session: opens a stream of purpose `lock`, and takes the signed manifest in it.
    ///
    /// The session is locked when this returns, and not before: its evidence is made first.
    /// - Parameter stream: the whole of it, at most ``maximumLockByteCount`` bytes.
    package func lock(_ stream: [UInt8]) async throws(AgentError) -> SessionStatus {
        try requireLockable()
        guard let key = keys.sealingKey else { throw .stopped }
        let sealed = SealedManifest(stream: stream, session: session.sessionID, key: key)
        let signed = try await proofs.take { () async throws(AgentError) in try await sealed.openBesides() }

        // Another one may have been taken, or begun, meanwhile.
        try requireLockable()
        var next = session
        let actions = try onSession { () throws(SessionError) in try next.lock(signed, at: clock()) }
        let reservation = Reservation(signed.manifest)
        guard reservation.fits(configuration.capacity) else { throw .capacity }
        isLocking = true
        defer { isLocking = false }
        let bundle = try await bundle(naming: signed.manifest.digest)
        guard case .awaitingManifest = session.stage else { throw .stopped }
        lockEvidence = bundle
        self.reservation = reservation
        apply(next, actions)
        return status
    }

    private func requireLockable() throws(AgentError) {
        switch session.stage {
        case .awaitingManifest: if isLocking { throw .busy }
        case .ended(let reason): throw AgentError(reason)
        case .admitting, .executing, .finished: throw .alreadyLocked
        }
    }

    /// The one bundle that travels with the receipt: it answers a nonce of zeros.
    private func bundle(naming manifestDigest: SHA256Digest) async throws(AgentError) -> EvidenceBundle {
        let nonce = FixedBytes<32>(repeating: 0)
        guard let bundle = try? await evidence.bundle(nonce: nonce, manifestDigest: manifestDigest),
            bundle.answer.nonce == nonce,
            bundle.session == SessionClaim(keys: identity, manifestDigest: manifestDigest),
            bundle.encoded.count <= OutputsIndex.maximumEvidenceByteCount
        else { throw .evidenceUnavailable }
        return bundle
    }
}

/// A stream of purpose `lock`, and what opens it.
private struct SealedManifest: Sendable {
    let stream: [UInt8]
    let session: SHA256Digest
    let key: SealingKey

    /// Opens it away from the session: anyone can send a megabyte that has to be parsed.
    func openBesides() async throws(AgentError) -> FullySignedManifest {
        let opened: Result<FullySignedManifest, AgentError>
        do {
            opened = try await NIOThreadPool.singleton.runIfActive {
                Result { () throws(AgentError) in try open() }
            }
        } catch {
            throw .busy
        }
        return try opened.get()
    }

    /// Content first, then all signatures in it, then the header's by one of those who signed.
    private func open() throws(AgentError) -> FullySignedManifest {
        let prologue = StreamFormat.prologueByteCount
        guard stream.count > prologue else { throw .incomplete }
        let content = try onStreams { () throws(SealingError) in
            try ClaimedStream(Array(stream[..<prologue]), for: .lock, in: session, openedWith: key)
                .opened(stream[prologue...], unverifiedUpTo: SessionHost.maximumManifestByteCount)
        }
        guard content.claim.slot.isEmpty, content.claim.salt.isZero else { throw .malformedHeader }
        let signed: SignedManifest
        do {
            signed = try SignedManifest(decoding: content.untrustedBytes)
        } catch {
            throw .manifestRefused
        }
        guard let complete = try? signed.complete() else { throw .signaturesMissing }
        guard let sender = signed.manifest.participant(signingWith: content.claimedSender) else {
            throw .signatureRefused
        }
        _ = try onStreams { () throws(SealingError) in try content.verified(by: sender.signingKey) }
        return complete
    }
}
