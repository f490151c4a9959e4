internal import CPlatform
internal import Glibc

/// A way to end a run from outside it: from another thread, or from the terminal.
public final class Cancellation: Sendable {
    private let event: Descriptor

    public init() throws(PlatformError) {
        event = Descriptor(owning: try succeeded(cp_event(), "make an event"))
    }

    /// Readable once cancelled, and from then on.
    var number: Int32 { event.number }

    /// Ends the run that was given this. Once, or again without effect.
    public func cancel() {
        try? event.write([1, 0, 0, 0, 0, 0, 0, 0])
    }

    public var isCancelled: Bool {
        var waiting = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&waiting, 1, 0) > 0
    }

    /// Runs `body` while SIGINT, SIGTERM and SIGHUP cancel instead of ending this process.
    ///
    /// One at a time in a process: signals are the process's own.
    public func whileInterruptsCancel<Result: ~Copyable, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        _ = cp_route_interrupts(number)
        defer { _ = cp_route_interrupts(-1) }
        return try body()
    }

    /// The same while a task waits.
    public func whileInterruptsCancel<Result>(
        isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Result
    ) async rethrows -> Result {
        _ = cp_route_interrupts(number)
        defer { _ = cp_route_interrupts(-1) }
        return try await body()
    }
}
