import Foundation
import Platform
import TestSupport
import Testing

/// Asks the program that plays `curl`. The address says what it does.
private func get(
    _ path: String, maximumByteCount: Int = 100, patience: Duration = .seconds(20)
) throws(FetchError) -> [UInt8] {
    try HTTPSFetch.get(
        "https://example.org/" + path, maximumByteCount: maximumByteCount,
        program: Repository.root.appending(path: "Tests/Programs/curl").path, patience: patience)
}

@Suite("Fetching over HTTPS")
struct HTTPSFetchTests {
    @Test("gives what curl writes")
    func gives() throws {
        #expect(try get("three") == [0x61, 0, 0x62])
        #expect(try get("nothing") == [])
    }

    @Test("tells curl to follow nothing, to speak nothing else, and when to stop")
    func arguments() throws {
        let text = String(decoding: try get("arguments", maximumByteCount: 4096), as: UTF8.self)
        #expect(text.hasPrefix("--disable "))
        for option in [
            "--proto =https", "--max-redirs 0", "--max-time 60", "--max-filesize 4096", "--fail", "--globoff",
            "--url https://example.org/arguments", "--retry 3", "--retry-max-time 90",
        ] {
            #expect(text.contains(option))
        }
        #expect(!text.contains("--location"))
    }

    @Test("hands over no more of the environment than curl needs")
    func environment() throws {
        let names = String(decoding: try get("environment", maximumByteCount: 65_536), as: UTF8.self)
            .split(separator: "\n").compactMap { $0.split(separator: "=").first }
        #expect(names.contains("PATH"))
        #expect(!names.contains("HOME"))
        #expect(!names.contains("USER"))
    }

    @Test(
        "asks for nothing but https",
        arguments: [
            "http://example.org", "file:///etc/passwd", "", "https//x", "-K/etc/passwd", "https://example.org/a b",
            "https://example.org/\n", "HTTPS://example.org",
        ])
    func refusesOtherURLs(_ url: String) {
        #expect(throws: FetchError.notHTTPS) {
            try HTTPSFetch.get(url, maximumByteCount: 1, program: "/no/such/curl", patience: .seconds(1))
        }
    }

    @Test("takes no byte more than was asked for")
    func bounds() throws {
        #expect(try get("bytes/100").count == 100)
        #expect(throws: FetchError.tooLarge(maximum: 100)) { try get("bytes/101") }
        #expect(throws: FetchError.tooLarge(maximum: 100)) { try get("flood") }
    }

    @Test("does not wait for ever")
    func patience() {
        #expect(throws: FetchError.tooSlow) { try get("silence", patience: .milliseconds(100)) }
        #expect(throws: FetchError.tooSlow) { try get("stall", patience: .milliseconds(200)) }
    }

    @Test(
        "says what went wrong by curl's exit status",
        arguments: [
            (6, FetchError.unreachable), (7, .unreachable), (22, .refused), (28, .tooSlow), (35, .untrusted),
            (60, .untrusted), (77, .untrusted), (63, .curl(63)), (1, .curl(1)),
        ])
    func statuses(_ status: Int, _ error: FetchError) {
        #expect(throws: error) { try get("status/\(status)") }
    }

    @Test("says so when curl is killed, and when there is none")
    func killedAndMissing() {
        #expect(throws: FetchError.curl(255)) { try get("killed") }
        #expect(throws: FetchError.noCurl) {
            try HTTPSFetch.get(
                "https://example.org", maximumByteCount: 1, program: "/no/such/curl", patience: .seconds(1))
        }
    }
}
