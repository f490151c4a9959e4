internal import AgentAPI
internal import NIOCore
internal import NIOHTTP1

/// What the agent answers with, in parts. Bodies are bytes in memory.
typealias AnswerPart = HTTPPart<HTTPResponseHead, ByteBuffer>

/// Tells the guard of a connection where its messages begin and end.
final class ExchangeGauge: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = AnswerPart
    typealias OutboundOut = HTTPServerResponsePart

    private let watch: ConnectionGuard

    init(_ watch: ConnectionGuard) {
        self.watch = watch
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: watch.requestBegan(on: context.channel)
        case .body(let piece): watch.bodyCame(piece.readableBytes, on: context.channel)
        case .end: watch.requestEnded(on: context.channel)
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head):
            if head.status != .continue {
                watch.answerBegan(isStream: head.headers["Content-Type"] == [MediaType.events])
            }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body(let piece): context.write(wrapOutboundOut(.body(.byteBuffer(piece))), promise: promise)
        case .end(let trailers):
            context.write(wrapOutboundOut(.end(trailers)), promise: promise)
            guard watch.answerEnded(on: context.channel) else { return }
            context.flush()
            context.close(promise: nil)
        }
    }
}

@available(*, unavailable)
extension ExchangeGauge: Sendable {}
