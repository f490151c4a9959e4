internal import Commitments
internal import Synchronization

/// How much has gone, and how fast.
package final class Meter: Sendable {
    /// Of what travels: sealed, it is longer than its content.
    package let byteCount: Int
    package let content: Int?
    private let name: String
    private let progress: Progress
    private let start = ContinuousClock.now
    private let shown = Mutex(ContinuousClock.now)
    private let counted = Mutex(0)

    package init(_ name: String, byteCount: Int, content: Int? = nil, _ progress: Progress) {
        self.name = name
        self.byteCount = byteCount
        self.content = content
        self.progress = progress
    }

    /// At most ten times a second.
    package func show(_ count: Int) {
        let isDue = shown.withLock { last in
            guard last.duration(to: .now) > .milliseconds(100) else { return false }
            last = .now
            return true
        }
        if isDue { progress.step("\(name) \(100 * count / max(1, byteCount)) %, \(rate(count))") }
    }

    /// Counts what came.
    package func add(_ count: Int) {
        show(
            counted.withLock { total in
                total += count
                return total
            })
    }

    package var milliseconds: Int { Int(start.duration(to: .now) / .milliseconds(1)) }

    /// `16777216 bytes, sent as 16.8 MB sealed, 480 MB/s`; small things have no rate.
    package var summary: String {
        let sealed = byteCount < 1_000_000 ? "\(byteCount) bytes" : "\(megabytes(byteCount)) MB"
        let pace = byteCount < 1_000_000 ? "" : ", \(rate(byteCount))"
        return (content.map { "\($0) bytes, " } ?? "") + "sent as \(sealed) sealed\(pace)"
    }

    private func rate(_ count: Int) -> String { "\(count / 1000 / max(1, milliseconds)) MB/s" }

    private func megabytes(_ count: Int) -> String {
        let tenths = count / 100_000
        return "\(tenths / 10).\(tenths % 10)"
    }
}
