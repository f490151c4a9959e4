internal import Primitives

extension AgentProblem {
    /// What the transport refused.
    package init(_ error: HTTPProblem) {
        self.init(error, status: error.status)
    }

    /// What asking for evidence can be refused for.
    package init(_ error: EvidenceRefusal) {
        if error == .busy {
            self.init(HTTPProblem.busy)
        } else {
            self.init(error, status: error.status)
        }
    }

    /// What the session refused.
    package init(_ error: AgentError) {
        if error == .evidenceUnavailable {
            self.init(EvidenceRefusal.unavailable)
        } else {
            self.init(error, status: error.status)
        }
    }

    /// Every problem that the agent can answer with.
    package static var all: [AgentProblem] {
        HTTPProblem.allCases.map { AgentProblem($0) }
            + EvidenceRefusal.allCases.filter { $0 != .busy }.map { AgentProblem($0) }
            + AgentError.allCases.filter { $0 != .evidenceUnavailable }.map { AgentProblem($0) }
    }
}

extension EvidenceRefusal {
    /// The status of the answer.
    fileprivate var status: Int {
        switch self {
        case .busy, .unavailable: 503
        case .endorsementsForm, .endorsementsEncoding: 400
        case .endorsementsOlder: 409
        case .endorsementsIncomplete, .endorsementsReport, .endorsementsChain: 422
        }
    }
}

extension AgentError {
    /// The status of the answer.
    fileprivate var status: Int {
        switch self {
        case .notASealedStream, .malformedHeader, .incomplete, .tooManyBytes: 400
        case .signatureRefused, .notTheProvider, .notAnApprover: 403
        case .outputsUnknown, .reviewPending, .noSuchPeer: 404
        case .alreadyLocked, .notLocked, .notAdmitting, .bindingDiffers, .otherManifest, .slotFilled, .outputsPending,
            .tooLateToWithdraw, .noRoom, .otherRun, .notReviewing, .answered, .otherReview, .notNeeded,
            .peerNotWanted:
            409
        case .admissionExpired, .withdrawn, .retentionOver, .stopped: 410
        case .contentTooLarge: 413
        case .answerRefused, .capacity, .manifestRefused, .signaturesMissing, .noSuchSlot, .tooLarge, .digestDiffers,
            .formatDiffers, .cannotOpen, .peerRefused:
            422
        case .storageFailed: 500
        case .busy, .evidenceUnavailable: 503
        case .storageFull: 507
        }
    }
}
