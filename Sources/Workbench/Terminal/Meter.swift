internal import Commitments
internal import Pages
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
    private let late = Mutex(Late.early)

    private enum Late {
        case early, shown, over
    }

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
        if isDue { progress.step("\(name) \(rate(count).words)") }
    }

    /// The same, once a second has passed: most files are read in less.
    package func showLate(_ count: Int) {
        guard start.duration(to: .now) > .seconds(1) else { return }
        let isOver = late.withLock { state in
            if state == .early { state = .shown }
            return state == .over
        }
        if !isOver { show(count) }
    }

    /// Clears what ``showLate(_:)`` showed, and shows nothing more by it.
    package func end() {
        let hasLine = late.withLock { state in
            defer { state = .over }
            return state == .shown
        }
        if hasLine { progress.finish() }
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
        let pace = byteCount < 1_000_000 ? "" : ", \(rate(byteCount).speed)"
        return (content.map { "\($0) bytes, " } ?? "") + "sent as \(sealed) sealed\(pace)"
    }

    private func rate(_ count: Int) -> TransferRate {
        TransferRate(count, of: byteCount, after: start.duration(to: .now))
    }

    private func megabytes(_ count: Int) -> String {
        let tenths = count / 100_000
        return "\(tenths / 10).\(tenths % 10)"
    }
}
