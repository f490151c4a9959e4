package import AgentAPI
internal import Commitments
internal import Composition
internal import Evidence
internal import Execution
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
        try require(stageFor: .lock)
        guard let key = keys.sealingKey else { throw .stopped }
        let sealed = SealedManifest(stream: stream, session: session.sessionID, key: key)
        let signed = try await proofs.take { () async throws(AgentError) in try await sealed.openBesides() }
        let needed = Reservation(signed.manifest, holding: configuration.runtimes)
        let fits = needed.fits(configuration.capacity)
        try tell { session throws(SessionError) in try session.lock(signed, fitsMachine: fits) }
        try await recording?.value.get()
        return status
    }

    /// Asks the platform for the session's evidence, and tells the session how that went.
    func startRecording(of manifest: Manifest) {
        recording = Task {
            let evidence = await evidence(boundTo: manifest.bound)
            let now = clock()
            do throws(AgentError) {
                try tell { session throws(SessionError) in
                    if let evidence { try session.locked(with: evidence, at: now) } else { try session.lockFailed() }
                }
                if evidence != nil { try admitHeld(of: manifest) }
            } catch {
                return .failure(error)
            }
            return evidence == nil ? .failure(.evidenceUnavailable) : .success(())
        }
    }

    /// Components that this machine holds as runtimes count as submitted at the lock.
    private func admitHeld(of manifest: Manifest) throws(AgentError) {
        for slot in Slot.all(of: manifest) {
            guard let held = slot.runtime(among: configuration.runtimes)?.held else { continue }
            let now = clock()
            try tell { session throws(SessionError) in
                try session.admit(
                    slot, of: nil, digest: held.component, byteCount: held.componentByteCount, at: now)
            }
        }
    }

    /// The one bundle that travels with the receipt: it answers a nonce of zeros.
    private func evidence(boundTo bound: BoundDigest) async -> LockEvidence? {
        let nonce = FixedBytes<32>(repeating: 0)
        guard let bundle = try? await evidence.bundle(nonce: nonce, boundTo: bound),
            bundle.answer.nonce == nonce,
            bundle.session == SessionClaim(keys: identity, bound: bound)
        else { return nil }
        return LockEvidence(bundle: bundle.encoded, reportDigest: SHA256Digest(sha256: bundle.report.encoded))
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
