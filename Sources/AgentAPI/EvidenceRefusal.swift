internal import Primitives

/// Why there is no evidence now, or why endorsements are not taken. Fixed words only.
package enum EvidenceRefusal: String, Error, CaseIterable, Sendable {
    /// More verifiers wait than one report can answer.
    case busy = "http.busy"
    /// The firmware, or who stands for it, gave no report.
    case unavailable = "evidence.unavailable"
    /// The body is no JSON of the form.
    case endorsementsForm = "endorsements.form"
    /// A certificate or list that cannot be decoded.
    case endorsementsEncoding = "endorsements.encoding"
    /// Leaf, intermediate and root are not all there, neither in the body nor here before.
    case endorsementsIncomplete = "endorsements.incomplete"
    /// The leaf's key has not signed this machine's report.
    case endorsementsReport = "endorsements.report"
    /// The certificates do not vouch for one another up to a known root, or the list is not the root's.
    case endorsementsChain = "endorsements.chain"
    /// There is a revocation list that is as new or newer.
    case endorsementsOlder = "endorsements.older"
}

extension EvidenceRefusal: ExplainedError {
    package var code: String { rawValue }

    package var message: String {
        switch self {
        case .busy: "as many verifiers wait for evidence as can wait"
        case .unavailable: "the platform gave no report"
        case .endorsementsForm: "the body is not the JSON of endorsements"
        case .endorsementsEncoding: "a certificate or the revocation list cannot be decoded"
        case .endorsementsIncomplete: "the chain of the report's certificate is incomplete"
        case .endorsementsReport: "the leaf certificate's key has not signed this machine's report"
        case .endorsementsChain: "the certificates and the list do not belong together up to a known root"
        case .endorsementsOlder: "the revocation list is not newer than the one that is there"
        }
    }

    package var hint: String? {
        switch self {
        case .busy: "try again in a second"
        case .endorsementsIncomplete: "send vcek or vlek, ask and ark together"
        case .endorsementsReport: "fetch the certificate for the chip and TCB of this machine's evidence"
        default: nil
        }
    }
}
