import Client
import NIOCore
import NIOPosix

/// Answers every request with the same bytes, whatever was asked, and closes.
struct Answering {
    let client: AgentClient
    private let channel: any Channel

    /// - Parameters:
    ///   - endless: what follows, again and again, until the client has had enough.
    ///   - isOnce: whether nothing listens any more once the first request has come.
    init(
        _ bytes: String, then endless: String = "", isOnce: Bool = false, patience: Patience = Patience()
    ) async throws {
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Answerer(bytes, endless, isOnce))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        client = AgentClient(
            try AgentAddress("http://127.0.0.1:\(channel.localAddress?.port ?? 0)"), patience: patience)
    }

    func stop() async throws { try await channel.close() }

    private final class Answerer: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let bytes: String
        private let endless: String
        private let isOnce: Bool
        private var hasAnswered = false

        init(_ bytes: String, _ endless: String, _ isOnce: Bool) {
            self.bytes = bytes
            self.endless = endless
            self.isOnce = isOnce
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard !hasAnswered else { return }
            hasAnswered = true
            if isOnce { context.channel.parent?.close(promise: nil) }
            context.write(wrapOutboundOut(ByteBuffer(string: bytes)), promise: nil)
            context.flush()
            guard endless.isEmpty else { return goOn(context) }
            context.close(mode: .output, promise: nil)
        }

        private func goOn(_ context: ChannelHandlerContext) {
            let written = context.eventLoop.makePromise(of: Void.self)
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: endless)), promise: written)
            let loop = context.eventLoop.assumeIsolated()
            // Not at once: a write that ends at once would go on inside itself, deeper each time.
            written.futureResult.assumeIsolated().whenSuccess { loop.execute { self.goOn(context) } }
        }
    }
}
