package import Primitives

/// What a request asks for.
package struct Destination: Equatable, Sendable {
    package let route: AgentRoute
    /// The nonce of a request for evidence, the token of one for outputs or a review, `nil` for every other.
    package let argument: FixedBytes<32>?

    /// The evidence on a nonce.
    package static func evidence(nonce: FixedBytes<32>) -> Destination { Destination(.evidence, nonce) }

    /// The outputs of whoever the token belongs to.
    package static func outputs(token: FixedBytes<32>) -> Destination { Destination(.outputs, token) }

    /// What somebody decides on.
    package static func review(token: FixedBytes<32>) -> Destination { Destination(.reviews, token) }

    /// A path that takes no argument.
    package static func path(_ route: AgentRoute) -> Destination { Destination(route, nil) }

    private init(_ route: AgentRoute, _ argument: FixedBytes<32>?) {
        self.route = route
        self.argument = argument
    }

    /// As a request's first line has it: origin form.
    package var target: String {
        guard let argument else { return route.rawValue }
        return switch route {
        case .outputs: Self.outputsPrefix + argument.description
        case .reviews: Self.reviewsPrefix + argument.description
        default: route.rawValue + "?" + Self.nonceName + argument.description
        }
    }

    private static let outputsPrefix = "/v1/outputs/"
    private static let reviewsPrefix = "/v1/reviews/"
    private static let nonceName = "nonce="

    /// Reads a request's target: origin form, no percent-encoding, one spelling for each thing.
    ///
    /// - Throws: ``HTTPProblem``.
    package init(target: String) throws(HTTPProblem) {
        guard target.utf8.first == UInt8(ascii: "/"), target.utf8.allSatisfy(isPlain) else { throw .target }
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = String(parts[0])
        let query = parts.count == 2 ? parts[1] : nil
        let withTokens: [(String, AgentRoute)] = [(Self.outputsPrefix, .outputs), (Self.reviewsPrefix, .reviews)]
        if let (prefix, found) = withTokens.first(where: { path.hasPrefix($0.0) }) {
            guard let token = FixedBytes<32>(hex: path.dropFirst(prefix.count)) else { throw .path }
            (route, argument) = (found, token)
        } else {
            // The templates of these are no paths: braces are not plain.
            guard let route = AgentRoute(rawValue: path) else { throw .path }
            (self.route, argument) = (route, route == .evidence ? try Self.nonce(in: query) : nil)
        }
        guard query == nil || route == .evidence else { throw .query }
    }

    private static func nonce(in query: Substring?) throws(HTTPProblem) -> FixedBytes<32> {
        guard let query, query.hasPrefix(nonceName),
            let nonce = FixedBytes<32>(hex: query.dropFirst(nonceName.count))
        else { throw .nonce }
        return nonce
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
