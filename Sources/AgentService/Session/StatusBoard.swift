internal import AgentAPI
internal import Synchronization

/// The session's status, for any number of readers on any thread.
final class StatusBoard: Sendable {
    private struct State {
        var status: SessionStatus
        var listeners: [Int: AsyncStream<SessionStatus>.Continuation] = [:]
        var lastListener = 0
    }

    private let state: Mutex<State>

    init(_ status: SessionStatus) {
        state = Mutex(State(status: status))
    }

    var status: SessionStatus { state.withLock(\.status) }

    /// Shows a new status. The listeners' streams end with the session.
    func show(_ status: SessionStatus) {
        let (changed, listeners) = state.withLock { state in
            defer { state.status = status }
            return (state.status != status, Array(state.listeners.values))
        }
        guard changed else { return }
        for listener in listeners {
            listener.yield(status)
            if status.stage == .ended { listener.finish() }
        }
    }

    /// The status now, and after each change. A slow reader gets the newest.
    func changes() -> AsyncStream<SessionStatus> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { listener in
            let (number, status) = state.withLock { state in
                state.lastListener += 1
                state.listeners[state.lastListener] = listener
                // Before the lock is open, or a change would come first.
                listener.yield(state.status)
                return (state.lastListener, state.status)
            }
            listener.onTermination = { [weak self] _ in
                self?.state.withLock { state in state.listeners[number] = nil }
            }
            if status.stage == .ended { listener.finish() }
        }
    }
}
