internal import AgentAPI
internal import Lifecycle
internal import Platform
internal import Sealing

extension AgentError {
    /// A refusal of the session's state machine, without the names in it.
    init(_ error: SessionError) {
        self =
            switch error {
            case .alreadyLocked: .alreadyLocked
            case .notLocked: .notLocked
            case .bindingDiffers: .bindingDiffers
            case .otherManifest: .otherManifest
            case .tooLargeForMachine: .capacity
            case .otherSession: .cannotOpen
            case .locking, .concluding: .busy
            case .noRoom: .noRoom
            case .otherRun: .otherRun
            case .notReviewing: .notReviewing
            case .notAnApprover: .notAnApprover
            case .answered: .answered
            case .otherReview: .otherReview
            case .notNeeded: .notNeeded
            case .notAdmitting, .notLocking, .notExecuting, .notConcluding, .outputsDiffer: .notAdmitting
            case .tooLateToWithdraw: .tooLateToWithdraw
            case .noSuchPeer: .noSuchPeer
            case .peerNotWanted: .peerNotWanted
            case .noSuchSlot: .noSuchSlot
            case .slotFilled: .slotFilled
            case .notTheProvider: .notTheProvider
            case .tooLarge: .tooLarge
            case .digestDiffers: .digestDiffers
            case .notAParticipant: .signatureRefused
            case .ended(let reason): AgentError(reason)
            }
    }

    /// Why the session takes nothing and has nothing any more.
    init(_ reason: Session.EndReason) {
        self =
            switch reason {
            case .admissionExpired: .admissionExpired
            case .withdrawn: .withdrawn
            case .retentionOver: .retentionOver
            case .stopped: .stopped
            }
    }

    /// Why a stream did not open, without positions and sizes.
    init(_ error: SealingError) {
        self =
            switch error {
            case .notASealedStream: .notASealedStream
            case .unusableKey, .cannotSeal, .cannotOpen, .otherSession: .cannotOpen
            case .wrongChunkSize: .incomplete
            case .tooManyChunks: .tooManyBytes
            case .malformedHeader: .malformedHeader
            case .signatureRefused: .signatureRefused
            case .contentTooLarge, .contentOverBound: .contentTooLarge
            }
    }

    /// What the kernel refused, without paths.
    init(_ error: PlatformError) {
        self = if case .system(_, .noSpace) = error { .storageFull } else { .storageFailed }
    }
}

/// Gives a stream's refusal the agent's form.
func onStreams<Result>(_ body: () throws(SealingError) -> Result) throws(AgentError) -> Result {
    do {
        return try body()
    } catch {
        throw AgentError(error)
    }
}

/// Gives a refusal of the session the agent's form.
func onSession<Result>(_ body: () throws(SessionError) -> Result) throws(AgentError) -> Result {
    do {
        return try body()
    } catch {
        throw AgentError(error)
    }
}

/// Gives a refusal of the operating system the agent's form.
func onFiles<Result: ~Copyable>(_ body: () throws(PlatformError) -> Result) throws(AgentError) -> Result {
    do {
        return try body()
    } catch {
        throw AgentError(error)
    }
}
