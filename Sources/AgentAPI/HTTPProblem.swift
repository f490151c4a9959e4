internal import Primitives

/// What the transport itself refuses, before the session or its evidence is asked.
package enum HTTPProblem: String, Error, CaseIterable, Sendable {
    case syntax = "http.syntax"
    case headers = "http.headers"
    case version = "http.version"
    case framing = "http.framing"
    case host = "http.host"
    case upgrade = "http.upgrade"
    case expectation = "http.expectation"
    case target = "http.target"
    case path = "http.path"
    case query = "http.query"
    case nonce = "http.nonce"
    case method = "http.method"
    case unknownMethod = "http.method.unknown"
    case mediaType = "http.media-type"
    case coding = "http.content-coding"
    case unexpectedBody = "http.body.unexpected"
    case bodySize = "http.body.size"
    case bodyLength = "http.body.length"
    case truncated = "http.body.truncated"
    case deadline = "http.deadline"
    case busy = "http.busy"
    case failure = "http.failure"
}

extension HTTPProblem: ExplainedError {
    package var code: String { rawValue }

    /// The status of the answer (RFC 9110, section 15; RFC 6585).
    package var status: Int {
        switch self {
        case .syntax, .framing, .host, .upgrade, .target, .query, .nonce, .unexpectedBody, .bodyLength, .truncated:
            400
        case .path: 404
        case .method: 405
        case .deadline: 408
        case .bodySize: 413
        case .mediaType, .coding: 415
        case .expectation: 417
        case .headers: 431
        case .failure: 500
        case .unknownMethod: 501
        case .busy: 503
        case .version: 505
        }
    }

    package var message: String {
        switch self {
        case .syntax: "the request is not HTTP/1.1"
        case .headers: "the request's head is too large"
        case .version: "expected HTTP/1.1"
        case .framing: "the request says in no way, or in several, how long its body is"
        case .host: "expected exactly one Host field"
        case .upgrade: "the connection cannot become another protocol's"
        case .expectation: "expected no expectation but 100-continue"
        case .target: "expected a plain path, without percent signs"
        case .path: "there is nothing at this path"
        case .query: "this path takes no query"
        case .nonce: "expected the query nonce= and 64 lowercase hexadecimal digits, once, and nothing else"
        case .method: "this path does not take the method"
        case .unknownMethod: "the method is unknown"
        case .mediaType: "the body is not of the type that this path takes"
        case .coding: "the body may not be compressed"
        case .unexpectedBody: "this request takes no body"
        case .bodySize: "the body is larger than this path takes"
        case .bodyLength: "the body's announced length is not that of its content"
        case .truncated: "the body ended before its announced length"
        case .deadline: "the request took too long to arrive"
        case .busy: "as many such requests are served as can be"
        case .failure: "the agent could not answer"
        }
    }

    package var hint: String? {
        switch self {
        case .target, .path, .method: "GET /v1/openapi.json describes what there is"
        case .mediaType: "set Content-Type as GET /v1/openapi.json says"
        case .busy: "try again in a second"
        default: nil
        }
    }
}
