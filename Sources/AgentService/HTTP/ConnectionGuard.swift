internal import AgentAPI
internal import NIOCore

/// Keeps one connection's ``ConnectionPatience`` on its event loop: tells it what it sees, and does what it demands. It
/// sees bytes; ``ExchangeGauge`` tells it where messages begin and end.
final class ConnectionGuard: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = IOData

    /// Sent down the pipeline by whoever has written the connection's last answer: what is still on its way is read and
    /// thrown away for a while. If the socket were closed with unread bytes, the answer could be lost (RFC 9112,
    /// section 9.6).
    struct Linger: Sendable {}

    private let tick: TimeAmount
    private let ledger: ConnectionLedger
    private let start = NIODeadline.now()
    private var patience: ConnectionPatience
    private var context: ChannelHandlerContext?
    private var nextTick: Scheduled<Void>?

    init(limits: ServiceLimits, ledger: ConnectionLedger) {
        tick = TimeAmount(limits.tick)
        self.ledger = ledger
        patience = ConnectionPatience(limits)
    }

    private var now: Duration { .nanoseconds((NIODeadline.now() - start).nanoseconds) }

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

    private func scheduleLook(_ context: ChannelHandlerContext) {
        nextTick = context.eventLoop.assumeIsolated().scheduleTask(in: tick) { [self] in
            guard let context = self.context else { return }
            meet(patience.demand(at: now), context)
            if let context = self.context { scheduleLook(context) }
        }
    }

    private func meet(_ demand: ConnectionPatience.Demand, _ context: ChannelHandlerContext) {
        switch demand {
        case .nothing: break
        case .deadline: context.fireErrorCaught(HTTPProblem.deadline)
        case .close: context.close(promise: nil)
        }
    }

    // MARK: Bytes

    func read(context: ChannelHandlerContext) {
        patience.readBegan(at: now)
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard patience.isLingering else { return context.fireChannelRead(data) }
        meet(patience.threwAway(unwrapInboundIn(data).readableBytes), context)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        patience.readEnded(at: now)
        guard !patience.isLingering else { return context.read() }
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        let isWritable = context.channel.isWritable
        patience.note(isWritable: isWritable, at: now)
        ledger.note(context.channel, isStuck: !isWritable)
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent: meet(patience.stops(), context)
        case ChannelEvent.inputClosed where patience.endsWithInput:
            // Nobody listens any more, and there is no other sign of it until something is written.
            context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is Linger else { return context.triggerUserOutboundEvent(event, promise: promise) }
        patience.lingers(at: now)
        context.close(mode: .output, promise: nil)
        context.read()
        promise?.succeed()
    }

    // MARK: Messages

    func requestBegan(on channel: any Channel) {
        patience.requestBegan()
        ledger.note(channel, isServed: false)
    }

    func bodyCame(_ byteCount: Int, on channel: any Channel) {
        patience.bodyCame(byteCount)
        ledger.note(channel, byteCount: byteCount)
    }

    func requestEnded(on channel: any Channel) {
        patience.requestEnded(at: now)
        ledger.note(channel, isServed: true)
    }

    func answerBegan(isStream: Bool) {
        patience.answerBegan(isStream: isStream)
    }

    /// - Returns: whether the connection is to end now.
    func answerEnded(on channel: any Channel) -> Bool {
        let (answersAll, isLast) = patience.answerEnded(at: now)
        if answersAll {
            ledger.note(channel, isServed: false)
            ledger.noteRelease(channel)
        }
        return isLast
    }
}

@available(*, unavailable)
extension ConnectionGuard: Sendable {}
