internal import AgentAPI
internal import Evidence
internal import Lifecycle

extension AgentRoute {
    /// The most bytes of an answer that is read as a whole; `nil` for one that is read as it comes.
    var maximumAnswerByteCount: Int? {
        switch self {
        case .status, .manifest, .submissions, .answers, .acknowledgements, .withdrawals:
            AgentStatus.maximumByteCount
        case .evidence: EvidenceBundle.maximumByteCount
        case .peers, .endorsements: 0
        case .deliveries: DeliveryList.maximumByteCount
        case .events, .reviews, .outputs: nil
        case .description: 0  // For other people's programs: nothing here asks for it.
        }
    }
}
