internal import AgentAPI
internal import Evidence

extension AgentRoute {
    /// The largest body that is begun; `nil` where there is none, and for submissions: what one may have depends on its
    /// header.
    var maximumBodyByteCount: Int? {
        switch self {
        case .manifest: SessionHost.maximumLockByteCount
        case .answers: SessionHost.answerByteCount
        case .acknowledgements, .withdrawals: SessionHost.withdrawalByteCount
        case .peers: EvidenceBundle.maximumByteCount
        case .endorsements: Endorsements.maximumUploadByteCount
        case .status, .evidence, .submissions, .events, .reviews, .outputs, .deliveries, .description: nil
        }
    }

    /// Whether the log has a line for each request, and not for refusals alone.
    var changesSomething: Bool { method != .get }
}
