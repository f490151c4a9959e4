/// What a listener hears, and when.
enum EventStream {
    enum Signal: Sendable {
        case status(SessionStatus)
        case silence
    }

    /// Changes of the session, and a sign of life between them. Ends with the changes, or when `stop` is called.
    ///
    /// A session has some hundred changes in its life, and a listener that takes nothing is soon closed: what waits
    /// here stays small.
    static func signals(
        of changes: AsyncStream<SessionStatus>, every interval: Duration
    ) -> (stream: AsyncStream<Signal>, stop: @Sendable () -> Void) {
        let (stream, continuation) = AsyncStream.makeStream(of: Signal.self, bufferingPolicy: .bufferingNewest(1024))
        let task = Task {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    while !Task.isCancelled {
                        try? await Task.sleep(for: interval)
                        continuation.yield(.silence)
                    }
                }
                for await status in changes { continuation.yield(.status(status)) }
                group.cancelAll()
            }
            continuation.finish()
        }
        continuation.onTermination = { _ in task.cancel() }
        return (stream, { continuation.finish() })
    }
}
