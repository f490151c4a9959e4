internal import NIOCore
internal import NIOHTTP1

/// What the agent answers with, in parts. Bodies are bytes in memory.
typealias AnswerPart = HTTPPart<HTTPResponseHead, ByteBuffer>

/// Tells the guard of a connection where its messages begin and end, and makes room where large bodies come.
final class ExchangeGauge: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = AnswerPart
    typealias OutboundOut = HTTPServerResponsePart

    /// Reads of this size make uploads twice as fast as the usual ones. An idle connection would hold it in vain.
    private static let uploadReadByteCount = 256 * 1024

    private let watch: ConnectionGuard
    private var hasLargeReads = false

    init(_ watch: ConnectionGuard) {
        self.watch = watch
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            watch.requestBegan(on: context.channel)
            if head.method == .POST, head.uri == Route.submissions.rawValue { setLargeReads(true, context) }
        case .body(let piece): watch.bodyCame(piece.readableBytes)
        case .end:
            watch.requestEnded()
            setLargeReads(false, context)
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head):
            if head.status != .continue {
                watch.answerBegan(isStream: head.headers["Content-Type"] == [EventStream.mediaType])
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

    private func setLargeReads(_ isOn: Bool, _ context: ChannelHandlerContext) {
        guard isOn != hasLargeReads, let options = context.channel.syncOptions else { return }
        hasLargeReads = isOn
        let allocator: any RecvByteBufferAllocator =
            isOn
            ? FixedSizeRecvByteBufferAllocator(capacity: Self.uploadReadByteCount) : AdaptiveRecvByteBufferAllocator()
        // Both are hints: without them uploads are slower, and nothing else.
        try? options.setOption(.recvAllocator, value: allocator)
        try? options.setOption(.maxMessagesPerRead, value: UInt(isOn ? 1 : 4))
    }
}

@available(*, unavailable)
extension ExchangeGauge: Sendable {}
