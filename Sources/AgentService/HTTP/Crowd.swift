/// Who is there, where there is room for so many, and who goes when there is no more.
///
/// Of those that may go, one goes from the origin that holds the most: an address that brings a thousand pays for the
/// next one itself. There it is the one that came first, since who has nothing to show by then is the slowest. Who came
/// first never changes: nothing that a member sends makes it younger.
///
/// A value without sockets and clocks: the order of events is all that counts.
package struct Crowd<Member: Hashable & Sendable, Origin: Hashable & Sendable>: Sendable {
    /// What came of one more.
    package enum Entrance: Equatable, Sendable {
        case admitted
        /// Somebody had to go for it.
        case replaced(Member)
        /// Nobody who is there may go.
        case refused
    }

    private struct Entry {
        let origin: Origin
        let number: Int
        var mayGo: Bool
        var byteCount = 0
    }

    private let maximumCount: Int
    private let maximumByteCount: Int
    private var entries: [Member: Entry] = [:]
    private var lastNumber = 0
    /// Bytes that all members hold.
    package private(set) var byteCount = 0

    /// Makes an empty one.
    ///
    /// - Parameter maximumByteCount: of what all members hold together.
    package init(maximumCount: Int, maximumByteCount: Int = .max) {
        precondition(maximumCount > 0, "a crowd has room for one")
        self.maximumCount = maximumCount
        self.maximumByteCount = maximumByteCount
    }

    /// How many are there.
    package var count: Int { entries.count }

    /// Lets one in, that may go again.
    package mutating func enter(_ member: Member, from origin: Origin) -> Entrance {
        var entrance = Entrance.admitted
        if entries.count >= maximumCount {
            guard let victim = victim(weighing: { _ in 1 }) else { return .refused }
            leave(victim)
            entrance = .replaced(victim)
        }
        lastNumber += 1
        entries[member] = Entry(origin: origin, number: lastNumber, mayGo: true)
        return entrance
    }

    /// Says whether a member may go for another.
    package mutating func set(_ member: Member, mayGo: Bool) {
        entries[member]?.mayGo = mayGo
    }

    /// Notes that a member holds more bytes.
    ///
    /// - Returns: those who had to go for them, the member itself perhaps among them.
    package mutating func hold(_ count: Int, by member: Member) -> [Member] {
        guard entries[member] != nil else { return [] }
        entries[member]?.byteCount += count
        byteCount += count
        var gone: [Member] = []
        while byteCount > maximumByteCount, let victim = victim(weighing: \.byteCount) {
            leave(victim)
            gone.append(victim)
        }
        return gone
    }

    /// Notes that a member holds nothing any more.
    package mutating func release(_ member: Member) {
        byteCount -= entries[member]?.byteCount ?? 0
        entries[member]?.byteCount = 0
    }

    /// Notes that a member is gone.
    package mutating func leave(_ member: Member) {
        byteCount -= entries.removeValue(forKey: member)?.byteCount ?? 0
    }

    /// Who goes first: of the origin that weighs most the one that came first. What weighs nothing stays.
    private func victim(weighing weight: (Entry) -> Int) -> Member? {
        var origins: [Origin: (weight: Int, oldest: Member, number: Int)] = [:]
        for (member, entry) in entries where entry.mayGo && weight(entry) > 0 {
            guard let known = origins[entry.origin] else {
                origins[entry.origin] = (weight(entry), member, entry.number)
                continue
            }
            let isOlder = entry.number < known.number
            origins[entry.origin] = (
                known.weight + weight(entry), isOlder ? member : known.oldest, min(entry.number, known.number)
            )
        }
        return origins.values.max { ($0.weight, -$0.number) < ($1.weight, -$1.number) }?.oldest
    }
}
