import AgentService
import Foundation
import TestSupport
import Testing

private let put = "PUT /v1/endorsements HTTP/1.1\r\nHost: agent\r\nContent-Type: application/json\r\n"
private let smuggled = "GET /v1/openapi.json HTTP/1.1\r\nHost: agent\r\n\r\n"

@Suite("The agent's HTTP framing")
struct HTTPFramingTests {
    @Test(
        "refuses a body whose end two readers could see in different places, and never what hides behind it",
        arguments: [
            "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n",
            "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", "Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}",
            "Content-Length: 2, 2\r\n\r\n{}", "Content-Length: +2\r\n\r\n{}", "Content-Length: -2\r\n\r\n{}",
            "Content-Length: 0x2\r\n\r\n{}", "Content-Length: 2 2\r\n\r\n{}", "Content-Length: \r\n\r\n{}",
            "Content-Length: 99999999999999999999999\r\n\r\n{}", "Content-Length : 2\r\n\r\n{}",
            "Transfer-Encoding: gzip\r\n\r\n{}", "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
            "Transfer-Encoding:\u{0B}chunked\r\n\r\n0\r\n\r\n", " Content-Length: 2\r\n\r\n{}",
            "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n-1\r\n{}\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\n{}\r\n0\r\n\r\n",
        ])
    func smuggling(_ rest: String) async throws {
        try await HTTPScene.serve { scene in
            let port = scene.port
            let bytes = try await offPool {
                let connection = try RawConnection(port: port)
                connection.send(put + rest + smuggled)
                return try connection.receiveToEnd()
            }
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(text.hasPrefix("HTTP/1.1 4"), "\(text)")
            #expect(text.components(separatedBy: "HTTP/1.1 ").count == 2, "one answer: \(text)")
            #expect(!text.contains("openapi\":"))
            try await scene.requireService()
        }
    }

    @Test("takes a chunked body, its extensions and trailers")
    func chunked() async throws {
        try await HTTPScene.serve { scene in
            let answer = try await scene.ask(
                put + "Transfer-Encoding: chunked\r\n\r\n1;a=b\r\n{\r\n1\r\n}\r\n0\r\nX-Note: c\r\n\r\n")
            #expect(answer.code == "endorsements.form")
        }
    }

    @Test("invites a body only once its head is in order")
    func expectation() async throws {
        try await HTTPScene.serve { scene in
            let port = scene.port
            let (first, last) = try await offPool {
                let connection = try RawConnection(port: port)
                connection.send(put + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")
                let first = try connection.answer().status
                connection.send("{}")
                return (first, try connection.answer().code)
            }
            #expect(first == 100)
            #expect(last == "endorsements.form")
            let refused = try await scene.ask(put + "Expect: 100-continue\r\nContent-Length: 200000\r\n\r\n")
            #expect(refused.code == "http.body.size")
        }
    }

    @Test("refuses heads that are too large, too many and without end")
    func largeHeads() async throws {
        try await HTTPScene.serve { scene in
            let get = "GET /v1/status HTTP/1.1\r\nHost: agent\r\n"
            let long = try await scene.ask(get + "X: " + String(repeating: "a", count: 5000) + "\r\n\r\n")
            #expect(long.status == 431 && long.code == "http.headers")
            let many = try await scene.ask(get + String(repeating: "X: a\r\n", count: 65) + "\r\n")
            #expect(many.code == "http.headers")
            let field = "X: " + String(repeating: "a", count: 1000) + "\r\n"
            let much = try await scene.ask(get + String(repeating: field, count: 20) + "\r\n")
            #expect(much.code == "http.headers")
            let target = try await scene.ask("GET /" + String(repeating: "a", count: 5000) + " HTTP/1.1\r\n\r\n")
            #expect(target.code == "http.headers")
            try await scene.requireService()
        }
    }

    @Test("refuses bodies beyond their path's size, announced or not")
    func largeBodies() async throws {
        try await HTTPScene.serve { scene in
            let announced = try await scene.ask(put + "Content-Length: 131073\r\n\r\n")
            #expect(announced.status == 413 && announced.code == "http.body.size")
            let port = scene.port
            let counted = try await offPool {
                let connection = try RawConnection(port: port)
                connection.send(put + "Transfer-Encoding: chunked\r\n\r\n")
                let chunk = "8000\r\n" + String(repeating: " ", count: 0x8000) + "\r\n"
                for _ in 0..<5 where !connection.send(chunk) { break }
                return try connection.answer().code
            }
            #expect(counted == "http.body.size")
            let sealed = "POST /v1/withdrawals HTTP/1.1\r\nHost: a\r\nContent-Type: application/vnd.2cvm.sealed\r\n"
            let withdrawal = try await scene.ask(sealed + "Content-Length: 1000000\r\n\r\n")
            #expect(withdrawal.code == "http.body.size")
            try await scene.requireService()
        }
    }

    @Test("tells an upload that was cut off from one that was whole")
    func truncated() async throws {
        try await HTTPScene.serve { scene in
            let port = scene.port
            let put = "PUT /v1/manifest HTTP/1.1\r\nHost: a\r\nContent-Type: application/vnd.2cvm.sealed\r\n"
            let cut = try await offPool {
                let connection = try RawConnection(port: port)
                connection.send(put + "Content-Length: 6000\r\n\r\n2cvm sealed v1\n")
                connection.finishSending()
                return try connection.answer().code
            }
            #expect(cut == "http.body.truncated")
            let short = try await scene.ask(put + "Content-Length: 15\r\n\r\n2cvm sealed v1\n")
            #expect(short.code == "sealing.incomplete")
        }
    }

    @Test(
        "refuses before its first byte a body that the session's stage has no use for",
        arguments: ["submissions", "withdrawals"])
    func stage(_ path: String) async throws {
        try await HTTPScene.serve { scene in
            let unlocked = try await scene.ask(
                "POST /v1/\(path) HTTP/1.1\r\nHost: a\r\nContent-Type: application/vnd.2cvm.sealed\r\n"
                    + "Content-Length: \(SessionHost.withdrawalByteCount)\r\n\r\n")
            #expect(unlocked.status == 409 && unlocked.code == "session.unlocked")
            #expect(unlocked.fields["connection"] == "close")
        }
    }

    @Test("survives ten thousand requests of seeded garbage", arguments: 0..<4)
    func garbage(_ seed: UInt64) async throws {
        try await HTTPScene.serve { scene in
            let port = scene.port
            let answered = try await offPool {
                var numbers = SeededNumbers(seed: seed)
                var answered = 0
                for _ in 0..<2500 {
                    let connection = try RawConnection(port: port)
                    connection.send(Garbage.request(&numbers))
                    connection.finishSending()
                    let answer = try connection.receiveToEnd()
                    if !answer.isEmpty {
                        #expect(answer.starts(with: Array("HTTP/1.1 ".utf8)))
                        answered += 1
                    }
                }
                return answered
            }
            #expect(answered > 1000)
            try await scene.requireService()
        }
    }
}

/// Requests that are nearly right, and bytes that are nothing.
private enum Garbage {
    private static let methods = ["GET", "PUT", "POST", "HEAD", "OPTIONS", "CONNECT", "G\0T", "", "PRI", "SOURCE"]
    private static let targets = [
        "/v1/status", "/v1/evidence?nonce=" + String(repeating: "a", count: 64), "/v1/manifest", "/v1/submissions",
        "/v1/withdrawals", "/v1/events", "/v1/endorsements", "/v1/outputs/" + String(repeating: "0", count: 64), "*",
        "/v1/openapi.json", "//", "/v1/../v1/status", "/v1/status#a", "http://a/", "/\u{FF}",
    ]
    private static let fields = [
        "Host: a", "Host: a", "Host: a", "Content-Length: 7", "Content-Length: -1", "Transfer-Encoding: chunked",
        "Content-Type: application/json", "Content-Type: application/vnd.2cvm.sealed", "Connection: close",
        "Expect: 100-continue", "Upgrade: websocket", "A:", ": b", "a b: c", "\0: \0", "X: \u{1}", " folded",
    ]
    private static let bodies = [
        "", "{}", "7\r\n{\"a\":1}\r\n0\r\n\r\n", "2cvm sealed v1\n", "\0\0\0\0", "{\"version\":1}",
    ]

    static func request(_ numbers: inout SeededNumbers) -> [UInt8] {
        func pick(_ list: [String]) -> String { list[Int.random(in: 0..<list.count, using: &numbers)] }
        var text = "\(pick(methods)) \(pick(targets)) HTTP/1.\(Int.random(in: 0...2, using: &numbers))\r\n"
        for _ in 0..<Int.random(in: 0...4, using: &numbers) { text += pick(fields) + "\r\n" }
        var bytes = Array((text + "\r\n" + pick(bodies)).utf8)
        for _ in 0..<Int.random(in: 0...3, using: &numbers) {
            let place = Int.random(in: 0..<bytes.count, using: &numbers)
            bytes[place] = UInt8.random(in: 0...255, using: &numbers)
        }
        if Int.random(in: 0..<10, using: &numbers) == 0 {
            bytes.removeLast(Int.random(in: 0..<bytes.count, using: &numbers))
        }
        return bytes
    }
}
