package import Lifecycle
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
    /// When admission, or the keeping of outputs, is over: on the session's clock. Other stages have no such time.
    package let deadline: Session.Seconds?
    /// Why it ended.
    package let end: Session.EndReason?

    /// As `GET /v1/status` answers it.
    ///
    /// - Parameter now: on the session's clock.
    package func json(at now: Session.Seconds) -> JSONValue {
        var members = [
            JSONMember("version", 1),
            JSONMember("stage", .string(stage.rawValue)),
            JSONMember("manifestDigest", .string(manifestDigest.description)),
            JSONMember("session", .string(sessionID.description)),
            JSONMember(
                "slots",
                [
                    "total": .integer(totalSlots), "filled": .integer(filledSlots),
                    "open": .integer(totalSlots - filledSlots),
                ]),
            JSONMember("simulated", .bool(isSimulated)),
        ]
        if let deadline { members.append(JSONMember("secondsLeft", .integer(max(0, deadline - now)))) }
        if let end { members.append(JSONMember("end", .string(end.rawValue))) }
        return .object(members)
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
        end = if case .ended(let reason) = session.stage { reason } else { nil }
        deadline = session.deadline
        manifestDigest = session.manifestDigest
        sessionID = session.sessionID
        totalSlots = open + filled
        filledSlots = filled
        self.isSimulated = isSimulated
    }
}
