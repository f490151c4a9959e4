internal import Lifecycle
internal import Primitives

/// Why the agent refused something, as anyone on the way may read it.
///
/// A closed table of fixed words. What a participant wrote, or anything that it named, is in none of them: errors of
/// other modules, which do name things, end where they become one of these.
package enum AgentError: String, Error, CaseIterable, Sendable {
    // The session's stage.
    case alreadyLocked = "session.locked"
    case notLocked = "session.unlocked"
    case notAdmitting = "session.stage"
    /// Outputs of earlier runs take all the room there is.
    case noRoom = "session.room"
    /// A withdrawal after the last slot was filled.
    case tooLateToWithdraw = "session.withdrawal.late"
    /// As much as may go on at once goes on already. Worth another try.
    case busy = "session.busy"

    // Why it ended.
    case admissionExpired = "session.ended.admission"
    case withdrawn = "session.ended.withdrawal"
    case retentionOver = "session.ended.retention"
    case stopped = "session.ended.stop"

    // The lock.
    case bindingDiffers = "session.binding"
    case otherManifest = "session.manifest"
    case capacity = "session.capacity"
    case manifestRefused = "manifest.refused"
    case signaturesMissing = "manifest.signatures.missing"
    case evidenceUnavailable = "evidence.unavailable"

    // Other sessions of the plan.
    case noSuchPeer = "peer.unknown"
    case peerNotWanted = "peer.unwanted"
    case peerRefused = "peer.refused"

    // Submissions and withdrawals. These are told to whoever signed as a participant, and to nobody else.
    case noSuchSlot = "session.slot.unknown"
    case slotFilled = "session.slot.filled"
    case notTheProvider = "session.slot.provider"
    case tooLarge = "content.size"
    case digestDiffers = "content.digest"
    case formatDiffers = "content.format"
    case otherRun = "session.run"
    case notReviewing = "review.stage"
    case notAnApprover = "review.approver"
    case answered = "review.answered"
    case otherReview = "review.other"
    case answerRefused = "review.answer"
    case notNeeded = "session.acknowledgement"

    // Streams.
    case notASealedStream = "sealing.prefix"
    case cannotOpen = "sealing.open"
    case malformedHeader = "sealing.header.form"
    case signatureRefused = "sealing.signature"
    case contentTooLarge = "sealing.content.size"
    case incomplete = "sealing.incomplete"
    case tooManyBytes = "sealing.chunk.count"

    // Files.
    case storageFull = "storage.full"
    case storageFailed = "storage.failed"

    case reviewPending = "review.pending"
    case outputsPending = "outputs.pending"
    case outputsUnknown = "outputs.unknown"
}

extension AgentError: ExplainedError {
    package var code: String { rawValue }

    package var message: String {
        switch self {
        case .alreadyLocked: "the session is locked to a manifest and cannot take another"
        case .notLocked: "the session is not locked to a manifest yet"
        case .notAdmitting: "the session takes no submissions now"
        case .noRoom: "the outputs of earlier runs take all the room that the manifest gives them"
        case .tooLateToWithdraw: "the last run has begun and nobody can withdraw any more"
        case .admissionExpired: Session.EndReason.admissionExpired.message
        case .withdrawn: Session.EndReason.withdrawn.message
        case .retentionOver: Session.EndReason.retentionOver.message
        case .stopped: Session.EndReason.stopped.message
        case .busy: "the session is busy with as much as it takes at once"
        case .bindingDiffers: "the manifest asks for another binding than the machine was launched with"
        case .otherManifest: "the machine was launched for another manifest"
        case .capacity: "the manifest asks for more than the machine can hold"
        case .manifestRefused: "the content is no signed manifest, and no signed plan with one of its manifests"
        case .signaturesMissing: "not every participant has signed the manifest"
        case .evidenceUnavailable: "the platform gave no report to lock the session with"
        case .noSuchPeer: "the plan names no such session beside this one"
        case .peerNotWanted: "nothing here waits for another machine of that session"
        case .peerRefused: "the evidence does not show a machine that may take that session's part"
        case .noSuchSlot: "the manifest names no such slot"
        case .slotFilled: "the slot was filled before, and a slot is filled once"
        case .notTheProvider: "the slot is another participant's to fill"
        case .tooLarge: "the content is larger than the manifest allows"
        case .digestDiffers: "the content is not what the manifest commits to"
        case .formatDiffers: "the content is not of the format that the manifest gives it"
        case .otherRun: "the content is for another run, or follows another receipt"
        case .notReviewing: "nothing waits for an answer now"
        case .notAnApprover: "the manifest lets others decide on this"
        case .answered: "the answer was given before, and it cannot be changed"
        case .otherReview: "the answer is to something else than what is decided on"
        case .answerRefused: "the content is not an answer signed by its sender"
        case .notNeeded: "nothing waits for a confirmation any more"
        case .notASealedStream: "expected a sealed stream of version 1"
        case .cannotOpen: "the stream does not open in this session and for this purpose"
        case .malformedHeader: "the stream's header is not of the form"
        case .signatureRefused: "the stream is not signed by a participant who may send it"
        case .contentTooLarge: "the stream announces more content than its purpose allows"
        case .incomplete: "the stream ended before its content did"
        case .tooManyBytes: "the stream goes on after its last chunk"
        case .storageFull: "the session's memory for files is full"
        case .storageFailed: "the session could not keep the content"
        case .reviewPending: "there is nothing to decide on under this token now"
        case .outputsPending: "no finished run is kept under this token"
        case .outputsUnknown: "there are no outputs under this token"
        }
    }

    package var hint: String? {
        switch self {
        case .alreadyLocked: "compare the digest in the session's evidence with your manifest's"
        case .busy, .storageFull: "try again when other submissions have ended"
        case .bindingDiffers: "launch with the manifest's digest for `launch`, and without one for `lock`"
        case .capacity: "lower the manifest's bounds, or launch a larger machine"
        case .manifestRefused: "decode it with `2cvm manifest explain`, or `2cvm plan explain`"
        case .signaturesMissing: "merge what each participant signed with `2cvm manifest join`, or `2cvm plan join`"
        case .peerRefused:
            "fetch that session's evidence on this session's peerNonce, complete with its certificates and a current "
                + "revocation list"
        case .digestDiffers: "submit the very bytes that the manifest was signed for, with the same salt"
        case .formatDiffers: "`2cvm data check` says where it differs"
        case .notAdmitting: "a run is under way or was the last one: `2cvm status` says where it stands"
        case .noRoom: "its recipients fetch them with `2cvm fetch`, which makes room"
        case .otherRun: "fetch the last run's receipt with `2cvm fetch`, and ask again"
        case .otherReview, .notReviewing: "look with `2cvm review` at what waits for an answer"
        case .outputsPending:
            "`2cvm status` says which run it is; one that all its recipients have confirmed is kept no longer"
        case .cannotOpen: "attest again and seal anew: the machine may have been restarted, or locked meanwhile"
        case .admissionExpired: Session.EndReason.admissionExpired.hint
        case .withdrawn: Session.EndReason.withdrawn.hint
        default: nil
        }
    }
}
