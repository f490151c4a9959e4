import Evidence
import Foundation
import Testing

@Suite("Timestamps")
struct TimestampTests {
    @Test(
        "refuse what is no date",
        arguments: [
            "", "2026", "2026-13-01", "2026-00-10", "2026-02-29", "2100-02-29", "2026-04-31", "2026-11-23T24:00:00Z",
            "2026-11-23T10:60:00Z", "2026-11-23T10:00:60Z", "2026-11-23T10:00:00", "2026-11-23 10:00:00Z",
            "2026-11-23t10:00:00z", "1949-12-31", "+026-11-23", "2026-11-2３", "2026/11/23", " 2026-11-23",
            "2026-11-23T10x00:00Z", "2026-11-23T10:00x00Z", "2026-11-23T10:00:00x",
        ])
    func refusals(_ text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test("refuse seconds outside four-digit years", arguments: [Int64.min, -631_152_001, 253_402_300_800, .max])
    func outOfRange(_ seconds: Int64) {
        #expect(Timestamp(unixSeconds: seconds) == nil)
    }

    @Test("agree with the system's calendar on every day of a century and beyond")
    func calendar() throws {
        let formatter = ISO8601DateFormatter()
        for day in stride(from: -7305, to: 60_000, by: 1) {
            let seconds = Int64(day) * 86_400 + Int64((day &* 7919) & 0xFFFF)
            let stamp = try #require(Timestamp(unixSeconds: seconds))
            let text = formatter.string(from: Date(timeIntervalSince1970: TimeInterval(seconds)))
            #expect(stamp.description == text)
            #expect(Timestamp(text) == stamp)
        }
    }

    @Test("read a bare date as its midnight")
    func midnight() {
        #expect(Timestamp("2026-11-23") == Timestamp("2026-11-23T00:00:00Z"))
        #expect(Timestamp("1970-01-01")?.unixSeconds == 0)
        #expect(Timestamp("2000-02-29T23:59:59Z")?.unixSeconds == 951_868_799)
    }
}
