package import AgentAPI
internal import Commitments
internal import Composition
internal import Evidence
internal import Execution
internal import Keys
internal import Lifecycle
internal import NIOPosix
internal import Plans
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
        let opened = try await proofs.take { () async throws(AgentError) in try await sealed.openBesides() }
        var verifier: PeerVerifier?
        if let lock = opened.planned {
            verifier = PeerVerifier(
                lock, nonce: keys.peerNonce, simulatedRoot: configuration.simulatedRoot)
            guard verifier != nil else { throw .manifestRefused }
        }
        let needed = Reservation(opened.agreed, holding: configuration.runtimes)
        let fits = needed.fits(configuration.capacity)
        try tell { session throws(SessionError) in try session.lock(opened.agreed, fitsMachine: fits) }
        peerVerifier = verifier
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
    func openBesides() async throws(AgentError) -> OpenedLock {
        let opened: Result<OpenedLock, AgentError>
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
    private func open() throws(AgentError) -> OpenedLock {
        let prologue = StreamFormat.prologueByteCount
        guard stream.count > prologue else { throw .incomplete }
        let content = try onStreams { () throws(SealingError) in
            try ClaimedStream(Array(stream[..<prologue]), for: .lock, in: session, openedWith: key)
                .opened(stream[prologue...], unverifiedUpTo: SessionHost.maximumManifestByteCount)
        }
        guard content.claim.slot.isEmpty, content.claim.salt.isZero else { throw .malformedHeader }
        let lock = try OpenedLock(content.untrustedBytes)
        guard let sender = lock.agreed.manifest.sender(signingWith: content.claimedSender) else {
            throw .signatureRefused
        }
        _ = try onStreams { () throws(SealingError) in try content.verified(by: sender.signingKey) }
        return lock
    }
}

/// What everyone signed, as it came.
private struct OpenedLock: Sendable {
    let agreed: AgreedManifest
    /// Where it belongs to a plan.
    let planned: PlannedLock?

    /// Decodes a signed manifest, or a signed plan with one of its manifests, and verifies every signature.
    init(_ bytes: [UInt8]) throws(AgentError) {
        if PlannedLock.isMeant(by: bytes) {
            do throws(PlannedLockError) {
                let planned = try PlannedLock(decoding: bytes)
                (self.planned, agreed) = (planned, planned.agreed)
            } catch .signed(.signaturesMissing) {
                throw .signaturesMissing
            } catch {
                throw .manifestRefused
            }
            return
        }
        let signed: SignedManifest
        do {
            signed = try SignedManifest(decoding: bytes)
        } catch {
            throw .manifestRefused
        }
        guard let complete = try? signed.complete() else { throw .signaturesMissing }
        (agreed, planned) = (AgreedManifest(complete), nil)
    }
}
