internal import AgentAPI
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// One HTTP/1.1 request and its answer, on a connection of its own. Follows nothing, keeps nothing.
struct Exchange: Sendable {
    typealias Connection = NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>
    typealias Outbound = NIOAsyncChannelOutboundWriter<HTTPClientRequestPart>
    /// Writes a body, piece by piece.
    typealias BodyWriter = @Sendable (BodySink) async throws -> Void

    /// Longer than an agent lets a listener wait for a sign of life, and than a slow report takes.
    static let idleSeconds = 60
    private static let connectSeconds: Int64 = 10

    let address: AgentAddress
    let patience: Patience

    /// What is asked.
    struct Request: Sendable {
        let destination: Destination
        /// `nil` for no body.
        let bodyByteCount: Int?

        init(_ destination: Destination, bodyByteCount: Int? = nil) {
            self.destination = destination
            self.bodyByteCount = bodyByteCount
        }
    }

    /// Sends a request and reads its answer, if the agent granted it.
    ///
    /// An answer that comes before the whole body has gone ends the sending: agents refuse as early as they can.
    func perform<Value: Sendable>(
        _ request: Request, writing writer: BodyWriter? = nil,
        reading read: @escaping @Sendable (inout Answer) async throws -> Value
    ) async throws(ClientError) -> Value {
        let deadline = Deadline(after: patience.head + patience.forBody(of: request.bodyByteCount ?? 0))
        do {
            let connection = try await connect()
            return try await connection.executeThenClose { inbound, outbound in
                try await withThrowingTaskGroup(of: Value?.self) { group in
                    group.addTask {
                        try await send(request, writer, to: outbound)
                        deadline.requestEnded(patience.head)
                        return nil
                    }
                    group.addTask {
                        var answer = try await Answer(to: request.destination.route, inbound, patience, deadline)
                        try await answer.requireGrant()
                        return try await read(&answer)
                    }
                    group.addTask {
                        try await deadline.watch()
                        return nil
                    }
                    return try await firstAnswer(of: &group)
                }
            }
        } catch let error as ClientError {
            throw error
        } catch is IdleTimeout {
            throw .timeout(seconds: Self.idleSeconds)
        } catch {
            throw .unreachable(address)
        }
    }

    private func firstAnswer<Value>(of group: inout ThrowingTaskGroup<Value?, any Error>) async throws -> Value {
        defer { group.cancelAll() }
        while let result = await group.nextResult() {
            switch result {
            case .success(let value?): return value
            case .success(nil): continue
            // A content that cannot be read. A connection that takes no more may still hold the reason.
            case .failure(let error as ClientError): throw error
            case .failure(let error as IdleTimeout): throw error
            case .failure: continue
            }
        }
        throw ClientError.unreachable(address)
    }

    private func connect() async throws -> Connection {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.seconds(Self.connectSeconds))
            // So that the next chunks are sealed while these are on their way: 512 KiB to 2 MiB wait in memory.
            .channelOption(.writeBufferWaterMark, value: .init(low: 512 << 10, high: 2 << 20))
            .connect(host: address.host, port: address.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandlers(
                        IdleStateHandler(allTimeout: .seconds(Int64(Self.idleSeconds))), IdleCloser())
                    try pipeline.addHTTPClientHandlers()
                    return try Connection(wrappingChannelSynchronously: channel)
                }
            }
    }

    private func send(_ request: Request, _ writer: BodyWriter?, to outbound: Outbound) async throws {
        let (route, target) = (request.destination.route, request.destination.target)
        let accept = route.answerMediaType ?? MediaType.json
        var headers = HTTPHeaders([("Host", address.authority), ("Accept", accept), ("Connection", "close")])
        if let type = route.requestMediaType { headers.add(name: "Content-Type", value: type) }
        if let byteCount = request.bodyByteCount { headers.add(name: "Content-Length", value: String(byteCount)) }
        let method = HTTPMethod(rawValue: route.method.rawValue)
        let head = HTTPRequestHead(version: .http1_1, method: method, uri: target, headers: headers)
        try await outbound.write(.head(head))
        try await writer?(BodySink(outbound: outbound))
        try await outbound.write(.end(nil))
    }
}

/// Where a body goes.
struct BodySink: Sendable {
    fileprivate let outbound: Exchange.Outbound

    /// Sends pieces together. Waits while the connection takes no more.
    func write(_ pieces: [[UInt8]]) async throws {
        try await outbound.write(contentsOf: pieces.map { .body(.byteBuffer(ByteBuffer(bytes: $0))) })
    }
}

/// An answer, of which the head has come.
struct Answer {
    private let route: AgentRoute
    private let status: Int
    private let contentType: String
    /// As announced; `nil` when the body ends with the connection or comes in chunks.
    private let byteCount: Int?
    private var parts: NIOAsyncChannelInboundStream<HTTPClientResponsePart>.AsyncIterator
    private let patience: Patience
    private let deadline: Deadline

    fileprivate init(
        to route: AgentRoute, _ inbound: NIOAsyncChannelInboundStream<HTTPClientResponsePart>, _ patience: Patience,
        _ deadline: Deadline
    ) async throws {
        var parts = inbound.makeAsyncIterator()
        let first = try await Self.next(&parts)
        guard case .head(let head) = first else { throw ClientError.answer(.notHTTP) }
        self.route = route
        status = Int(head.status.code)
        contentType = head.headers.first(name: "content-type") ?? ""
        byteCount = head.headers.first(name: "content-length").flatMap { Int($0) }
        self.parts = parts
        self.patience = patience
        self.deadline = deadline
        deadline.answerBegan(patience.body)
    }

    /// Waits for a body of so many bytes for as long as a slow line takes, and for one without end for ever. Any other
    /// must be there soon.
    func expect(byteCount: Int?) {
        deadline.answerBegan(byteCount.map { patience.forBody(of: $0) })
    }

    private static func next(
        _ parts: inout NIOAsyncChannelInboundStream<HTTPClientResponsePart>.AsyncIterator
    ) async throws -> HTTPClientResponsePart? {
        do {
            return try await parts.next()
        } catch is HTTPParserError {
            throw ClientError.answer(.notHTTP)
        }
    }

    /// The next piece of the body, or `nil` at its end.
    mutating func next() async throws -> [UInt8]? {
        switch try await Self.next(&parts) {
        case .body(let piece): return Array(piece.readableBytesView)
        case .end: return nil
        case .head: throw ClientError.answer(.notHTTP)
        case nil: throw ClientError.answer(.cut)
        }
    }

    /// The whole body, if it has no more than its route allows.
    mutating func body() async throws -> [UInt8] {
        try await body(upTo: route.maximumAnswerByteCount ?? 0)
    }

    /// The whole body as a session's status.
    mutating func status() async throws -> AgentStatus {
        guard let status = AgentStatus(decoding: try await body()) else { throw ClientError.answer(.form) }
        return status
    }

    private mutating func body(upTo maximumByteCount: Int) async throws -> [UInt8] {
        guard (byteCount ?? 0) <= maximumByteCount else { throw ClientError.answer(.tooLarge) }
        var bytes: [UInt8] = []
        while let piece = try await next() {
            guard piece.count <= maximumByteCount - bytes.count else { throw ClientError.answer(.tooLarge) }
            bytes += piece
        }
        return bytes
    }

    /// Passes an answer of the status and type that grant the request, and throws the agent's own reason for any other.
    fileprivate mutating func requireGrant() async throws {
        let media = contentType.split(separator: ";", maxSplits: 1).first.map(String.init) ?? ""
        let isOfType = route.answerMediaType.map { $0 == media } ?? true
        if status == route.grantedStatus, isOfType { return }
        if 300..<400 ~= status { throw ClientError.answer(.redirected) }
        guard media == MediaType.problem else { throw ClientError.answer(.status(status)) }
        let bytes = try await body(upTo: AgentProblem.maximumByteCount)
        guard let problem = AgentProblem(decoding: bytes, status: status) else { throw ClientError.answer(.form) }
        throw ClientError.refused(problem)
    }
}

/// Nothing moved for too long.
private struct IdleTimeout: Error {}

/// Ends a connection on which nothing moves.
private final class IdleCloser: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is IdleStateHandler.IdleStateEvent else { return context.fireUserInboundEventTriggered(event) }
        context.fireErrorCaught(IdleTimeout())
        context.close(promise: nil)
    }
}
