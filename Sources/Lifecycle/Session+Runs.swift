public import Commitments
public import Primitives

// From the last slot of a run to its end, and on to the next.

extension Session {
    /// Takes what somebody decided.
    public mutating func answer(
        _ answer: Decision, from sender: Name, at now: Seconds
    ) throws(SessionError) -> [Action] {
        try require(stageFor: .answer)
        guard answer.session == sessionID else { throw .otherSession }
        guard var review = stage.review else { throw .notReviewing }
        try review.take(answer, from: sender)
        // Never at the first no: nobody sees from outside how it was decided.
        if review.isComplete { return decide(review, at: now) }
        return go(to: review.subject == .question ? .reviewing(review) : .holding(review), until: deadline, [])
    }

    /// Nothing can be decided on: not everything could be sealed for those who decide.
    public mutating func reviewFailed(at now: Seconds) throws(SessionError) -> [Action] {
        guard let review = stage.review else { throw .notReviewing }
        return decide(review, at: now)
    }

    /// Takes how the run ended. All outputs, or none.
    public mutating func conclude(_ outcome: SessionOutcome, at now: Seconds) throws(SessionError) -> [Action] {
        guard case .executing(let admitted) = stage else { throw .notExecuting }
        if case .completed(let outputs) = outcome {
            guard outputs.map(\.name) == admitted.manifest.outputs.map(\.name) else { throw .outputsDiffer }
        }
        if admitted.manifest.hasHeldResults { return review(Review(of: admitted, outcome), at: now) }
        return conclude(Conclusion(admitted: admitted, outcome: outcome))
    }

    /// Every participant's stream is there.
    ///
    /// - Parameters:
    ///   - receipt: the digest of the receipt in them.
    ///   - now: on the caller's clock.
    public mutating func sealed(_ receipt: SHA256Digest, at now: Seconds) throws(SessionError) -> [Action] {
        guard case .concluding(let conclusion) = stage else { throw .notConcluding }
        var course = conclusion.admitted.course
        let end = now + course.manifest.limits.retentionSeconds
        course.conclude(conclusion, receipt: receipt, keptUntil: end)
        if conclusion.isLast { return go(to: .finished(course), until: end, handOver(course.peers, course)) }
        return next(course, at: now)
    }

    /// Not every participant's stream could be made: the run has failed, and of a failed one nothing can be told.
    public mutating func sealingFailed() throws(SessionError) -> [Action] {
        guard case .concluding(let conclusion) = stage else { throw .notConcluding }
        if case .failed = conclusion.outcome { return end(.stopped) }
        return conclude(Conclusion(admitted: conclusion.admitted, outcome: .failed(.code), closes: conclusion.isLast))
    }

    /// Notes that a recipient has a run's outputs. Saying it again changes nothing.
    public mutating func acknowledge(_ run: Int, from sender: Name, at now: Seconds) throws(SessionError) -> [Action] {
        try require(stageFor: .acknowledgement)
        guard var course else { throw .notNeeded }
        guard let isForgotten = course.note(run, of: sender) else { return [] }
        replaceCourse(course)
        let actions: [Action] = [.forget(run: run, of: isForgotten ? nil : sender)]
        guard case .waiting = stage, course.hasRoom else { return actions }
        return actions + next(course, at: now)
    }

    /// Ends the session at a participant's wish. What was released before stays until its time is over.
    public mutating func withdraw(_ sender: Name) throws(SessionError) -> [Action] {
        try require(stageFor: .withdrawal)
        guard let course else { throw .notLocked }
        guard course.manifest.participants.contains(where: { $0.name == sender }) else { throw .notAParticipant }
        return close(.withdrawn(by: sender), or: .withdrawn)
    }

    /// Lets time pass. Ends what waited long enough: slots that stay open, answers that do not come, outputs that
    /// were kept.
    public mutating func advance(to now: Seconds) -> [Action] {
        var actions: [Action] = []
        if var course, !course.kept.isEmpty {
            let dropped = course.dropKept(at: now)
            if !dropped.isEmpty { replaceCourse(course) }
            actions = dropped.map { .forget(run: $0, of: nil) }
            if case .waiting = stage, course.hasRoom { return actions + next(course, at: now) }
        }
        guard let deadline, now >= deadline else { return actions }
        switch stage {
        case .admitting: return actions + close(.expired, or: .admissionExpired)
        case .reviewing(let review), .holding(let review): return actions + decide(review, at: now)
        case .finished: return actions + end(.retentionOver)
        case .awaitingManifest, .locking, .executing, .concluding, .waiting, .ended: return actions
        }
    }

    mutating func review(_ review: Review, at now: Seconds) -> [Action] {
        let end = now + review.manifest.seconds(of: review.subject)
        return go(
            to: review.subject == .question ? .reviewing(review) : .holding(review), until: end,
            [.sealReviews(review)])
    }

    /// What follows from the answers that have come.
    private mutating func decide(_ review: Review, at now: Seconds) -> [Action] {
        let refusal = review.refusal
        let admitted = review.admitted
        guard let outcome = review.outcome else {
            guard let refusal else { return [.forgetReviews] + execute(admitted) }
            return [.forgetReviews] + go(to: .executing(admitted), until: nil, [.skip(admitted, refusal)])
        }
        guard case .completed = outcome, let refusal else {
            return [.forgetReviews] + conclude(Conclusion(admitted: admitted, outcome: outcome))
        }
        return [.forgetReviews] + conclude(Conclusion(admitted: admitted, outcome: .failed(refusal)))
    }

    /// Ends the session: where no run has ended, at once and with nothing; else with a last run that released nothing,
    /// so that its receipt says that no other follows.
    private mutating func close(_ failure: Failure, or reason: EndReason) -> [Action] {
        guard let course, course.run > 1 else { return end(reason) }
        let admitted: AdmittedSet
        var actions: [Action] = []
        switch stage {
        case .admitting(let admission): admitted = AdmittedSet(closing: admission)
        case .reviewing(let review), .holding(let review):
            admitted = review.admitted
            actions = [.forgetReviews]
        case .executing(let running):
            admitted = running
            actions = [.cancelRun]
        default: admitted = AdmittedSet(closing: Admission(course))
        }
        return actions + conclude(Conclusion(admitted: admitted, outcome: .failed(failure), closes: true))
    }

    private mutating func conclude(_ conclusion: Conclusion) -> [Action] {
        go(to: .concluding(conclusion), until: nil, [.sealOutputs(conclusion)])
    }

    /// Goes on to the course's next run, as soon as its outputs have room.
    private mutating func next(_ course: Course, at now: Seconds) -> [Action] {
        guard course.hasRoom else { return go(to: .waiting(course), until: nil, []) }
        return admit(Admission(course), from: nil, at: now)
    }

    /// Puts in its place what is kept of earlier runs, and who was affirmed.
    mutating func replaceCourse(_ course: Course) {
        _ = go(to: stage.with(course), until: deadline, [])
    }
}

extension Session.Stage {
    /// What waits for answers.
    var review: Review? {
        switch self {
        case .reviewing(let review), .holding(let review): review
        default: nil
        }
    }

    /// The same, with another account of what the session has behind it.
    fileprivate func with(_ course: Course) -> Session.Stage {
        switch self {
        case .admitting(var admission):
            admission.course = course
            return .admitting(admission)
        case .reviewing(var review):
            review.admitted.course = course
            return .reviewing(review)
        case .executing(var admitted):
            admitted.course = course
            return .executing(admitted)
        case .holding(var review):
            review.admitted.course = course
            return .holding(review)
        case .concluding(var conclusion):
            conclusion.admitted.course = course
            return .concluding(conclusion)
        case .waiting: return .waiting(course)
        case .finished: return .finished(course)
        case .awaitingManifest, .locking, .ended: return self
        }
    }
}
