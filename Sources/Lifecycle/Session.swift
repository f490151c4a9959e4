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
///     admitting ─▶ reviewing                 admit, of the last slot, where somebody decides on questions
///     admitting ─▶ executing                 admit, of the last slot, where nobody does
///     reviewing ─▶ executing                 answer, of the last who decides; advance, after the approval's seconds
///     executing ─▶ holding                   conclude, where somebody decides on results
///     executing ─▶ concluding                conclude, where nobody does; withdraw, after the first run
///     holding ─▶ concluding                  answer, of the last who decides; advance, after the approval's seconds;
///                                            withdraw, after the first run
///     admitting ─▶ concluding                advance, after admissionSeconds; withdraw: after the first run
///     reviewing ─▶ concluding                withdraw, after the first run
///     waiting ─▶ concluding                  withdraw
///     concluding ─▶ concluding               sealingFailed, of a completed run: it counts as failed
///     concluding ─▶ ended                    sealingFailed, of a failed run
///     concluding ─▶ admitting                sealed, where another run can follow
///     concluding ─▶ waiting                  sealed, where another run's outputs would have no room
///     concluding ─▶ finished                 sealed, of the last run
///     waiting ─▶ admitting                   acknowledge; advance, after retentionSeconds of an earlier run
///     admitting ─▶ ended                     advance, after admissionSeconds; withdraw: in the first run
///     reviewing ─▶ ended                     withdraw, in the first run
///     executing ─▶ ended                     withdraw, in the first run
///     holding ─▶ ended                       withdraw, in the first run
///     finished ─▶ ended                      advance, after retentionSeconds of the last run
///     every other ─▶ ended                   stop
///
/// Each stage carries exactly what it may know.
public struct Session: Sendable {
    /// Where the session stands.
    public enum Stage: Equatable, Sendable {
        case awaitingManifest
        /// A manifest was found good. Whether the session locks to it is known when its evidence has been made.
        case locking(AgreedManifest)
        case admitting(Admission)
        /// Somebody decides on the run's question.
        case reviewing(Review)
        /// A run that was refused passes through this stage too.
        case executing(AdmittedSet)
        /// Somebody decides on the run's results.
        case holding(Review)
        /// The run has ended, and what came of it is being sealed.
        case concluding(Conclusion)
        /// Earlier runs' outputs take all the room there is.
        case waiting(Course)
        case finished(Course)
        case ended(EndReason)
    }

    /// What participants send, each at its own stages.
    public enum Message: Sendable {
        case lock, introduction, submission, answer, acknowledgement, withdrawal
    }

    /// Why a session ended.
    public enum EndReason: String, CaseIterable, Equatable, Sendable {
        case admissionExpired, withdrawn, retentionOver, stopped
    }

    /// What the agent is to do next.
    public enum Action: Equatable, Sendable {
        /// Make the one evidence bundle that travels with the receipts, and say how it went:
        /// ``Session/locked(with:at:)`` or ``Session/lockFailed()``.
        case recordEvidence(Manifest)
        /// Compose and compile for the next run: every component is there.
        case compile(Manifest)
        /// Seal to each who decides what there is to decide on. Where that fails, say so:
        /// ``Session/reviewFailed(at:)``.
        case sealReviews(Review)
        /// Nobody decides any more: what was sealed for them goes.
        case forgetReviews
        /// Nothing more may be opened in this session.
        case destroySealingKey
        /// Begin the run, and say how it ended: ``Session/conclude(_:at:)``.
        case execute(AdmittedSet)
        /// Say at once that the run failed so: somebody refused the question, or a session that this one waits for
        /// released nothing.
        case skip(AdmittedSet, Failure)
        /// End what runs: nobody waits for how it ends.
        case cancelRun
        /// Sign the receipt, seal each participant's outputs once, keep the ciphertext, and say how it went:
        /// ``Session/sealed(_:at:)`` or ``Session/sealingFailed()``.
        case sealOutputs(Conclusion)
        /// Drop what is kept of a run: for one recipient, or for everybody.
        case forget(run: Int, of: Name?)
        /// Seal to another session of the plan what flows to it, and sign for it.
        case handOver(AffirmedPeer)
        /// No other session will need what flows from this one.
        case forgetParts
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

    /// Whether anything sealed to the session can still be of use.
    private var opensStreams = true

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
    public var manifest: Manifest? { course?.manifest }

    /// What the session has behind it, from the lock to its end.
    public var course: Course? {
        switch stage {
        case .awaitingManifest, .locking, .ended: nil
        case .admitting(let admission): admission.course
        case .reviewing(let review), .holding(let review): review.admitted.course
        case .executing(let admitted): admitted.course
        case .concluding(let conclusion): conclusion.admitted.course
        case .waiting(let course), .finished(let course): course
        }
    }

    /// Refuses a message that comes at a stage which has no use for it. Asked before anything in it is looked at.
    public func require(stageFor message: Message) throws(SessionError) {
        switch (stage, message) {
        case (.ended(let reason), _): throw .ended(reason)
        case (.awaitingManifest, .lock), (.admitting, .submission), (.reviewing, .answer), (.holding, .answer),
            (.admitting, .withdrawal), (.reviewing, .withdrawal), (.holding, .withdrawal), (.waiting, .withdrawal):
            return
        case (.locking, .lock): throw .locking
        case (_, .lock): throw .alreadyLocked
        case (.awaitingManifest, _), (.locking, _): throw .notLocked
        case (_, .introduction): return
        case (.waiting, .submission): throw .noRoom
        case (_, .submission): throw .notAdmitting
        case (_, .answer): throw .notReviewing
        case (_, .acknowledgement): guard opensStreams else { throw .notNeeded }
        case (.executing, .withdrawal): guard opensStreams else { throw .tooLateToWithdraw }
        case (.concluding, .withdrawal): throw opensStreams ? .concluding : .tooLateToWithdraw
        case (.finished, .withdrawal): throw .tooLateToWithdraw
        }
    }

    /// Ends the session at once, wherever it stands: the operator ends the machine, or it cannot keep its promises.
    public mutating func stop() -> [Action] {
        if case .ended = stage { return [] }
        return end(.stopped)
    }

    /// Goes to a stage, and closes what it has no use for.
    mutating func go(to next: Stage, until deadline: Seconds?, _ actions: [Action]) -> [Action] {
        stage = next
        self.deadline = deadline
        guard opensStreams, !wantsStreams else { return actions }
        opensStreams = false
        // Before anything else that follows: not one more stream is opened.
        return [.destroySealingKey] + actions
    }

    /// Whether a stream may still come that the session has a use for.
    private var wantsStreams: Bool {
        switch stage {
        case .awaitingManifest, .locking, .admitting, .reviewing, .holding, .waiting: true
        case .executing(let admitted):
            admitted.manifest.hasHeldResults || admitted.course.run < admitted.manifest.limits.runs
        case .concluding(let conclusion): !conclusion.isLast
        case .finished, .ended: false
        }
    }

    mutating func end(_ reason: EndReason) -> [Action] {
        go(to: .ended(reason), until: nil, [.erase])
    }

    /// Binds the session, once.
    mutating func bind(to bound: BoundDigest) { boundByLock = bound }

    /// Refuses a manifest that is not the one that the machine was launched for.
    func requireBinding(of manifest: Manifest) throws(SessionError) {
        switch manifest.platform.binding {
        case .launch:
            guard !boundAtLaunch.isNone else { throw .bindingDiffers }
            guard boundAtLaunch == manifest.bound else { throw .otherManifest }
        case .lock:
            guard boundAtLaunch.isNone else { throw .bindingDiffers }
        }
    }
}
