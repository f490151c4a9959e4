internal import NIOCore
internal import Synchronization

/// All open connections, so that there are never too many, and strangers who only hold theirs open keep nobody out.
final class ConnectionLedger: Sendable {
    private let maximumCount: Int
    private let entries = Mutex<[ObjectIdentifier: Entry]>([:])

    private struct Entry {
        let channel: any Channel
        /// `nil` while a request is served.
        var idleSince: NIODeadline?
    }

    init(maximumCount: Int) {
        self.maximumCount = maximumCount
    }

    /// Notes a new connection. When there are too many, the one that has been idle for the longest time is closed.
    ///
    /// - Returns: whether there is room. Without an idle connection there is none.
    func admit(_ channel: any Channel) -> Bool {
        let (isAdmitted, evicted) = entries.withLock { entries -> (Bool, (any Channel)?) in
            var evicted: (any Channel)?
            if entries.count >= maximumCount {
                let idle = entries.compactMap { key, entry in entry.idleSince.map { (key, $0) } }
                guard let oldest = idle.min(by: { $0.1 < $1.1 }) else { return (false, nil) }
                evicted = entries.removeValue(forKey: oldest.0)?.channel
            }
            entries[ObjectIdentifier(channel)] = Entry(channel: channel, idleSince: .now())
            return (true, evicted)
        }
        evicted?.close(promise: nil)
        return isAdmitted
    }

    /// Notes that a request begins, or that the connection waits for the next one.
    func note(_ channel: any Channel, isIdle: Bool) {
        entries.withLock { $0[ObjectIdentifier(channel)]?.idleSince = isIdle ? .now() : nil }
    }

    /// Notes that a connection is closed.
    func forget(_ channel: any Channel) {
        _ = entries.withLock { $0.removeValue(forKey: ObjectIdentifier(channel)) }
    }

    var count: Int { entries.withLock { $0.count } }
}

/// So many of one kind of request at once.
final class Places: Sendable {
    private let free: Mutex<Int>

    init(_ count: Int) {
        free = Mutex(count)
    }

    /// Runs `body` in a free place.
    ///
    /// - Throws: ``HTTPProblem/busy`` when there is none, and what `body` throws.
    func occupy<Result>(_ body: () async throws -> Result) async throws -> Result {
        let isFree = free.withLock { free in
            guard free > 0 else { return false }
            free -= 1
            return true
        }
        guard isFree else { throw HTTPProblem.busy }
        defer { free.withLock { $0 += 1 } }
        return try await body()
    }
}
