internal import NIOCore
internal import NIOHTTP1

/// One connection, which is one request: what comes after it is not read.
///
/// There is nobody to be patient with. A browser on this machine asks at once, so everything together has some seconds.
final class VisitHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private static let patience = TimeAmount.seconds(10)

    private let visitors: Visitors
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    private var isAnswered = false
    private var end: Scheduled<Void>?

    init(_ visitors: Visitors) {
        self.visitors = visitors
    }

    /// The bounds of a request's head.
    static var limits: NIOHTTPDecoderLimitConfiguration {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = 4096
        limits.maxHeaderListSize = 16_384
        limits.maxHeaderFieldCount = 64
        return limits
    }

    func channelActive(context: ChannelHandlerContext) {
        guard visitors.admit(context.channel) else { return context.close(promise: nil) }
        let context = NIOLoopBound(context, eventLoop: context.eventLoop)
        end = context.value.eventLoop.scheduleTask(in: Self.patience) { context.value.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        end?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isAnswered else { return }
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body(let piece):
            body += piece.readableBytesView
            if body.count > Visit.maximumBodyByteCount { answer(.refuses(.size), context) }
        case .end:
            guard let head else { return answer(.refuses(.syntax), context) }
            let visit = Visit(
                "\(head.method)", head.uri, fields: head.headers.map { ($0.name, $0.value) }, body: body)
            answer(visitors.answer(to: visit), context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isAnswered, error is HTTPParserError else { return context.close(promise: nil) }
        answer(.refuses(.syntax), context)
    }

    private func answer(_ answer: Answer?, _ context: ChannelHandlerContext) {
        isAnswered = true
        guard let answer else { return context.close(promise: nil) }
        for part in answer.parts.dropLast() { context.write(wrapOutboundOut(part), promise: nil) }
        let written = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        written.futureResult.whenComplete { _ in bound.value.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }
}

@available(*, unavailable)
extension VisitHandler: Sendable {}
