internal import Primitives

/// An error as it is answered: `application/problem+json` (RFC 9457). Fixed words for each code.
package struct Problem: Error, Equatable, Sendable {
    package static let mediaType = "application/problem+json"

    package let code: String
    package let status: Int
    package let title: String
    package let hint: String?

    private init(_ error: some ExplainedError, status: Int) {
        code = error.code
        self.status = status
        title = error.message.prefix(1).uppercased() + error.message.dropFirst() + "."
        hint = error.hint
    }

    /// What the transport refused.
    package init(_ error: HTTPProblem) {
        self.init(error, status: error.status)
    }

    /// What the evidence desk refused.
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
    package static var all: [Problem] {
        HTTPProblem.allCases.map { Problem($0) } + EvidenceRefusal.allCases.filter { $0 != .busy }.map { Problem($0) }
            + AgentError.allCases.filter { $0 != .evidenceUnavailable }.map { Problem($0) }
    }

    /// JSON on one line.
    package var body: [UInt8] {
        var members = [
            JSONMember("type", .string("urn:2cvm:problem:" + code)), JSONMember("title", .string(title)),
            JSONMember("status", .integer(status)), JSONMember("code", .string(code)),
        ]
        if let hint { members.append(JSONMember("hint", .string(hint))) }
        return JSONValue.object(members).canonicalBytes + [0x0A]
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
        case .signatureRefused, .notTheProvider: 403
        case .outputsUnknown: 404
        case .alreadyLocked, .notLocked, .notAdmitting, .bindingDiffers, .otherManifest, .slotFilled, .outputsPending,
            .tooLateToWithdraw:
            409
        case .admissionExpired, .withdrawn, .retentionOver, .stopped: 410
        case .contentTooLarge: 413
        case .capacity, .manifestRefused, .signaturesMissing, .noSuchSlot, .tooLarge, .digestDiffers, .cannotOpen: 422
        case .storageFailed: 500
        case .busy, .evidenceUnavailable: 503
        case .storageFull: 507
        }
    }
}
