package import AgentAPI
internal import Commitments
internal import Keys
internal import Lifecycle
package import Primitives
internal import Sealing

// What is decided on, and what was decided.

extension SessionHost {
    /// The size of every answer.
    package static let answerByteCount = StreamFormat.streamByteCount(ofContent: Decision.contentByteCount)

    /// What somebody decides on.
    ///
    /// - Throws: ``AgentError/reviewPending`` while there is nothing under this token, whoever it belongs to.
    package func review(_ token: SHA256Digest) throws(AgentError) -> SealedOutputs {
        if case .ended(let reason) = session.stage { throw AgentError(reason) }
        guard let stream = reviews[token] else { throw .reviewPending }
        return stream
    }

    /// Seals to each who decides what there is to decide on.
    func startReviewing(_ review: Review) {
        let work = ReviewWork(
            review: review, questions: asked, results: results, session: session.sessionID, keys: keys,
            folder: folder)
        let execution = execution
        self.execution = Task {
            await execution?.value
            let sealed = try? await onOwnThread { try work.seal() }
            guard session.stage.isReviewing(review) else { return }
            if let sealed {
                reviews = sealed
            } else {
                let now = clock()
                try? tell { session throws(SessionError) in try session.reviewFailed(at: now) }
            }
        }
    }

    /// Takes what somebody decided.
    ///
    /// - Parameter stream: of purpose `answer`, ``answerByteCount`` bytes.
    package func answer(_ stream: [UInt8]) async throws(AgentError) -> SessionStatus {
        let opened = try await open(stream, as: .answer, contentByteCount: Decision.contentByteCount)
        guard let end = opened.content.lastIndex(where: { $0 != 0 }),
            let envelope = try? Envelope(decoding: Array(opened.content[...end]), as: Decision.payloadType),
            let answer = Decision(verifying: envelope, from: opened.sender.signingKey)
        else { throw .answerRefused }
        let now = clock()
        try tell { session throws(SessionError) in try session.answer(answer, from: opened.sender.name, at: now) }
        return status
    }

    /// Notes that a recipient has a run's outputs.
    ///
    /// - Parameter stream: of purpose `acknowledgement`, ``withdrawalByteCount`` bytes.
    package func acknowledge(_ stream: [UInt8]) async throws(AgentError) -> SessionStatus {
        let opened = try await open(stream, as: .acknowledgement, contentByteCount: 0)
        guard let run = opened.header.run else { throw .malformedHeader }
        let now = clock()
        try tell { session throws(SessionError) in
            try session.acknowledge(run.number, from: opened.sender.name, at: now)
        }
        return status
    }
}

extension Session.Stage {
    /// Whether this very review goes on, perhaps with answers.
    fileprivate func isReviewing(_ review: Review) -> Bool {
        switch self {
        case .reviewing(let current), .holding(let current):
            current.subject == review.subject
                && current.admitted.course.reference == review.admitted.course.reference
        default: false
        }
    }
}
