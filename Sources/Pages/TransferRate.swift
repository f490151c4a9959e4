internal import Commitments

/// How far something that takes its time has come, and how long the rest takes if it goes on like that.
package struct TransferRate: Sendable {
    private let count: Int
    private let total: Int
    private let elapsed: Duration

    /// - Parameters:
    ///   - count: bytes so far.
    ///   - total: of all bytes.
    ///   - elapsed: since the first byte.
    package init(_ count: Int, of total: Int, after elapsed: Duration) {
        self.count = count
        self.total = total
        self.elapsed = elapsed
    }

    private var milliseconds: Int { max(1, Int(clamping: Int64(elapsed / .milliseconds(1)))) }

    /// `40 %, 120 MB/s, 12 s left`.
    package var words: String {
        let percent = Int((100 * Double(min(count, total)) / Double(max(1, total))).rounded(.down))
        return ["\(percent) %", speed, left].compactMap(\.self).joined(separator: ", ")
    }

    /// `120 MB/s`, of small ones `640 kB/s`.
    package var speed: String {
        let kilobytes = count / milliseconds
        return kilobytes < 10_000 ? "\(kilobytes) kB/s" : "\(kilobytes / 1000) MB/s"
    }

    /// `12 s left`, `5 min left`, rounded up; `nil` before anything has come or where all of it has.
    private var left: String? {
        guard count > 0, count < total else { return nil }
        let seconds = (Double(milliseconds) / 1000 * Double(total - count) / Double(count)).rounded(.up)
        guard seconds < 1e9 else { return nil }
        return seconds < 120 ? "\(Int(seconds)) s left" : "\(Int((seconds / 60).rounded(.up))) min left"
    }
}
