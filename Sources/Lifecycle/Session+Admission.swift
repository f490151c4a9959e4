public import Commitments
public import Keys
public import Primitives

// From the lock to the last slot of a run.

extension Session {
    /// Takes the terms, if this machine may have them. They are fixed when their evidence is there.
    ///
    /// - Parameters:
    ///   - agreed: what everyone signed.
    ///   - fitsMachine: whether the machine can hold all that the manifest may come to need.
    public mutating func lock(_ agreed: AgreedManifest, fitsMachine: Bool) throws(SessionError) -> [Action] {
        try require(stageFor: .lock)
        try requireBinding(of: agreed.manifest)
        guard fitsMachine else { throw .tooLargeForMachine }
        return go(to: .locking(agreed), until: nil, [.recordEvidence(agreed.manifest)])
    }

    /// Fixes the terms. Possible once.
    public mutating func locked(with evidence: LockEvidence, at now: Seconds) throws(SessionError) -> [Action] {
        let agreed = try locking()
        bind(to: agreed.manifest.bound)
        return admit(Admission(Course(agreed, evidence)), from: nil, at: now)
    }

    /// Drops the terms: there is no evidence for them. The session is as it was before.
    public mutating func lockFailed() throws(SessionError) -> [Action] {
        _ = try locking()
        return go(to: .awaitingManifest, until: nil, [])
    }

    private func locking() throws(SessionError) -> AgreedManifest {
        switch stage {
        case .locking(let agreed): return agreed
        case .ended(let reason): throw .ended(reason)
        default: throw .notLocking
        }
    }

    /// The slots that are open.
    public func admission() throws(SessionError) -> Admission {
        try require(stageFor: .submission)
        guard case .admitting(let admission) = stage else { throw .notAdmitting }
        return admission
    }

    /// Whether a submission may begin, before its content is read.
    ///
    /// - Parameters:
    ///   - slot: its name, as the header has it.
    ///   - run: as the header names it.
    ///   - sender: whose key signed the header: a participant, or a session that was affirmed.
    ///   - session: as the header names it.
    ///   - length: of the content.
    /// - Returns: the slot; hand it to ``admit(_:of:digest:byteCount:part:at:)`` with what came.
    public func expect(
        _ slot: String, of run: RunReference?, from sender: End, session: SHA256Digest, length: Int
    ) throws(SessionError) -> Slot {
        let admission = try admission()
        guard session == sessionID else { throw .otherSession }
        let expected = try admission.slot(slot, from: sender, length: length)
        guard run == admission.course.reference(for: expected) else { throw .otherRun }
        return expected
    }

    /// Takes one slot's content, of which the digest was computed as it arrived.
    ///
    /// - Parameters:
    ///   - slot: as ``expect(_:of:from:session:length:)`` gave it.
    ///   - run: as the header names it.
    ///   - digest: of the content, as the slot is pinned.
    ///   - byteCount: of the content, without what it was filled up with.
    ///   - part: what the content says of its sender's run, where another session sent it.
    ///   - now: on the caller's clock.
    public mutating func admit(
        _ slot: Slot, of run: RunReference?, digest: SHA256Digest, byteCount: Int, part: PeerPart? = nil,
        at now: Seconds
    ) throws(SessionError) -> [Action] {
        let before = try admission()
        // Another run may have begun while it came.
        guard run == before.course.reference(for: slot) else { throw .otherRun }
        var after = before
        try after.fill(slot, with: digest, byteCount: byteCount, part)
        return admit(after, from: before, at: now)
    }

    /// Waits for the slots that are open, or goes on where none is.
    mutating func admit(_ admission: Admission, from before: Admission?, at now: Seconds) -> [Action] {
        var actions: [Action] = []
        if admission.hasAllComponents, before?.hasAllComponents != true {
            actions.append(.compile(admission.manifest))
        }
        guard let admitted = AdmittedSet(admission) else {
            let end = before == nil ? now + admission.manifest.limits.admissionSeconds : deadline
            return go(to: .admitting(admission), until: end, actions)
        }
        if admission.manifest.hasReviews { return actions + review(Review(of: admitted), at: now) }
        return actions + execute(admitted)
    }

    /// Begins the run, where every session that sends to this one released what it sends.
    mutating func execute(_ admitted: AdmittedSet) -> [Action] {
        let action = admitted.failedSender.map { Action.skip(admitted, .sender($0)) } ?? .execute(admitted)
        return go(to: .executing(admitted), until: nil, [action])
    }
}

extension Course {
    /// What a submission for the slot must name: the next run, or none where it is filled once for all.
    public func reference(for slot: Slot) -> RunReference? { slot.isPerRun ? reference : nil }
}
