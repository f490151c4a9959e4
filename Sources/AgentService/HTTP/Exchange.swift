internal import AgentAPI
internal import Evidence
internal import Keys
internal import Lifecycle
internal import NIOCore
internal import NIOHTTP1
internal import Platform
internal import Primitives
internal import ServiceLifecycle

/// One request and its answer.
struct Exchange {
    typealias Outbound = NIOAsyncChannelOutboundWriter<AnswerPart>

    let service: HTTPService
    let channel: any Channel
    let outbound: Outbound

    private static let outputsPieceByteCount = 128 * 1024

    /// Serves one request, whatever it is.
    ///
    /// - Returns: whether the connection can take another.
    /// - Throws: when the peer is gone.
    func serve(_ head: HTTPRequestHead, _ incoming: inout Incoming) async throws -> Bool {
        var entry = LogEntry(head)
        let answer: Answer?
        var keepsAlive = false
        var hasBody = true
        do {
            let request = try AcceptedRequest(head)
            if let maximum = request.destination.route.maximumBodyByteCount, let length = request.contentLength {
                guard length <= maximum else { throw HTTPProblem.bodySize }
            }
            entry.route = request.destination.route
            keepsAlive = request.keepsAlive
            hasBody = request.destination.route.requestMediaType != nil
            answer = try await self.answer(request, &incoming, &entry)
        } catch {
            answer = refusal(of: error, head)
            entry.code = problem(of: error).code
            entry.isRefused = true
        }
        if !hasBody {
            _ = try await incoming.piece()
        } else if incoming.isBodyOpen {
            // What is left of a body that nobody wanted is not read for the sake of another request.
            keepsAlive = false
        }
        if let answer {
            try await send(answer, to: head.method, keepsAlive: keepsAlive)
            entry.status = Int(answer.status.code)
            entry.sentByteCount = answer.byteCount
        } else {
            keepsAlive = false
        }
        entry.receivedByteCount = incoming.byteCount
        service.log.note(entry)
        return keepsAlive
    }

    /// Answers what is not even a request.
    func refuse(_ error: any Error) async throws {
        try await send(Answer(problem(of: error)), to: .GET, keepsAlive: false)
    }

    private func refusal(of error: any Error, _ head: HTTPRequestHead) -> Answer {
        var answer = Answer(problem(of: error))
        if case HTTPProblem.method = error, let destination = try? Destination(target: head.uri) {
            answer.allow = destination.route.method
        }
        return answer
    }

    private func send(_ answer: Answer, to method: HTTPMethod, keepsAlive: Bool) async throws {
        var parts: [AnswerPart] = [.head(answer.head(keepsAlive: keepsAlive))]
        if method != .HEAD { parts += answer.pieces.map { .body($0) } }
        parts.append(.end(nil))
        try await outbound.write(contentsOf: parts)
    }
}

// What each path does.
extension Exchange {
    /// - Returns: `nil` where the answer has been written.
    private func answer(
        _ request: AcceptedRequest, _ incoming: inout Incoming, _ entry: inout LogEntry
    ) async throws -> Answer? {
        let (host, route) = (service.host, request.destination.route)
        switch route {
        case .status: return answer(to: route, host.status)
        case .description: return Answer(to: route, [service.description])
        case .evidence: return try await evidence(request.destination)
        case .events:
            try await sendEvents(&entry)
            return nil
        case .reviews, .outputs:
            try await sendSealed(request.destination, &entry)
            return nil
        case .manifest:
            try await host.require(stageFor: .lock)
            return try await answer(to: route, host.lock(body(of: request, &incoming)))
        case .peers:
            try await introduce(request, &incoming)
            return Answer(to: route)
        case .deliveries:
            let list = DeliveryList(try await host.deliveries)
            return Answer(to: route, [ByteBuffer(bytes: list.encoded)])
        case .withdrawals:
            try await host.require(stageFor: .withdrawal)
            return try await answer(to: route, host.withdraw(body(of: request, &incoming)))
        case .answers:
            try await host.require(stageFor: .answer)
            return try await answer(to: route, host.answer(body(of: request, &incoming)))
        case .acknowledgements:
            try await host.require(stageFor: .acknowledgement)
            return try await answer(to: route, host.acknowledge(body(of: request, &incoming)))
        case .submissions:
            try await host.require(stageFor: .submission)
            return try await answer(to: route, submit(request, &incoming))
        case .endorsements:
            let upload = try await Endorsements(upload: body(of: request, &incoming))
            try await service.endorsements.take { try await service.evidence.install(upload) }
            return Answer(to: route)
        }
    }

    private func answer(to route: AgentRoute, _ status: SessionStatus) -> Answer {
        Answer(to: route, status.at(service.host.clock()))
    }

    /// Lets the connection go for no other one: it holds a place that is bounded by itself.
    private func keepingConnection<Result>(_ body: () async throws -> Result) async throws -> Result {
        service.ledger.note(channel, isKept: true)
        defer { service.ledger.note(channel, isKept: false) }
        return try await body()
    }

    private func evidence(_ destination: Destination) async throws -> Answer {
        guard let nonce = destination.argument else { throw HTTPProblem.nonce }
        // The nonce of the lock: its evidence stays what it was, and receipts name it.
        if nonce.isZero, let bundle = await service.host.lockEvidence {
            return Answer(to: .evidence, [ByteBuffer(bytes: bundle)])
        }
        let answer = try await service.evidence.answer(to: nonce, boundTo: service.host.status.bound)
        return Answer(to: .evidence, answer.pieces)
    }

    private func introduce(_ request: AcceptedRequest, _ incoming: inout Incoming) async throws {
        guard let bound = request.destination.argument else { throw HTTPProblem.path }
        try await service.host.require(stageFor: .introduction)
        let bytes = try await body(of: request, &incoming)
        guard let bundle = try? EvidenceBundle(decoding: bytes) else { throw AgentError.peerRefused }
        try await service.host.introduce(bundle, boundTo: BoundDigest(bound))
    }

    private func sendEvents(_ entry: inout LogEntry) async throws {
        let (signals, stop) = EventStream.signals(
            of: service.host.statusChanges(), every: service.limits.commentInterval)
        let network = PeerNetwork(channel.remoteAddress?.ipAddress)
        try await service.listeners.occupy(from: network, endedBy: stop) {
            try await keepingConnection { try await send(signals, &entry) }
        }
    }

    private func send(_ signals: AsyncStream<EventStream.Signal>, _ entry: inout LogEntry) async throws {
        let headers = Answer.headers(mediaType: AgentRoute.events.answerMediaType, keepsAlive: false)
        entry.status = 200
        try await outbound.write(.head(HTTPResponseHead(version: .http1_1, status: .ok, headers: headers)))
        for await signal in signals.cancelOnGracefulShutdown() {
            switch signal {
            case .status(let status):
                let event = StatusEvents.event(status.at(service.host.clock()))
                try await outbound.write(.body(ByteBuffer(bytes: event)))
            case .silence: try await outbound.write(.body(ByteBuffer(bytes: StatusEvents.comment)))
            }
        }
        try await outbound.write(.end(nil))
    }

    private func sendSealed(_ destination: Destination, _ entry: inout LogEntry) async throws {
        guard let token = destination.argument else { throw HTTPProblem.path }
        let (host, isReview) = (service.host, destination.route == .reviews)
        let outputs = try await isReview ? host.review(token) : host.outputs(token)
        let channel = channel
        try await service.downloads.occupy(from: token, endedBy: { channel.close(promise: nil) }) {
            try await keepingConnection { try await send(outputs, &entry) }
        }
    }

    private func send(_ outputs: SealedOutputs, _ entry: inout LogEntry) async throws {
        var headers = Answer.headers(mediaType: AgentRoute.outputs.answerMediaType, keepsAlive: false)
        headers.add(name: "Content-Length", value: String(outputs.byteCount))
        entry.status = 200
        try await outbound.write(.head(HTTPResponseHead(version: .http1_1, status: .ok, headers: headers)))
        var offset = 0
        while offset < outputs.byteCount {
            let piece = try outputs.file.read(
                upTo: min(Self.outputsPieceByteCount, outputs.byteCount - offset), at: offset)
            // Shorter than announced: the connection ends, and the peer sees that something is missing.
            guard !piece.isEmpty else { throw ChannelError.eof }
            try await outbound.write(.body(ByteBuffer(bytes: piece)))
            offset += piece.count
        }
        entry.sentByteCount = offset
        try await outbound.write(.end(nil))
    }

    private func body(of request: AcceptedRequest, _ incoming: inout Incoming) async throws -> [UInt8] {
        try await invite(request)
        return try await incoming.body(maximumByteCount: request.destination.route.maximumBodyByteCount ?? 0)
    }

    private func submit(_ request: AcceptedRequest, _ incoming: inout Incoming) async throws -> SessionStatus {
        try await invite(request)
        let wanted = SessionHost.prologueByteCount
        var prologue: [UInt8] = []
        var rest = ByteBuffer()
        while prologue.count < wanted, var piece = try await incoming.piece() {
            prologue += piece.readBytes(length: min(wanted - prologue.count, piece.readableBytes)) ?? []
            rest = piece
        }
        guard prologue.count == wanted else { throw AgentError.incomplete }
        let channel = channel
        let submission = try await service.host.beginSubmission(prologue) { channel.pipeline.fireErrorCaught($0) }
        if let length = request.contentLength {
            guard length == wanted + submission.remainingByteCount else { throw HTTPProblem.bodyLength }
        }
        return try await keepingConnection {
            if rest.readableBytes > 0 { try await submission.append(rest.readableBytesView) }
            while let piece = try await incoming.piece() { try await submission.append(piece.readableBytesView) }
            return try await submission.finish()
        }
    }

    /// A peer that asks before it sends a body is told to go on, now that its head is known to be in order.
    private func invite(_ request: AcceptedRequest) async throws {
        guard request.expectsContinue else { return }
        try await outbound.write(.head(HTTPResponseHead(version: .http1_1, status: .continue)))
    }
}

/// What is answered to an error. What has no words of its own says nothing.
func problem(of error: any Error) -> AgentProblem {
    switch error {
    case let error as HTTPProblem: AgentProblem(error)
    case let error as EvidenceRefusal: AgentProblem(error)
    case let error as AgentError: AgentProblem(error)
    case HTTPParserError.headerOverflow: AgentProblem(HTTPProblem.headers)
    case HTTPParserError.invalidMethod: AgentProblem(HTTPProblem.unknownMethod)
    case HTTPParserError.invalidVersion: AgentProblem(HTTPProblem.version)
    case HTTPParserError.invalidEOFState: AgentProblem(HTTPProblem.truncated)
    case HTTPParserError.invalidContentLength, HTTPParserError.unexpectedContentLength,
        HTTPParserError.invalidChunkSize:
        AgentProblem(HTTPProblem.framing)
    case is HTTPParserError: AgentProblem(HTTPProblem.syntax)
    default: AgentProblem(HTTPProblem.failure)
    }
}
