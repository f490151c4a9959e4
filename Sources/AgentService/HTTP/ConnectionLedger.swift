internal import NIOCore
internal import Synchronization

/// All open connections, so that there are never too many, and strangers who only hold theirs open keep nobody out.
///
/// A connection may go for another one as long as it has shown nothing: while it asks for nothing, while its request is
/// on its way, and while it does not take its answer. It stays while it is answered, and while it holds a place that is
/// bounded by itself: a submission whose signature held, a download, a listener.
final class ConnectionLedger: Sendable {
    private struct Entry {
        let channel: any Channel
        /// Whether a whole request waits for its answer.
        var isServed = false
        var isStuck = false
        var isKept = false

        var mayGo: Bool { !isKept && (!isServed || isStuck) }
    }

    private struct State {
        var crowd: Crowd<ObjectIdentifier, PeerNetwork>
        var entries: [ObjectIdentifier: Entry] = [:]

        mutating func change(_ channel: any Channel, _ body: (inout Entry) -> Void) {
            let key = ObjectIdentifier(channel)
            guard var entry = entries[key] else { return }
            body(&entry)
            entries[key] = entry
            crowd.set(key, mayGo: entry.mayGo)
        }
    }

    private let state: Mutex<State>

    /// - Parameter maximumByteCount: of bodies that nobody has vouched for yet.
    init(maximumCount: Int, maximumByteCount: Int) {
        state = Mutex(State(crowd: Crowd(maximumCount: maximumCount, maximumByteCount: maximumByteCount)))
    }

    /// Notes a new connection. When there are too many, one that may go is closed.
    ///
    /// - Returns: whether there is room.
    func admit(_ channel: any Channel) -> Bool {
        let key = ObjectIdentifier(channel)
        let network = PeerNetwork(channel.remoteAddress?.ipAddress)
        let (isAdmitted, gone) = state.withLock { state -> (Bool, (any Channel)?) in
            var gone: (any Channel)?
            switch state.crowd.enter(key, from: network) {
            case .refused: return (false, nil)
            case .replaced(let victim): gone = state.entries.removeValue(forKey: victim)?.channel
            case .admitted: break
            }
            state.entries[key] = Entry(channel: channel)
            return (true, gone)
        }
        gone?.close(promise: nil)
        return isAdmitted
    }

    /// Notes that a whole request waits for its answer, or that the next one is waited for.
    func note(_ channel: any Channel, isServed: Bool) {
        state.withLock { state in
            state.change(channel) { $0.isServed = isServed }
        }
    }

    /// Notes whether the peer takes nothing of its answer.
    func note(_ channel: any Channel, isStuck: Bool) {
        state.withLock { state in
            state.change(channel) { $0.isStuck = isStuck }
        }
    }

    /// Notes bytes of a body that nobody has vouched for. Where all such bytes are too many, some connections are
    /// closed, this one perhaps.
    func note(_ channel: any Channel, byteCount: Int) {
        let gone = state.withLock { state -> [any Channel] in
            let key = ObjectIdentifier(channel)
            guard state.entries[key]?.isKept == false else { return [] }
            return state.crowd.hold(byteCount, by: key).compactMap { state.entries.removeValue(forKey: $0)?.channel }
        }
        for channel in gone { channel.close(promise: nil) }
    }

    /// Notes that a body is no longer held.
    func noteRelease(_ channel: any Channel) {
        state.withLock { $0.crowd.release(ObjectIdentifier(channel)) }
    }

    /// Keeps a connection that holds a place of its own, until the place is given back.
    func note(_ channel: any Channel, isKept: Bool) {
        state.withLock { state in
            state.change(channel) { $0.isKept = isKept }
            state.crowd.release(ObjectIdentifier(channel))
        }
    }

    /// Notes that a connection is closed.
    func forget(_ channel: any Channel) {
        state.withLock { state in
            state.entries[ObjectIdentifier(channel)] = nil
            state.crowd.leave(ObjectIdentifier(channel))
        }
    }
}
