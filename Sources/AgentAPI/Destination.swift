package import Keys
package import Primitives

/// What a request asks for.
package struct Destination: Equatable, Sendable {
    package let route: AgentRoute
    /// The nonce of a request for evidence, the token of one for outputs or a review, what a peer is bound to, `nil`
    /// for every other.
    package let argument: FixedBytes<32>?

    /// The evidence on a nonce.
    package static func evidence(nonce: FixedBytes<32>) -> Destination { Destination(.evidence, nonce) }

    /// The outputs of whoever the token belongs to.
    package static func outputs(token: FixedBytes<32>) -> Destination { Destination(.outputs, token) }

    /// What somebody decides on.
    package static func review(token: FixedBytes<32>) -> Destination { Destination(.reviews, token) }

    /// What shows another session of the plan.
    package static func peer(boundTo bound: BoundDigest) -> Destination { Destination(.peers, bound.hostData) }

    /// A path that takes no argument.
    package static func path(_ route: AgentRoute) -> Destination { Destination(route, nil) }

    private init(_ route: AgentRoute, _ argument: FixedBytes<32>?) {
        self.route = route
        self.argument = argument
    }

    /// As a request's first line has it: origin form.
    package var target: String {
        guard let argument else { return route.rawValue }
        if let prefix = Self.prefixes.first(where: { $0.route == route })?.path { return prefix + argument.description }
        return route.rawValue + "?" + Self.nonceName + argument.description
    }

    /// Of the paths that end with their argument.
    private static let prefixes: [(path: String, route: AgentRoute)] = [
        ("/v1/outputs/", .outputs), ("/v1/reviews/", .reviews), ("/v1/peers/", .peers),
    ]
    private static let nonceName = "nonce="

    /// Reads a request's target: origin form, no percent-encoding, one spelling for each thing.
    ///
    /// - Throws: ``HTTPProblem``.
    package init(target: String) throws(HTTPProblem) {
        guard target.utf8.first == UInt8(ascii: "/"), target.utf8.allSatisfy(isPlain) else { throw .target }
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = String(parts[0])
        let query = parts.count == 2 ? parts[1] : nil
        if let (prefix, found) = Self.prefixes.first(where: { path.hasPrefix($0.path) }) {
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
