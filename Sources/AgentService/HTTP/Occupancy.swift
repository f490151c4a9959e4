internal import Synchronization

/// So many of one kind of request at once, for as long as each takes. One more costs the one that has been there
/// longest, of the origin that holds the most.
final class Occupancy<Origin: Hashable & Sendable>: Sendable {
    private struct State {
        var crowd: Crowd<Int, Origin>
        var ends: [Int: @Sendable () -> Void] = [:]
        var lastNumber = 0
    }

    private let state: Mutex<State>

    init(_ count: Int) {
        state = Mutex(State(crowd: Crowd(maximumCount: count)))
    }

    /// Runs `body` in a place.
    ///
    /// - Parameter end: makes `body` end soon, when its place is another's.
    func occupy<Result>(
        from origin: Origin, endedBy end: @escaping @Sendable () -> Void, _ body: () async throws -> Result
    ) async throws -> Result {
        let (number, endOther) = state.withLock { state -> (Int, (@Sendable () -> Void)?) in
            state.lastNumber += 1
            var endOther: (@Sendable () -> Void)?
            if case .replaced(let other) = state.crowd.enter(state.lastNumber, from: origin) {
                endOther = state.ends.removeValue(forKey: other)
            }
            state.ends[state.lastNumber] = end
            return (state.lastNumber, endOther)
        }
        endOther?()
        defer {
            state.withLock { state in
                state.crowd.leave(number)
                state.ends[number] = nil
            }
        }
        return try await body()
    }
}

/// So many at once of what costs work, the others one after the other in the order in which they came.
final class Turns: Sendable {
    private struct State {
        var free: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    init(_ count: Int) {
        precondition(count > 0, "somebody must have a turn")
        state = Mutex(State(free: count))
    }

    /// Waits for a turn and runs `body` in it.
    func take<Result, Failure: Error>(_ body: () async throws(Failure) -> Result) async throws(Failure) -> Result {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.free > 0 else {
                    state.waiting.append(continuation)
                    return false
                }
                state.free -= 1
                return true
            }
            if isFree { continuation.resume() }
        }
        defer { give() }
        return try await body()
    }

    private func give() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !state.waiting.isEmpty else {
                state.free += 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}
