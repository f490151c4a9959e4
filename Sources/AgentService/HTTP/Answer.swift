internal import AgentAPI
internal import NIOCore
internal import NIOHTTP1
internal import Primitives

/// A whole answer, in memory.
struct Answer: Sendable {
    var status: HTTPResponseStatus
    var mediaType: String?
    var pieces: [ByteBuffer]
    var allow: AgentRoute.Method?
    var retryAfterSeconds: Int?

    /// Grants a request.
    init(to route: AgentRoute, _ pieces: [ByteBuffer] = []) {
        status = HTTPResponseStatus(statusCode: route.grantedStatus)
        mediaType = route.answerMediaType
        self.pieces = pieces
    }

    /// Grants a request whose answer is the session's status.
    init(to route: AgentRoute, _ status: AgentStatus) {
        self.init(to: route, [ByteBuffer(bytes: status.json.canonicalBytes + [0x0A])])
    }

    /// Refuses one.
    init(_ problem: AgentProblem) {
        status = HTTPResponseStatus(statusCode: problem.status)
        mediaType = MediaType.problem
        pieces = [ByteBuffer(bytes: problem.encoded)]
        if problem.status == 503 { retryAfterSeconds = 1 }
    }

    var byteCount: Int { pieces.reduce(0) { $0 + $1.readableBytes } }

    /// The head, without a date: this machine's clock is its host's.
    func head(keepsAlive: Bool) -> HTTPResponseHead {
        var headers = Self.headers(mediaType: mediaType, keepsAlive: keepsAlive)
        if status != .noContent { headers.add(name: "Content-Length", value: String(byteCount)) }
        if let allow { headers.add(name: "Allow", value: allow.rawValue) }
        if let retryAfterSeconds { headers.add(name: "Retry-After", value: String(retryAfterSeconds)) }
        return HTTPResponseHead(version: .http1_1, status: status, headers: headers)
    }

    /// What every answer says.
    static func headers(mediaType: String?, keepsAlive: Bool) -> HTTPHeaders {
        var headers = HTTPHeaders()
        headers.reserveCapacity(6)
        if let mediaType { headers.add(name: "Content-Type", value: mediaType) }
        headers.add(name: "Cache-Control", value: "no-store")
        headers.add(name: "X-Content-Type-Options", value: "nosniff")
        if !keepsAlive { headers.add(name: "Connection", value: "close") }
        return headers
    }
}
