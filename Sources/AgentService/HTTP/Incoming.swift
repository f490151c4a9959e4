internal import AgentAPI
internal import NIOCore
internal import NIOHTTP1

/// The requests of one connection, one after the other.
struct Incoming {
    typealias Parts = NIOAsyncChannelInboundStream<HTTPServerRequestPart>

    private var parts: Parts.AsyncIterator
    /// Whether a body's end is still to come.
    private(set) var isBodyOpen = false
    /// Of the body of this request, so far.
    private(set) var byteCount = 0

    init(_ parts: Parts) {
        self.parts = parts.makeAsyncIterator()
    }

    /// The next request's head, or `nil` when the peer has no more.
    mutating func head() async throws -> HTTPRequestHead? {
        precondition(!isBodyOpen, "the body before is read to its end")
        switch try await parts.next() {
        case .head(let head):
            isBodyOpen = true
            byteCount = 0
            return head
        case nil: return nil
        case .body, .end: throw HTTPProblem.syntax
        }
    }

    /// The next piece of the body, or `nil` at its end.
    mutating func piece() async throws -> ByteBuffer? {
        guard isBodyOpen else { return nil }
        switch try await parts.next() {
        case .body(let piece):
            byteCount += piece.readableBytes
            return piece
        case .end:
            isBodyOpen = false
            return nil
        case .head, nil: throw HTTPProblem.truncated
        }
    }

    /// The whole body, of at most `maximumByteCount` bytes.
    mutating func body(maximumByteCount: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let piece = try await piece() {
            guard byteCount <= maximumByteCount else { throw HTTPProblem.bodySize }
            bytes += piece.readableBytesView
        }
        return bytes
    }
}
