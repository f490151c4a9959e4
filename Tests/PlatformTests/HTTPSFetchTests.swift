import Foundation
import Platform
import Testing

/// A folder with a program that plays `curl`.
private struct FakeCurl: ~Copyable {
    let folder: URL

    init(_ script: String) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "2cvm-fetch-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data("#!/bin/sh\n\(script)\n".utf8).write(to: folder.appending(path: "curl"))
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    var path: String { folder.appending(path: "curl").path }

    func get(
        _ url: String = "https://example.org/file", maximumByteCount: Int = 100, patience: Duration = .seconds(20)
    ) throws(FetchError) -> [UInt8] {
        try HTTPSFetch.get(url, maximumByteCount: maximumByteCount, program: path, patience: patience)
    }
}

@Suite("Fetching over HTTPS")
struct HTTPSFetchTests {
    @Test("gives what curl writes")
    func gives() throws {
        #expect(try FakeCurl("printf 'a\\000b'").get() == [0x61, 0, 0x62])
        #expect(try FakeCurl("true").get() == [])
    }

    @Test("tells curl to follow nothing, to speak nothing else, and when to stop")
    func arguments() throws {
        let text = String(decoding: try FakeCurl("echo \"$@\"").get(maximumByteCount: 4096), as: UTF8.self)
        #expect(text.hasPrefix("--disable "))
        for option in [
            "--proto =https", "--max-redirs 0", "--max-time 60", "--max-filesize 4096", "--fail", "--globoff",
            "--url https://example.org/file",
        ] {
            #expect(text.contains(option))
        }
        #expect(!text.contains("--location"))
    }

    @Test("hands over no more of the environment than curl needs")
    func environment() throws {
        let names = String(decoding: try FakeCurl("env").get(maximumByteCount: 65_536), as: UTF8.self)
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
    func refusesOtherURLs(_ url: String) throws {
        #expect(throws: FetchError.notHTTPS) { try FakeCurl("true").get(url) }
    }

    @Test("takes no byte more than was asked for")
    func bounds() throws {
        #expect(try FakeCurl("head -c 100 /dev/zero").get().count == 100)
        #expect(throws: FetchError.tooLarge(maximum: 100)) { try FakeCurl("head -c 101 /dev/zero").get() }
        #expect(throws: FetchError.tooLarge(maximum: 100)) { try FakeCurl("cat /dev/zero").get() }
    }

    @Test("does not wait for ever")
    func patience() throws {
        #expect(throws: FetchError.tooSlow) {
            try FakeCurl("exec sleep 30").get(patience: .milliseconds(100))
        }
        #expect(throws: FetchError.tooSlow) {
            try FakeCurl("printf x; exec sleep 30").get(patience: .milliseconds(200))
        }
    }

    @Test(
        "says what went wrong by curl's exit status",
        arguments: [
            (6, FetchError.unreachable), (7, .unreachable), (22, .refused), (28, .tooSlow), (35, .untrusted),
            (60, .untrusted), (77, .untrusted), (63, .curl(63)), (1, .curl(1)),
        ])
    func statuses(_ status: Int, _ error: FetchError) throws {
        #expect(throws: error) { try FakeCurl("printf partial; exit \(status)").get() }
    }

    @Test("says so when curl is killed, and when there is none")
    func killedAndMissing() throws {
        #expect(throws: FetchError.curl(255)) { try FakeCurl("kill -9 $$").get() }
        #expect(throws: FetchError.noCurl) {
            try HTTPSFetch.get(
                "https://example.org", maximumByteCount: 1, program: "/no/such/curl", patience: .seconds(1))
        }
    }
}
