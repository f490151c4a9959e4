internal import Synchronization

/// How long one request may take in all. Without it an agent could hold a client for as long as it sends something: a
/// head without end, a body in drips.
package struct Patience: Sendable {
    /// From the end of a request until the whole head of its answer has come.
    package var head = Duration.seconds(60)
    /// For a body, that of the request or of the answer, beyond what its size allows at ``bytesPerSecond``.
    package var body = Duration.seconds(60)
    /// A quarter of the pace that an agent demands of its clients.
    package var bytesPerSecond = 4096

    /// What a client waits for.
    package init() {}

    func forBody(of byteCount: Int) -> Duration {
        body + .milliseconds(byteCount / max(1, bytesPerSecond / 1000))
    }
}

/// Until when an exchange may go on. It is moved where a stage begins, and never by what comes within one.
final class Deadline: Sendable {
    private struct State {
        var instant: ContinuousClock.Instant?
        var stage = Duration.zero
        var isAnswered = false
    }

    private let state: Mutex<State>

    init(after duration: Duration) {
        state = Mutex(State(instant: ContinuousClock.now + duration, stage: duration))
    }

    /// The request has gone.
    func requestEnded(_ duration: Duration) {
        state.withLock { state in
            guard !state.isAnswered else { return }
            state.instant = ContinuousClock.now + duration
            state.stage = duration
        }
    }

    /// The answer's head has come. Its body may take this long, or for ever.
    func answerBegan(_ duration: Duration?) {
        state.withLock { state in
            state.isAnswered = true
            state.instant = duration.map { ContinuousClock.now + $0 }
            if let duration { state.stage = duration }
        }
    }

    /// Waits until it is over.
    ///
    /// - Throws: ``ClientError/slow(seconds:)``, or that the task was cancelled.
    func watch() async throws {
        while true {
            let now = state.withLock { $0 }
            guard let instant = now.instant else {
                try await Task.sleep(for: .seconds(3600))
                continue
            }
            if instant <= ContinuousClock.now { throw ClientError.slow(seconds: Int(now.stage.components.seconds)) }
            try await Task.sleep(until: instant, clock: .continuous)
        }
    }
}
