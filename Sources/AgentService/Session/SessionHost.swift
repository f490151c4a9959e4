package import AgentAPI
internal import Commitments
internal import Execution
internal import Formats
package import Keys
internal import Lifecycle
internal import Platform
internal import Plans
package import Primitives
internal import Sealing

/// The one running session of this machine: feeds events to its state machine and does what comes out.
///
/// What blocks for long runs on threads of its own, and what comes of it is the session's next event. Nothing here says
/// besides where the session stands.
package actor SessionHost {
    /// The largest stream that ``lock(_:)`` takes: 3 MiB of content.
    package static let maximumLockByteCount = StreamFormat.streamByteCount(ofContent: maximumManifestByteCount)
    /// The size of every withdrawal: a stream without content.
    package static let withdrawalByteCount = StreamFormat.streamByteCount(ofContent: 0)
    /// The size of what ``beginSubmission(_:)`` takes: the stream before its content.
    package static let prologueByteCount = StreamFormat.prologueByteCount

    /// A signed plan with one of its manifests is larger than a signed manifest can be.
    static let maximumManifestByteCount = PlannedLock.maximumByteCount

    /// The session's public keys.
    package nonisolated let identity: SessionPublicKeys

    let configuration: AgentConfiguration
    let keys: SessionKeys
    let evidence: any BundleMaker
    let clock: @Sendable () -> Int
    let folder: SessionFolder
    let limit = SubmissionLimit()
    /// Opening a prologue costs work, and anybody can send one.
    let proofs = Turns(max(1, Program.processorCount / 2))
    private let board: StatusBoard

    /// Where the session stands. Changed by ``apply(_:_:)`` alone, so that every new state is shown and acted on.
    private(set) var session: Session
    /// Content of filled slots, until the run takes it.
    var staged: [Name: StagedContent] = [:]
    /// What the run's noise is derived from, until the run begins: each data slot's salt and commitment.
    var noiseSlots: [Name: NoiseSource.Slot] = [:]
    var recording: Task<Result<Void, AgentError>, Never>?
    /// The worker that waits for the next run.
    var preparation: Task<Preparation, Never>?
    /// What later runs are made from.
    var plan: ExecutionPlan?
    /// Ends the worker of the latest preparation.
    var cancellation: Cancellation
    /// The run, and then the sealing of what came of it.
    var execution: Task<Void, Never>?
    /// What came of the run, until it is sealed.
    var results: RunResults?
    /// What leaves nothing behind, from the session's end on.
    private var erasure: Task<Void, Never>?
    /// The questions of the run that is under way, as long as somebody decides on anything.
    var asked: [Name: AskedContent] = [:]
    /// Of each run that is kept: every participant's stream by its token.
    var streams: [Int: [SHA256Digest: SealedOutputs]] = [:]
    /// Appraises other sessions of the plan, from the lock on.
    var peerVerifier: PeerVerifier?
    /// One appraisal at a time.
    let introductions = Turns(1)
    /// What other sessions are sent, as long as one may still come.
    var parts: PeerParts?
    /// Each stream to another session by its token.
    var peerStreams: [SHA256Digest: SealedOutputs] = [:]
    var signedDeliveries: [Envelope] = []
    /// The latest sealing to another session: they follow one another.
    var handingOver: Task<Void, Never>?
    /// What is decided on at this moment: the stream of each who decides by its token.
    var reviews: [SHA256Digest: SealedOutputs] = [:]

    /// Begins a session that waits for its manifest.
    ///
    /// - Parameter clock: seconds on a clock that never goes back and counts while the machine is paused, where it can.
    /// - Throws: ``AgentError/storageFailed`` when the configuration's folder cannot be used.
    package init(
        _ configuration: AgentConfiguration, keys: SessionKeys, evidence: any BundleMaker,
        clock: @escaping @Sendable () -> Int = secondsSinceStart
    ) throws(AgentError) {
        MachineMemory.keepFreedBlocks()
        let session = Session(identity: keys.identity, boundTo: configuration.bound)
        self.configuration = configuration
        self.keys = keys
        self.evidence = evidence
        self.clock = clock
        self.session = session
        identity = keys.identity
        board = StatusBoard(
            SessionStatus(session, peerNonce: keys.peerNonce, isSimulated: configuration.isSimulated))
        folder = try onFiles { () throws(PlatformError) in try SessionFolder(in: configuration.folder) }
        cancellation = try onFiles { () throws(PlatformError) in try Cancellation() }
    }

    /// Where the session stands. Waits for nothing.
    package nonisolated var status: SessionStatus { board.status }

    /// The status now and after each change, until the session has ended. A slow reader misses what lay between.
    package nonisolated func statusChanges() -> AsyncStream<SessionStatus> { board.changes() }

    /// A participant's finished stream.
    ///
    /// - Throws: ``AgentError/outputsPending`` as long as runs may follow, whatever the token;
    ///   ``AgentError/outputsUnknown``; why the session ended, once it has.
    package func outputs(_ token: SHA256Digest) throws(AgentError) -> SealedOutputs {
        for kept in streams.values {
            if let stream = kept[token] { return stream }
        }
        if let stream = peerStreams[token] { return stream }
        switch session.stage {
        case .finished: throw .outputsUnknown
        case .ended(let reason): throw AgentError(reason)
        default: throw .outputsPending
        }
    }

    /// The bundle that was made for the lock, from the lock until the session has ended.
    package var lockEvidence: [UInt8]? { session.course?.evidence.bundle }

    /// Lets time pass, once a second, until the task is cancelled or the session has ended.
    package func runTimers() async {
        while !Task.isCancelled, status.stage != .ended {
            await advance(to: clock())
            try? await Task.sleep(for: .seconds(1))
        }
    }

    /// Tells the session what time it is: one that waited too long ends.
    package func advance(to now: Int) async {
        try? tell { session in session.advance(to: now) }
        await awaitErasure()
    }

    /// Erases everything, at the operator's wish, and returns when it is done: a run is killed, and the stage is
    /// `ended`.
    package func end() async {
        stop()
        await awaitErasure()
    }

    /// Returns once a session that has ended has left nothing behind, and the stage is `ended`.
    func awaitErasure() async {
        await erasure?.value
    }

    /// Ends the session wherever it stands.
    func stop() {
        try? tell { session in session.stop() }
    }

    /// Tells the session of an event, and does what it asks for.
    func tell(_ event: (inout Session) throws(SessionError) -> [Session.Action]) throws(AgentError) {
        var next = session
        let actions = try onSession { () throws(SessionError) in try event(&next) }
        apply(next, actions)
    }

    /// Whether a message can be taken at this moment. Asked before its first byte is read.
    func require(stageFor message: Session.Message) throws(AgentError) {
        try onSession { () throws(SessionError) in try session.require(stageFor: message) }
    }

    /// Puts the session's next state in its place and does what it asks for.
    func apply(_ next: Session, _ actions: [Session.Action]) {
        session = next
        for action in actions {
            switch action {
            case .recordEvidence(let manifest): startRecording(of: manifest)
            case .compile(let manifest): startPreparation(of: manifest)
            case .sealReviews(let review): startReviewing(review)
            case .forgetReviews: reviews = [:]
            case .destroySealingKey: keys.destroySealingKey()
            case .execute(let admitted): startExecution(of: admitted)
            case .skip(let admitted, let failure): skipExecution(of: admitted, failure)
            case .cancelRun: cancelRun()
            case .sealOutputs(let conclusion): startSealing(conclusion)
            case .forget(let run, let recipient): forget(run: run, of: recipient)
            case .handOver(let peer): startHandOver(to: peer)
            case .forgetParts: parts = nil
            case .erase: erase()
            }
        }
        // An end is shown when nothing is left.
        if erasure == nil { show() }
    }

    private func show() {
        board.show(SessionStatus(session, peerNonce: keys.peerNonce, isSimulated: configuration.isSimulated))
    }

    private func erase() {
        if case .ended(let reason) = session.stage { limit.closeAll(AgentError(reason)) }
        cancellation.cancel()
        staged = [:]
        noiseSlots = [:]
        streams = [:]
        reviews = [:]
        asked = [:]
        results = nil
        plan = nil
        (parts, peerVerifier, peerStreams, signedDeliveries) = (nil, nil, [:], [])
        let (preparation, execution, handingOver) = (preparation, execution, handingOver)
        self.preparation = nil
        erasure = Task {
            // A cancelled worker ends soon, and one that waits for data when it is let go of.
            if case .ready(let run) = await preparation?.value { try? await onOwnThread { run.drop() } }
            await execution?.value
            await handingOver?.value
            folder.erase()
            show()
        }
    }
}

/// Seconds since the program first asked, on a clock that never goes back.
package func secondsSinceStart() -> Int {
    Int(startOfClock.duration(to: .now).components.seconds)
}

private let startOfClock = ContinuousClock.now
