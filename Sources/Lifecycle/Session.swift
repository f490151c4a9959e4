public import Commitments
public import Keys
public import Primitives

/// One virtual machine's life under one manifest, as a value.
///
/// No clock, socket, file or engine: the agent feeds events in and acts on what comes out, so every order of
/// events is a test:
///
///     awaitingManifest ─▶ locking            lock
///     locking ─▶ admitting                   locked
///     locking ─▶ awaitingManifest            lockFailed
///     admitting ─▶ executing                 admit, of the last slot
///     admitting ─▶ ended                     withdraw; advance, after admissionSeconds
///     executing ─▶ concluding                conclude
///     concluding ─▶ finished                 sealed
///     concluding ─▶ concluding               sealingFailed, of a completed run: it counts as failed
///     concluding ─▶ ended                    sealingFailed, of a failed run
///     finished ─▶ ended                      advance, after retentionSeconds
///     every other ─▶ ended                   stop
///
/// Each stage carries exactly what it may know.
public struct Session: Sendable {
    /// Where the session stands.
    public enum Stage: Equatable, Sendable {
        case awaitingManifest
        /// A manifest was found good. Whether the session locks to it is known when its evidence has been made.
        case locking(Manifest)
        case admitting(Admission)
        case executing(AdmittedSet)
        /// The run has ended, and what came of it is being sealed.
        case concluding(Conclusion)
        case finished(Conclusion)
        case ended(EndReason)
    }

    /// What participants send, each at its own stage.
    public enum Message: Sendable {
        case lock, submission, withdrawal
    }

    /// Why a session ended.
    public enum EndReason: String, CaseIterable, Equatable, Sendable {
        case admissionExpired, withdrawn, retentionOver, stopped
    }

    /// What the agent is to do next.
    public enum Action: Equatable, Sendable {
        /// Make the one evidence bundle that travels with the receipt, and say how it went:
        /// ``Session/locked(with:at:)`` or ``Session/lockFailed()``.
        case recordEvidence(Manifest)
        /// Compose and compile: every component is there.
        case compile(Manifest)
        /// Nothing more may be opened in this session.
        case destroySealingKey
        /// Begin the run, and say how it ended: ``Session/conclude(_:)``.
        case execute(AdmittedSet)
        /// Sign the receipt, seal each recipient's outputs once, keep the ciphertext, and say how it went:
        /// ``Session/sealed(at:)`` or ``Session/sealingFailed()``.
        case sealOutputs(Conclusion)
        /// Forget everything that came or was computed.
        case erase
    }

    public private(set) var stage = Stage.awaitingManifest

    /// What identifies the session; fixed by its keys and, from the lock on, by its manifest.
    public let identity: SessionPublicKeys

    /// As the machine's own report says: to nothing, or to the one manifest that it may take.
    private let boundAtLaunch: BoundDigest

    /// By the lock; also when the session has ended.
    private var boundByLock: BoundDigest?

    /// When the current stage's patience is over, on the caller's clock.
    public private(set) var deadline: Seconds?

    /// A count of seconds on a clock of the caller's that never goes back.
    public typealias Seconds = Int

    /// - Parameters:
    ///   - identity: its public keys.
    ///   - bound: HOST_DATA of the machine's own report at boot.
    public init(identity: SessionPublicKeys, boundTo bound: BoundDigest) {
        self.identity = identity
        boundAtLaunch = bound
    }

    /// What evidence of this moment names: from boot on the manifest that the machine was launched for, else nothing
    /// until the lock. It stays when the session has ended.
    public var bound: BoundDigest { boundByLock ?? boundAtLaunch }

    /// What streams to the session are sealed under at this moment.
    public var sessionID: SHA256Digest { identity.sessionID(boundTo: bound) }

    /// The manifest that the session is locked to, until it has ended.
    public var manifest: Manifest? {
        switch stage {
        case .awaitingManifest, .locking, .ended: nil
        case .admitting(let admission): admission.manifest
        case .executing(let admitted): admitted.manifest
        case .concluding(let conclusion), .finished(let conclusion): conclusion.admitted.manifest
        }
    }

    /// Refuses a message that comes at a stage which has no use for it. Asked before anything in it is looked at.
    public func require(stageFor message: Message) throws(SessionError) {
        switch (stage, message) {
        case (.ended(let reason), _): throw .ended(reason)
        case (.awaitingManifest, .lock), (.admitting, .submission), (.admitting, .withdrawal): return
        case (.locking, .lock): throw .locking
        case (_, .lock): throw .alreadyLocked
        case (.awaitingManifest, _), (.locking, _): throw .notLocked
        case (_, .submission): throw .notAdmitting
        case (_, .withdrawal): throw .tooLateToWithdraw
        }
    }

    /// Takes the terms, if this machine may have them. They are fixed when their evidence is there.
    ///
    /// - Parameters:
    ///   - signed: what everyone signed.
    ///   - fitsMachine: whether the machine can hold all that the manifest may come to need.
    public mutating func lock(_ signed: FullySignedManifest, fitsMachine: Bool) throws(SessionError) -> [Action] {
        try require(stageFor: .lock)
        let manifest = signed.manifest
        switch manifest.platform.binding {
        case .launch:
            guard !boundAtLaunch.isNone else { throw .bindingDiffers }
            guard boundAtLaunch == manifest.bound else { throw .otherManifest }
        case .lock:
            guard boundAtLaunch.isNone else { throw .bindingDiffers }
        }
        guard fitsMachine else { throw .tooLargeForMachine }
        stage = .locking(manifest)
        return [.recordEvidence(manifest)]
    }

    /// Fixes the terms. Possible once.
    public mutating func locked(with evidence: LockEvidence, at now: Seconds) throws(SessionError) -> [Action] {
        let manifest = try locking()
        boundByLock = manifest.bound
        deadline = now + manifest.limits.admissionSeconds
        return advance(Admission(manifest, evidence), from: nil)
    }

    /// Drops the terms: there is no evidence for them. The session is as it was before.
    public mutating func lockFailed() throws(SessionError) -> [Action] {
        _ = try locking()
        stage = .awaitingManifest
        return []
    }

    /// Whether a submission may begin, before its content is read.
    ///
    /// - Returns: the slot; hand it to ``admit(_:digest:byteCount:)`` with what came.
    public func expect(
        _ slot: String, from sender: Name, session: SHA256Digest, length: Int
    ) throws(SessionError) -> Slot {
        let admission = try admission(for: .submission)
        guard session == sessionID else { throw .otherSession }
        return try admission.slot(slot, from: sender, length: length)
    }

    /// Takes one slot's content, of which the digest was computed as it arrived.
    public mutating func admit(
        _ slot: Slot, digest: SHA256Digest, byteCount: Int
    ) throws(SessionError) -> [Action] {
        let before = try admission(for: .submission)
        var after = before
        try after.fill(slot, with: digest, byteCount: byteCount)
        return advance(after, from: before)
    }

    /// Ends the session before it executes.
    public mutating func withdraw(_ sender: Name) throws(SessionError) -> [Action] {
        let admission = try admission(for: .withdrawal)
        guard admission.manifest.participants.contains(where: { $0.name == sender }) else { throw .notAParticipant }
        return end(.withdrawn)
    }

    /// Takes how the run ended. All outputs, or none.
    public mutating func conclude(_ outcome: SessionOutcome) throws(SessionError) -> [Action] {
        guard case .executing(let admitted) = stage else { throw .notExecuting }
        if case .completed(let outputs) = outcome {
            guard outputs.map(\.name) == admitted.manifest.outputs.map(\.name) else { throw .outputsDiffer }
        }
        return conclude(Conclusion(admitted: admitted, outcome: outcome))
    }

    /// Every participant's stream is there.
    public mutating func sealed(at now: Seconds) throws(SessionError) -> [Action] {
        guard case .concluding(let conclusion) = stage else { throw .notConcluding }
        stage = .finished(conclusion)
        deadline = now + conclusion.admitted.manifest.limits.retentionSeconds
        return []
    }

    /// Not every participant's stream could be made: the run has failed, and of a failed one nothing can be told.
    public mutating func sealingFailed() throws(SessionError) -> [Action] {
        guard case .concluding(let conclusion) = stage else { throw .notConcluding }
        if case .failed = conclusion.outcome { return end(.stopped) }
        return conclude(Conclusion(admitted: conclusion.admitted, outcome: .failed))
    }

    /// Lets time pass. Ends a session that never fills, and one whose outputs waited long enough.
    public mutating func advance(to now: Seconds) -> [Action] {
        guard let deadline, now >= deadline else { return [] }
        switch stage {
        case .admitting: return end(.admissionExpired)
        case .finished: return end(.retentionOver)
        case .awaitingManifest, .locking, .executing, .concluding, .ended: return []
        }
    }

    /// Ends the session at once, wherever it stands: the operator ends the machine, or it cannot keep its promises.
    public mutating func stop() -> [Action] {
        if case .ended = stage { return [] }
        return end(.stopped)
    }

    private func locking() throws(SessionError) -> Manifest {
        switch stage {
        case .locking(let manifest): return manifest
        case .ended(let reason): throw .ended(reason)
        default: throw .notLocking
        }
    }

    /// The slots that are open, as long as a message can be for one of them or for all.
    public func admission(for message: Message) throws(SessionError) -> Admission {
        try require(stageFor: message)
        guard case .admitting(let admission) = stage else { throw .notAdmitting }
        return admission
    }

    private mutating func advance(_ admission: Admission, from before: Admission?) -> [Action] {
        var actions: [Action] = []
        if admission.hasAllComponents, before?.hasAllComponents != true { actions.append(.compile(admission.manifest)) }
        if let admitted = AdmittedSet(admission) {
            stage = .executing(admitted)
            deadline = nil
            actions += [.destroySealingKey, .execute(admitted)]
        } else {
            stage = .admitting(admission)
        }
        return actions
    }

    private mutating func conclude(_ conclusion: Conclusion) -> [Action] {
        stage = .concluding(conclusion)
        return [.sealOutputs(conclusion)]
    }

    private mutating func end(_ reason: EndReason) -> [Action] {
        stage = .ended(reason)
        deadline = nil
        return [.destroySealingKey, .erase]
    }
}
