public import Commitments
public import Keys
public import Primitives

/// One virtual machine's life under one manifest, as a value.
///
/// No clock, socket, file or engine: the agent feeds events in and acts on what comes out, so every order of
/// events is a test. Stages only move forward:
///
///     awaitingManifest ─lock▶ admitting ─last slot▶ executing ─conclude▶ finished ─retention▶ ended
///            └──────────────────── expiry, withdrawal ────────────────────────────────────────▲
///
/// Besides, the operator's ``stop()`` leads from everywhere to the end. Each stage carries exactly what it may know.
public struct Session: Sendable {
    /// Where the session stands.
    public enum Stage: Equatable, Sendable {
        case awaitingManifest
        case admitting(Admission)
        case executing(AdmittedSet)
        case finished(Conclusion)
        case ended(EndReason)
    }

    /// Why a session ended.
    public enum EndReason: String, CaseIterable, Equatable, Sendable {
        case admissionExpired, withdrawn, retentionOver, stopped
    }

    /// What the agent is to do next.
    public enum Action: Equatable, Sendable {
        /// Make the one evidence bundle that travels with the receipt.
        case recordEvidence
        /// Compose and compile: every component is there.
        case compile
        /// Nothing more may be opened in this session.
        case destroySealingKey
        /// Begin the run.
        case execute
        /// Sign the receipt, seal each recipient's outputs once, and keep the ciphertext.
        case sealOutputs
        /// Forget everything that came or was computed.
        case erase
    }

    public private(set) var stage = Stage.awaitingManifest

    /// What identifies the session; fixed by its keys and, from the lock on, by its manifest.
    public let identity: SessionPublicKeys

    /// HOST_DATA of the machine's own report: zero, or the digest of the one manifest that it may take.
    private let hostData: FixedBytes<32>

    /// The digest of the manifest that the session is locked to, also when it has ended.
    private var lockedDigest: SHA256Digest?

    /// When the current stage's patience is over, on the caller's clock.
    public private(set) var deadline: Seconds?

    /// A count of seconds on a clock of the caller's that never goes back.
    public typealias Seconds = Int

    /// - Parameter hostData: from the machine's own report at boot.
    public init(identity: SessionPublicKeys, hostData: FixedBytes<32>) {
        self.identity = identity
        self.hostData = hostData
    }

    /// The manifest that evidence of this moment names: from boot on the one that the machine was launched for, else
    /// zeros until the lock. It stays when the session has ended.
    public var manifestDigest: SHA256Digest { lockedDigest ?? hostData }

    /// What streams to the session are sealed under at this moment.
    public var sessionID: SHA256Digest { identity.sessionID(manifestDigest: manifestDigest) }

    /// The manifest that the session is locked to, until it has ended.
    public var manifest: Manifest? {
        switch stage {
        case .awaitingManifest, .ended: nil
        case .admitting(let admission): admission.manifest
        case .executing(let admitted): admitted.manifest
        case .finished(let conclusion): conclusion.admitted.manifest
        }
    }

    /// Fixes the terms. Possible once.
    public mutating func lock(_ signed: FullySignedManifest, at now: Seconds) throws(SessionError) -> [Action] {
        switch stage {
        case .awaitingManifest: break
        case .ended(let reason): throw .ended(reason)
        default: throw .alreadyLocked
        }
        let manifest = signed.manifest
        switch manifest.platform.binding {
        case .launch:
            guard !hostData.isZero else { throw .bindingDiffers }
            guard hostData == manifest.digest else { throw .otherManifest }
        case .lock:
            guard hostData.isZero else { throw .bindingDiffers }
        }
        lockedDigest = manifest.digest
        deadline = now + manifest.limits.admissionSeconds
        return [.recordEvidence] + advance(Admission(manifest), from: nil)
    }

    /// Whether a submission may begin, before its content is read.
    ///
    /// - Returns: the slot; hand it to ``admit(_:digest:byteCount:)`` with what came.
    public func expect(
        _ slot: String, from sender: Name, session: SHA256Digest, length: Int
    ) throws(SessionError) -> Slot {
        let admission = try admission()
        guard session == sessionID else { throw .otherSession }
        return try admission.slot(slot, from: sender, length: length)
    }

    /// Takes one slot's content, of which the digest was computed as it arrived.
    public mutating func admit(
        _ slot: Slot, digest: SHA256Digest, byteCount: Int
    ) throws(SessionError) -> [Action] {
        let before = try admission()
        var after = before
        try after.fill(slot, with: digest, byteCount: byteCount)
        return advance(after, from: before)
    }

    /// Ends the session before it executes.
    public mutating func withdraw(_ sender: Name) throws(SessionError) -> [Action] {
        let admission = try admission()
        guard admission.manifest.participants.contains(where: { $0.name == sender }) else { throw .notAParticipant }
        return end(.withdrawn)
    }

    /// Takes how the run ended. All outputs, or none.
    public mutating func conclude(_ outcome: Outcome, at now: Seconds) throws(SessionError) -> [Action] {
        guard case .executing(let admitted) = stage else { throw .notExecuting }
        if case .completed(let outputs) = outcome {
            guard outputs.map(\.name) == admitted.manifest.outputs.map(\.name) else { throw .outputsDiffer }
        }
        stage = .finished(Conclusion(admitted: admitted, outcome: outcome))
        deadline = now + admitted.manifest.limits.retentionSeconds
        return [.sealOutputs]
    }

    /// Lets time pass. Ends a session that never fills, and one whose outputs waited long enough.
    public mutating func advance(to now: Seconds) -> [Action] {
        guard let deadline, now >= deadline else { return [] }
        switch stage {
        case .admitting: return end(.admissionExpired)
        case .finished: return end(.retentionOver)
        case .awaitingManifest, .executing, .ended: return []
        }
    }

    /// Ends the session at once, wherever it stands: the operator ends the machine, or it cannot keep its promises.
    public mutating func stop() -> [Action] {
        if case .ended = stage { return [] }
        return end(.stopped)
    }

    private func admission() throws(SessionError) -> Admission {
        switch stage {
        case .admitting(let admission): return admission
        case .awaitingManifest: throw .notLocked
        case .executing, .finished: throw .notAdmitting
        case .ended(let reason): throw .ended(reason)
        }
    }

    private mutating func advance(_ admission: Admission, from before: Admission?) -> [Action] {
        var actions: [Action] = []
        if admission.hasAllComponents, before?.hasAllComponents != true { actions.append(.compile) }
        if let admitted = AdmittedSet(admission) {
            stage = .executing(admitted)
            deadline = nil
            actions += [.destroySealingKey, .execute]
        } else {
            stage = .admitting(admission)
        }
        return actions
    }

    private mutating func end(_ reason: EndReason) -> [Action] {
        stage = .ended(reason)
        deadline = nil
        return [.destroySealingKey, .erase]
    }
}
