internal import AgentAPI
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import Primitives

/// What all connections share.
final class HTTPService: Sendable {
    let host: SessionHost
    let evidence: EvidenceBatcher
    let limits: ServiceLimits
    let log: ServiceLog
    let ledger: ConnectionLedger
    let listeners: Occupancy<PeerNetwork>
    /// By what is fetched: who knows the token of one participant's outputs keeps nobody from others.
    let downloads: Occupancy<SHA256Digest>
    /// Each costs a report.
    let endorsements = Turns(1)
    /// The OpenAPI document.
    let description: ByteBuffer

    init(host: SessionHost, evidence: EvidenceBatcher, limits: ServiceLimits, log: ServiceLog) {
        self.host = host
        self.evidence = evidence
        self.limits = limits
        self.log = log
        ledger = ConnectionLedger(maximumCount: limits.connections, maximumByteCount: limits.unprovenBytes)
        listeners = Occupancy(limits.listeners)
        downloads = Occupancy(limits.downloads)
        description = ByteBuffer(bytes: ServiceDescription.bytes)
    }
}

/// A connection as Hummingbird's server sets it up and serves it.
///
/// The requests' heads are read as they were sent: the framework's own types drop header fields that they do not
/// understand, and what is dropped cannot be refused.
struct ServedConnection: ServerChildChannel {
    typealias Value = NIOAsyncChannel<HTTPServerRequestPart, AnswerPart>

    let service: HTTPService

    /// Builds a connection's pipeline.
    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let (service, limits) = (service, service.limits)
        channel.closeFuture.whenComplete { _ in service.ledger.forget(channel) }
        return channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            let watch = ConnectionGuard(limits: limits, ledger: service.ledger)
            try pipeline.addHandler(watch)
            try pipeline.addRequestDecoding(limits)
            try pipeline.addHandler(ExchangeGauge(watch))
            return try NIOAsyncChannel(
                wrappingChannelSynchronously: channel,
                configuration: .init(
                    backPressureStrategy: .init(lowWatermark: 2, highWatermark: 4), isOutboundHalfClosureEnabled: true))
        }
    }

    /// Serves a connection until one end has had enough.
    func handle(value: Value, logger: Logger) async {
        await withTaskCancellationHandler {
            // Whatever ends a connection ends nothing else.
            try? await value.executeThenClose { parts, outbound in
                let exchange = Exchange(service: service, channel: value.channel, outbound: outbound)
                var incoming = Incoming(parts)
                do {
                    while let head = try await incoming.head() {
                        guard try await exchange.serve(head, &incoming) else { break }
                    }
                } catch let error where error is HTTPParserError || error is HTTPProblem {
                    try await exchange.refuse(error)
                }
                outbound.finish()
                try await value.channel.triggerUserOutboundEvent(ConnectionGuard.Linger()).get()
                try await value.channel.closeFuture.get()
            }
        } onCancel: {
            value.channel.close(promise: nil)
        }
    }
}
