import AgentAPI
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Primitives

/// What the agent reads from a connection, by the server's own decoder and its own rules.
extension Target {
    static let http = [
        Target("http", seeds: { httpSeeds }) { bytes in
            let whole = Requests(bytes, step: bytes.count + 1)
            for step in [1, 7] { claim(Requests(bytes, step: step) == whole, "pieces say what the whole says") }
            for request in whole.accepted {
                claim(request.declared.map { request.body.count <= $0 } ?? true, "a body is no longer than declared")
                claim(!request.isWhole || request.declared.map { request.body.count == $0 } ?? true, "nor shorter")
                claim(request.destination.target == request.target, "each thing has one spelling")
            }
        }
    ]

    private static let httpSeeds: [[UInt8]] = {
        let token = String(repeating: "5a", count: 32)
        let host = "Host: a.example:8080\r\n"
        let sealed = host + "Content-Type: application/vnd.2cvm.sealed\r\n"
        let status = "GET /v1/status HTTP/1.1\r\n\(host)\r\n"
        let submission = "POST /v1/submissions HTTP/1.1\r\n\(sealed)Transfer-Encoding: chunked\r\n\r\n"
        let lock = "PUT /v1/manifest HTTP/1.1\r\n\(sealed)Content-Length: 5\r\nExpect: 100-continue\r\n\r\nabcde"
        return [
            status, lock, status + lock + status,
            "GET /v1/evidence?nonce=\(token) HTTP/1.1\r\n\(host)Connection: close\r\n\r\n",
            "GET /v1/outputs/\(token) HTTP/1.1\r\n\(host)Content-Length: 0\r\n\r\n",
            "\(submission)3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nA: b\r\n\r\n\(status)",
            "PUT /v1/endorsements HTTP/1.1\r\n\(host)Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
        ].map { Array($0.utf8) }
    }()
}

/// The requests of one connection whose heads are accepted, until something is refused.
struct Requests: Equatable {
    struct Accepted: Equatable {
        let method: String
        let target: String
        let destination: Destination
        let declared: Int?
        var body: [UInt8] = []
        var isWhole = false
    }

    private(set) var accepted: [Accepted] = []
    private(set) var isRefused = false

    /// Reads bytes as they come, `step` at once.
    init(_ bytes: [UInt8], step: Int) {
        let channel = EmbeddedChannel()
        made("a pipeline") { try channel.pipeline.syncOperations.addRequestDecoding(ServiceLimits()) }
        for start in stride(from: 0, to: bytes.count, by: step) where !isRefused {
            let piece = ByteBuffer(bytes: bytes[start..<min(start + step, bytes.count)])
            let isRead = decoded { try channel.writeInbound(piece) } != nil
            while !isRefused, let part = decoded({ try channel.readInbound(as: HTTPServerRequestPart.self) }) ?? nil {
                read(part)
            }
            isRefused = isRefused || !isRead
        }
        _ = decoded { try channel.finish(acceptAlreadyClosed: true) }
    }

    private mutating func read(_ part: HTTPServerRequestPart) {
        switch part {
        case .head(let head):
            guard let request = decoded({ try AcceptedRequest(head) }) else { return isRefused = true }
            accepted.append(
                Accepted(
                    method: head.method.rawValue, target: head.uri, destination: request.destination,
                    declared: request.contentLength))
        case .body(let piece): accepted[accepted.count - 1].body += piece.readableBytesView
        case .end: accepted[accepted.count - 1].isWhole = true
        }
    }
}
