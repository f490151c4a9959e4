internal import AgentAPI
internal import NIOCore

/// One connection's patience, kept on its event loop: for a request's head, for its body's pace, for the answer, for a
/// peer that does not read. It sees bytes; ``ExchangeGauge`` tells it where messages begin and end.
final class ConnectionGuard: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = IOData

    /// Sent down the pipeline by whoever has written the connection's last answer: what is still on its way is read and
    /// thrown away for a while. If the socket were closed with unread bytes, the answer could be lost (RFC 9112,
    /// section 9.6).
    struct Linger: Sendable {}

    private let limits: ServiceLimits
    private let ledger: ConnectionLedger
    private var context: ChannelHandlerContext?
    private var nextTick: Scheduled<Void>?

    /// Since when bytes could come. `nil` while the agent itself does not read.
    private var readingSince: NIODeadline?
    private var unwritableSince: NIODeadline?
    private var idleSince = NIODeadline.now()
    private var askedAt = NIODeadline.now()
    /// Whether a request's body is still to come, and its pace.
    private var receiving: Pace?
    private var lateSince: NIODeadline?
    /// Requests that have begun, less answers that have ended.
    private var openCount = 0
    private var isAnswering = false
    private var isStreaming = false
    private var isStopping = false
    private var lingering: (since: NIODeadline, byteCount: Int)?

    init(limits: ServiceLimits, ledger: ConnectionLedger) {
        self.limits = limits
        self.ledger = ledger
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        scheduleLook(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        nextTick?.cancel()
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        guard ledger.admit(context.channel) else { return context.close(promise: nil) }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        nextTick?.cancel()
        self.context = nil
        context.fireChannelInactive()
    }

    // MARK: Bytes

    func read(context: ChannelHandlerContext) {
        readingSince = readingSince ?? .now()
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let lingering else { return context.fireChannelRead(data) }
        let byteCount = lingering.byteCount + unwrapInboundIn(data).readableBytes
        self.lingering = (lingering.since, byteCount)
        if byteCount > limits.lingerBytes { context.close(promise: nil) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if let readingSince { receiving?.waited(duration(since: readingSince)) }
        readingSince = nil
        guard lingering == nil else { return context.read() }
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        unwritableSince = context.channel.isWritable ? nil : .now()
        ledger.note(context.channel, isStuck: unwritableSince != nil)
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent:
            isStopping = true
            if openCount == 0, receiving == nil, lingering == nil { context.close(promise: nil) }
        case ChannelEvent.inputClosed where isStreaming || lingering != nil:
            // Nobody listens any more, and there is no other sign of it until something is written.
            context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is Linger else { return context.triggerUserOutboundEvent(event, promise: promise) }
        lingering = (.now(), 0)
        context.close(mode: .output, promise: nil)
        context.read()
        promise?.succeed()
    }

    // MARK: Messages

    func requestBegan(on channel: any Channel) {
        openCount += 1
        receiving = Pace(patience: limits.bodyPatience, bytesPerSecond: limits.bodyBytesPerSecond)
        ledger.note(channel, isServed: false)
    }

    func bodyCame(_ byteCount: Int, on channel: any Channel) {
        receiving?.took(byteCount)
        ledger.note(channel, byteCount: byteCount)
    }

    func requestEnded(on channel: any Channel) {
        receiving = nil
        askedAt = .now()
        ledger.note(channel, isServed: true)
    }

    func answerBegan(isStream: Bool) {
        isAnswering = true
        isStreaming = isStream
    }

    /// - Returns: whether the connection is to end now.
    func answerEnded(on channel: any Channel) -> Bool {
        openCount -= 1
        isAnswering = false
        isStreaming = false
        idleSince = .now()
        askedAt = .now()
        if openCount == 0 {
            ledger.note(channel, isServed: false)
            ledger.noteRelease(channel)
        }
        return isStopping && openCount == 0 && receiving == nil
    }

    // MARK: Time

    private func scheduleLook(_ context: ChannelHandlerContext) {
        nextTick = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(limits.tick)) { [self] in
            look()
            if let context = self.context { scheduleLook(context) }
        }
    }

    private func look() {
        guard let context else { return }
        if let lingering {
            if duration(since: lingering.since) > limits.lingerPatience { context.close(promise: nil) }
            return
        }
        if let unwritableSince, duration(since: unwritableSince) > limits.writePatience {
            return context.close(promise: nil)
        }
        if let receiving {
            guard receiving.isLost(waitingFor: readingSince.map(duration) ?? .zero) else { return }
            // First it is answered; it is closed where even that took too long.
            if let lateSince {
                if duration(since: lateSince) > limits.lingerPatience { context.close(promise: nil) }
                return
            }
            lateSince = .now()
            context.fireErrorCaught(HTTPProblem.deadline)
        } else if openCount == 0 {
            if duration(since: idleSince) > limits.headPatience { context.close(promise: nil) }
        } else if !isAnswering, duration(since: askedAt) > limits.answerPatience {
            context.close(promise: nil)
        }
    }

    private func duration(since start: NIODeadline) -> Duration {
        .nanoseconds((NIODeadline.now() - start).nanoseconds)
    }
}

@available(*, unavailable)
extension ConnectionGuard: Sendable {}
