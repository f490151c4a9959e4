public import Commitments
public import Keys
public import Primitives

// From the lock to the last slot of a run.

extension Session {
    /// Takes the terms, if this machine may have them. They are fixed when their evidence is there.
    ///
    /// - Parameters:
    ///   - signed: what everyone signed.
    ///   - fitsMachine: whether the machine can hold all that the manifest may come to need.
    public mutating func lock(_ signed: FullySignedManifest, fitsMachine: Bool) throws(SessionError) -> [Action] {
        try require(stageFor: .lock)
        try requireBinding(of: signed.manifest)
        guard fitsMachine else { throw .tooLargeForMachine }
        return go(to: .locking(signed.manifest), until: nil, [.recordEvidence(signed.manifest)])
    }

    /// Fixes the terms. Possible once.
    public mutating func locked(with evidence: LockEvidence, at now: Seconds) throws(SessionError) -> [Action] {
        let manifest = try locking()
        bind(to: manifest.bound)
        return admit(Admission(Course(manifest, evidence)), from: nil, at: now)
    }

    /// Drops the terms: there is no evidence for them. The session is as it was before.
    public mutating func lockFailed() throws(SessionError) -> [Action] {
        _ = try locking()
        return go(to: .awaitingManifest, until: nil, [])
    }

    private func locking() throws(SessionError) -> Manifest {
        switch stage {
        case .locking(let manifest): return manifest
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
    ///   - sender: who signed the header.
    ///   - session: as the header names it.
    ///   - length: of the content.
    /// - Returns: the slot; hand it to ``admit(_:of:digest:byteCount:at:)`` with what came.
    public func expect(
        _ slot: String, of run: RunReference?, from sender: Name, session: SHA256Digest, length: Int
    ) throws(SessionError) -> Slot {
        let admission = try admission()
        guard session == sessionID else { throw .otherSession }
        let expected = try admission.slot(slot, from: sender, length: length)
        guard run == admission.course.reference(for: expected) else { throw .otherRun }
        return expected
    }

    /// Takes one slot's content, of which the digest was computed as it arrived.
    public mutating func admit(
        _ slot: Slot, of run: RunReference?, digest: SHA256Digest, byteCount: Int, at now: Seconds
    ) throws(SessionError) -> [Action] {
        let before = try admission()
        // Another run may have begun while it came.
        guard run == before.course.reference(for: slot) else { throw .otherRun }
        var after = before
        try after.fill(slot, with: digest, byteCount: byteCount)
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
        return actions + go(to: .executing(admitted), until: nil, [.execute(admitted)])
    }
}

extension Course {
    /// What a submission for the slot must name: the next run, or none where it is filled once for all.
    public func reference(for slot: Slot) -> RunReference? { slot.isPerRun ? reference : nil }
}
