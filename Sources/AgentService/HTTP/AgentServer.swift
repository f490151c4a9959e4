internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import ServiceLifecycle
internal import Synchronization
internal import UnixSignals

/// The agent's HTTP server: from listening to the session's end.
package struct AgentServer: Sendable {
    /// Where to listen: a name or an address, and a port, 0 for any that is free.
    package struct Address: Equatable, Sendable {
        package let host: String
        package let port: Int

        /// Joins the two.
        package init(host: String, port: Int) {
            self.host = host
            self.port = port
        }
    }

    private let service: HTTPService
    private let group: ServiceGroup
    private let endsWithSession: Bool

    /// Prepares a server.
    ///
    /// - Parameters:
    ///   - isStoppedBySignals: whether SIGTERM and SIGINT stop it, for a program that does nothing else.
    ///   - endsWithSession: whether the session's end stops it.
    ///   - announce: called once it listens, with the port.
    package init(
        _ host: SessionHost, evidence: EvidenceBatcher, at address: Address, limits: ServiceLimits = ServiceLimits(),
        log: ServiceLog, isStoppedBySignals: Bool = false, endsWithSession: Bool = false,
        announce: @escaping @Sendable (Int) -> Void
    ) {
        service = HTTPService(host: host, evidence: evidence, limits: limits, log: log)
        // The framework's own words could carry a peer's.
        let silence = Logger(label: "2cvm-agent") { _ in SwiftLogNoOpLogHandler() }
        let server = ServedConnection(service: service).server(
            configuration: ServerConfiguration(
                address: .hostname(address.host, port: address.port), backlog: 1024),
            onServerRunning: { channel in announce(channel.localAddress?.port ?? address.port) },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: silence)
        var configuration = ServiceGroupConfiguration(
            services: [.init(service: server)],
            gracefulShutdownSignals: isStoppedBySignals ? [.sigterm, .sigint] : [], logger: silence)
        configuration.maximumGracefulShutdownDuration = limits.stopPatience
        group = ServiceGroup(configuration: configuration)
        self.endsWithSession = endsWithSession
    }

    /// Serves until it is asked to stop. Then the session is ended and erased.
    ///
    /// - Throws: when it cannot listen at its address.
    package func run() async throws {
        let timers = Task { [host = service.host, group, endsWithSession] in
            await host.runTimers()
            if endsWithSession { await group.triggerGracefulShutdown() }
        }
        defer { timers.cancel() }
        let result: Result<Void, any Error>
        do {
            result = .success(try await group.run())
        } catch {
            result = .failure(error)
        }
        await service.host.end()
        await service.evidence.close()
        switch result {
        // Requests that had to be broken off are no failure of stopping.
        case .success, .failure(is CancellationError): return
        case .failure(let error): throw error
        }
    }

    /// Stops accepting, lets requests end for a while, and ends ``run()``.
    package func stop() async {
        await group.triggerGracefulShutdown()
    }
}
