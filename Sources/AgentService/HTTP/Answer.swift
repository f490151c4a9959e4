internal import NIOCore
internal import NIOHTTP1
internal import Primitives

/// A whole answer, in memory.
struct Answer: Sendable {
    var status: HTTPResponseStatus
    var mediaType: String?
    var pieces: [ByteBuffer]
    var allow: HTTPMethod?
    var retryAfterSeconds: Int?

    init(_ status: HTTPResponseStatus, _ mediaType: String? = nil, _ pieces: [ByteBuffer] = []) {
        self.status = status
        self.mediaType = mediaType
        self.pieces = pieces
    }

    init(_ status: HTTPResponseStatus, _ json: JSONValue) {
        self.init(status, "application/json", [ByteBuffer(bytes: json.canonicalBytes + [0x0A])])
    }

    init(_ problem: Problem) {
        self.init(
            HTTPResponseStatus(statusCode: problem.status), Problem.mediaType, [ByteBuffer(bytes: problem.body)])
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
