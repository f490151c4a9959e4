import Pages
import Testing

@Suite("How far a transfer has come")
struct TransferRateTests {
    @Test(
        "has a share, a rate and the time that is left",
        arguments: [
            (0, 1_000_000, Duration.seconds(1), "0 %, 0 kB/s"),
            (400_000_000, 1_000_000_000, .seconds(4), "40 %, 100 MB/s, 6 s left"),
            (1_000_000, 3_000_000, .seconds(2), "33 %, 500 kB/s, 4 s left"),
            (1, 1_000_000, .seconds(1), "0 %, 0 kB/s, 16667 min left"),
            (999, 1000, .milliseconds(10), "99 %, 99 kB/s, 1 s left"),
            (1000, 1000, .seconds(1), "100 %, 1 kB/s"),
            (0, 0, .zero, "0 %, 0 kB/s"),
            (2000, 1000, .seconds(1), "100 %, 2 kB/s"),
        ])
    func words(_ count: Int, _ total: Int, _ elapsed: Duration, _ words: String) {
        #expect(TransferRate(count, of: total, after: elapsed).words == words)
    }

    @Test("bears the largest counts")
    func bounds() {
        #expect(TransferRate(.max, of: .max, after: .zero).words.hasPrefix("100 %"))
        #expect(TransferRate(1, of: .max, after: .seconds(1 << 40)).words == "0 %, 0 kB/s")
    }
}
