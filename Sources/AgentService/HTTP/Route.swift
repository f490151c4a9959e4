internal import Evidence
package import NIOHTTP1
internal import Primitives

/// A path of the API. The one table that requests, the OpenAPI document and the log go by.
package enum Route: String, CaseIterable, Sendable {
    case status = "/v1/status"
    case evidence = "/v1/evidence"
    case manifest = "/v1/manifest"
    case submissions = "/v1/submissions"
    case withdrawals = "/v1/withdrawals"
    case events = "/v1/events"
    case endorsements = "/v1/endorsements"
    case outputs = "/v1/outputs/{token}"
    case description = "/v1/openapi.json"

    static let outputsPrefix = "/v1/outputs/"
    static let sealedMediaType = "application/vnd.2cvm.sealed"

    /// The one method that the path takes.
    package var method: HTTPMethod {
        switch self {
        case .status, .evidence, .events, .outputs, .description: .GET
        case .manifest, .endorsements: .PUT
        case .submissions, .withdrawals: .POST
        }
    }

    /// What a request's body must be, `nil` where there is none.
    package var requestMediaType: String? {
        switch self {
        case .manifest, .submissions, .withdrawals: Self.sealedMediaType
        case .endorsements: "application/json"
        default: nil
        }
    }

    /// The largest body that is begun. What a submission may have besides depends on its header.
    var maximumBodyByteCount: Int? {
        switch self {
        case .manifest: SessionHost.maximumLockByteCount
        case .withdrawals: SessionHost.withdrawalByteCount
        case .endorsements: Endorsements.maximumUploadByteCount
        default: nil
        }
    }

    /// Whether the log has a line for each request, and not for refusals alone.
    var changesSomething: Bool { method != .GET }
}

/// What a request asks for.
struct Destination: Equatable, Sendable {
    let route: Route
    /// The nonce of a request for evidence, the token of one for outputs.
    let argument: FixedBytes<32>?

    /// Reads a request's target: origin form, no percent-encoding, one spelling for each thing.
    ///
    /// - Throws: ``HTTPProblem``.
    init(target: String) throws(HTTPProblem) {
        guard target.utf8.first == UInt8(ascii: "/"), target.utf8.allSatisfy(isPlain) else { throw .target }
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = String(parts[0])
        let query = parts.count == 2 ? parts[1] : nil
        if path.hasPrefix(Route.outputsPrefix) {
            guard let token = FixedBytes<32>(hex: path.dropFirst(Route.outputsPrefix.count)) else { throw .path }
            (route, argument) = (.outputs, token)
        } else {
            // The template of `outputs` is no path: braces are not plain.
            guard let route = Route(rawValue: path) else { throw .path }
            (self.route, argument) = (route, route == .evidence ? try nonce(in: query) : nil)
        }
        guard query == nil || route == .evidence else { throw .query }
    }
}

/// Unreserved characters, and what separates them here (RFC 3986, section 2.3).
private func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
    default: "-._~/?=&".utf8.contains(byte)
    }
}

private func nonce(in query: Substring?) throws(HTTPProblem) -> FixedBytes<32> {
    guard let query, query.hasPrefix("nonce="), let nonce = FixedBytes<32>(hex: query.dropFirst("nonce=".count)) else {
        throw .nonce
    }
    return nonce
}
