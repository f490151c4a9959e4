internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Platform

/// Shows the pages of a folder to one's own browser, on 127.0.0.1.
///
/// It knows no key and no session, and asks nobody for anything. Whoever fills the folder also ends this program.
package enum MonitorServer {
    /// Serves until the process ends.
    ///
    /// - Parameters:
    ///   - path: a folder that is its owner's alone. The file that opens a browser is written there.
    ///   - announce: told once it listens, with the address below which everything lies.
    package static func serve(_ path: String, announce: @Sendable (String) throws -> Void) async throws {
        let visitors = try Visitors(path)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 64)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.configureHTTPServerPipeline(
                        withPipeliningAssistance: false, withErrorHandling: false, withOutboundHeaderValidation: true,
                        withEncoderConfiguration: .init(), withDecoderLimitConfiguration: VisitHandler.limits)
                    try pipeline.addHandler(VisitHandler(visitors))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        try announce(try visitors.open(at: channel.localAddress?.port ?? 0))
        try await channel.closeFuture.get()
    }
}
