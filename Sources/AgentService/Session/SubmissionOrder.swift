package import Commitments
package import Primitives

/// Which submissions are on their way, and which one more may begin: a value, without sockets, clocks and locks.
///
/// Only those are entered whose signature as their slot's provider held. Such a beginning can be recorded on the way
/// and sent again, by anyone: it is known by its encapsulated key, which nobody else can make another of. What was
/// seen before is a repetition. It never takes a place from what is new, and what is new takes one from it.
package struct SubmissionOrder: Sendable {
    /// A broken connection may linger while its sender tries again.
    package static let maximumCountForSlot = 2
    package static let maximumCount = 16
    /// So many beginnings are remembered for each slot. Only its provider can make new ones.
    package static let rememberedCount = 64

    /// One submission that would begin.
    package struct Arrival: Sendable {
        let slot: Name
        /// Of its encapsulated key.
        let mark: SHA256Digest
        let byteCount: Int

        /// Names what tells it from others.
        package init(slot: Name, mark: SHA256Digest, byteCount: Int) {
            self.slot = slot
            self.mark = mark
            self.byteCount = byteCount
        }
    }

    /// What came of it.
    package struct Entrance: Equatable, Sendable {
        package let number: Int
        /// Repetitions that have lost their places to it.
        package let evicted: [Int]
    }

    private struct Entry {
        let arrival: Arrival
        let isRepetition: Bool
    }

    private var entries: [Int: Entry] = [:]
    private var remembered: [Name: [SHA256Digest]] = [:]
    private var lastNumber = 0

    /// Starts with nobody.
    package init() {}

    /// Takes one in, or returns `nil` where there is no place for it. Then nobody has lost one.
    ///
    /// - Parameter spareBytes: how much all second submissions to a slot may have on the way at once. For the larger
    ///   one of two the lock reserved the slot's own.
    package mutating func enter(_ arrival: Arrival, spareBytes: Int) -> Entrance? {
        let isRepetition = remember(arrival)
        guard !entries.values.contains(where: { $0.arrival.mark == arrival.mark }) else { return nil }
        var next = self
        var evicted: [Int] = []
        while let shortage = next.shortage(for: arrival, spareBytes) {
            guard !isRepetition, let victim = next.repetition(in: shortage, for: arrival.slot) else { return nil }
            next.entries[victim] = nil
            evicted.append(victim)
        }
        next.lastNumber += 1
        next.entries[next.lastNumber] = Entry(arrival: arrival, isRepetition: isRepetition)
        self = next
        return Entrance(number: lastNumber, evicted: evicted)
    }

    /// Gives a place back.
    package mutating func leave(_ number: Int) {
        entries[number] = nil
    }

    private enum Shortage {
        case slot, places, bytes
    }

    private func shortage(for arrival: Arrival, _ spareBytes: Int) -> Shortage? {
        if count(in: arrival.slot) >= Self.maximumCountForSlot { return .slot }
        if entries.count >= Self.maximumCount { return .places }
        return usedBytes(with: arrival) > spareBytes ? .bytes : nil
    }

    /// What all have on the way beyond one in each slot, the largest: whichever it is, the lock reserved for it.
    private func usedBytes(with arrival: Arrival) -> Int {
        var counts: [Name: (sum: Int, most: Int)] = [:]
        for one in entries.values.map(\.arrival) + [arrival] {
            let (sum, most) = counts[one.slot, default: (0, 0)]
            counts[one.slot] = (sum + one.byteCount, max(most, one.byteCount))
        }
        return counts.values.reduce(0) { $0 + $1.sum - $1.most }
    }

    private func count(in slot: Name) -> Int {
        entries.values.count { $0.arrival.slot == slot }
    }

    /// The oldest repetition that holds what is short.
    private func repetition(in shortage: Shortage, for slot: Name) -> Int? {
        entries.filter { _, entry in
            switch shortage {
            case .slot: entry.isRepetition && entry.arrival.slot == slot
            case .places: entry.isRepetition
            case .bytes: entry.isRepetition && (entry.arrival.slot == slot || count(in: entry.arrival.slot) > 1)
            }
        }.keys.min()
    }

    /// - Returns: whether it was seen before.
    private mutating func remember(_ arrival: Arrival) -> Bool {
        var marks = remembered[arrival.slot] ?? []
        if marks.contains(arrival.mark) { return true }
        marks.append(arrival.mark)
        remembered[arrival.slot] = marks.suffix(Self.rememberedCount)
        return false
    }
}
