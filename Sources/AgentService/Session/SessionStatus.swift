internal import Lifecycle
package import Primitives

/// What anyone may know of the session: counts and digests, no names.
package struct SessionStatus: Equatable, Sendable {
    /// Where the session stands. It has finished whichever way its run ended.
    package enum Stage: String, Sendable {
        case awaitingManifest, admitting, executing, finished, ended
    }

    package let stage: Stage
    /// Zeros as long as no manifest is known.
    package let manifestDigest: SHA256Digest
    /// The session's id of this moment: what streams are sealed to.
    package let sessionID: SHA256Digest
    /// 0 before the lock, and when the session has ended.
    package let totalSlots: Int
    package let filledSlots: Int
    package let isSimulated: Bool

    /// As `GET /v1/status` answers it.
    package var json: JSONValue {
        [
            "version": 1,
            "stage": .string(stage.rawValue),
            "manifestDigest": .string(manifestDigest.description),
            "session": .string(sessionID.description),
            "slots": ["total": .integer(totalSlots), "filled": .integer(filledSlots)],
            "simulated": .bool(isSimulated),
        ]
    }
}

extension SessionStatus {
    init(_ session: Session, isSimulated: Bool) {
        var filled = 0
        var open = 0
        switch session.stage {
        case .awaitingManifest: stage = .awaitingManifest
        case .admitting(let admission):
            stage = .admitting
            (open, filled) = (admission.open.count, admission.filled.count)
        case .executing(let admitted):
            stage = .executing
            filled = admitted.slots.count
        case .finished(let conclusion):
            stage = .finished
            filled = conclusion.admitted.slots.count
        case .ended: stage = .ended
        }
        manifestDigest = session.manifestDigest
        sessionID = session.sessionID
        totalSlots = open + filled
        filledSlots = filled
        self.isSimulated = isSimulated
    }
}
