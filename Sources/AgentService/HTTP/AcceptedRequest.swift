internal import AgentAPI
internal import NIOCore
internal import NIOHTTP1

extension ChannelPipeline.SynchronousOperations {
    /// Adds what turns a connection's bytes into requests.
    func addRequestDecoding(_ limits: ServiceLimits) throws {
        var decoder = NIOHTTPDecoderLimitConfiguration()
        decoder.maxHeaderFieldSize = limits.fieldBytes
        decoder.maxHeaderListSize = limits.headBytes
        decoder.maxHeaderFieldCount = limits.fieldCount
        try configureHTTPServerPipeline(
            withPipeliningAssistance: false, withErrorHandling: false, withOutboundHeaderValidation: true,
            withEncoderConfiguration: .init(), withDecoderLimitConfiguration: decoder)
    }
}

/// A request head that says one thing only, and something that is served.
struct AcceptedRequest: Sendable {
    let destination: Destination
    /// `nil` for a chunked body.
    let contentLength: Int?
    let expectsContinue: Bool
    let keepsAlive: Bool

    /// Reads a head.
    ///
    /// - Throws: ``HTTPProblem``.
    init(_ head: HTTPRequestHead) throws(HTTPProblem) {
        guard head.version == .http1_1 else { throw .version }
        let length = try Self.bodyLength(head.headers)
        guard head.method != .CONNECT, !head.headers.contains(name: "Upgrade") else { throw .upgrade }
        let hosts = head.headers["Host"]
        guard hosts.count == 1, isHost(hosts[0]) else { throw .host }
        expectsContinue = try Self.expectsContinue(head.headers)
        guard !head.headers.contains(name: "Content-Encoding") else { throw .coding }

        destination = try Destination(target: head.uri)
        guard head.method.rawValue == destination.route.method.rawValue else { throw .method }
        if let mediaType = destination.route.requestMediaType {
            guard head.headers["Content-Type"].map({ $0.lowercased() }) == [mediaType] else { throw .mediaType }
            guard length != .absent else { throw .bodyLength }
        } else {
            guard length == .absent || length == .exactly(0) else { throw .unexpectedBody }
        }
        contentLength = if case .exactly(let count) = length { count } else { nil }
        keepsAlive = head.isKeepAlive
    }

    private enum BodyLength: Equatable {
        case absent
        case exactly(Int)
        case chunked
    }

    /// Where two readers could disagree on where a body ends, one of them could be made to take its rest for a
    /// request (RFC 9112, section 11.2).
    private static func bodyLength(_ headers: HTTPHeaders) throws(HTTPProblem) -> BodyLength {
        let lengths = headers["Content-Length"]
        let codings = headers["Transfer-Encoding"]
        switch (lengths.count, codings.count) {
        case (0, 0): return .absent
        case (1, 0):
            let digits = lengths[0].utf8
            guard 1...18 ~= digits.count, digits.allSatisfy({ 0x30...0x39 ~= $0 }), let count = Int(lengths[0]) else {
                throw .framing
            }
            return .exactly(count)
        case (0, 1):
            guard codings[0].lowercased() == "chunked" else { throw .framing }
            return .chunked
        default: throw .framing
        }
    }

    private static func expectsContinue(_ headers: HTTPHeaders) throws(HTTPProblem) -> Bool {
        let expectations = headers["Expect"]
        guard !expectations.isEmpty else { return false }
        guard expectations.map({ $0.lowercased() }) == ["100-continue"] else { throw .expectation }
        return true
    }
}

/// A name or an address, with a port or without. Which one does not matter here.
private func isHost(_ text: String) -> Bool {
    text.utf8.count <= 255
        && text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: ".-_:[]%".utf8.contains(byte)
            }
        }
}
