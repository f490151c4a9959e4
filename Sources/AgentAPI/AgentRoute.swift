internal import Evidence

/// A path of the API, and what both sides say on it. A new one does not compile until the agent answers it and the
/// client says how much of the answer it reads.
package enum AgentRoute: String, CaseIterable, Sendable {
    case status = "/v1/status"
    case evidence = "/v1/evidence"
    case manifest = "/v1/manifest"
    case peers = "/v1/peers/{bound}"
    case submissions = "/v1/submissions"
    case answers = "/v1/answers"
    case acknowledgements = "/v1/acknowledgements"
    case withdrawals = "/v1/withdrawals"
    case events = "/v1/events"
    case endorsements = "/v1/endorsements"
    case reviews = "/v1/reviews/{token}"
    case outputs = "/v1/outputs/{token}"
    case deliveries = "/v1/deliveries"
    case description = "/v1/openapi.json"

    /// The methods that paths take.
    package enum Method: String, Sendable {
        case get = "GET"
        case put = "PUT"
        case post = "POST"
    }

    /// The one method that the path takes.
    package var method: Method {
        switch self {
        case .status, .evidence, .events, .reviews, .outputs, .deliveries, .description: .get
        case .manifest, .peers, .endorsements: .put
        case .submissions, .answers, .acknowledgements, .withdrawals: .post
        }
    }

    /// What a request's body must be, `nil` where there is none.
    package var requestMediaType: String? {
        switch self {
        case .manifest, .submissions, .answers, .acknowledgements, .withdrawals: MediaType.sealed
        case .endorsements: MediaType.json
        case .peers: EvidenceBundle.mediaType
        case .status, .evidence, .events, .reviews, .outputs, .deliveries, .description: nil
        }
    }

    /// The status of an answer that grants the request (RFC 9110, section 15.3).
    package var grantedStatus: Int {
        switch self {
        case .submissions: 201
        case .peers, .endorsements: 204
        case .status, .evidence, .manifest, .answers, .acknowledgements, .withdrawals, .events, .reviews, .outputs,
            .deliveries, .description:
            200
        }
    }

    /// What the body of such an answer is, `nil` where there is none.
    package var answerMediaType: String? {
        switch self {
        case .status, .manifest, .submissions, .answers, .acknowledgements, .withdrawals, .deliveries, .description:
            MediaType.json
        case .evidence: EvidenceBundle.mediaType
        case .events: MediaType.events
        case .reviews, .outputs: MediaType.sealed
        case .peers, .endorsements: nil
        }
    }
}

/// The types of bodies, but for that of evidence.
package enum MediaType {
    package static let json = "application/json"
    /// Server-sent events (WHATWG HTML, section 9.2).
    package static let events = "text/event-stream"
    /// A refusal (RFC 9457).
    package static let problem = "application/problem+json"
    /// A sealed stream, docs/SEALING.md.
    package static let sealed = "application/vnd.2cvm.sealed"
}
