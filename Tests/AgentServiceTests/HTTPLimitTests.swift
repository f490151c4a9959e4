import AgentService
import Foundation
import TestSupport
import Testing

private let put = "PUT /v1/endorsements HTTP/1.1\r\nHost: agent\r\nContent-Type: application/json\r\n"

@Suite("The agent's HTTP limits")
struct HTTPLimitTests {
    @Test("close a connection that brings its request's head in drips")
    func drippedHead() async throws {
        var limits = ServiceLimits()
        limits.headPatience = .milliseconds(400)
        try await HTTPScene.serve(limits) { scene in
            let port = scene.port
            let answer = try await offPool {
                let connection = try RawConnection(port: port)
                connection.send("GET /v1/status HTTP/1.1\r\nHost: a\r\nX: ")
                while try !connection.isReadable() { if connection.send("a") { usleep(10_000) } }
                return try connection.receiveToEnd()
            }
            #expect(answer.isEmpty)
            try await scene.requireService()
        }
    }

    @Test("close a connection that asks for nothing")
    func idle() async throws {
        var limits = ServiceLimits()
        limits.headPatience = .milliseconds(200)
        try await HTTPScene.serve(limits) { scene in
            let port = scene.port
            let answer = try await offPool { try RawConnection(port: port).receiveToEnd() }
            #expect(answer.isEmpty)
            try await scene.requireService()
        }
    }

    @Test(
        "end a body that comes in drips, and say so",
        arguments: ["Content-Length: 100000", "Transfer-Encoding: chunked"])
    func drippedBody(_ framing: String) async throws {
        var limits = ServiceLimits()
        limits.bodyPatience = .milliseconds(300)
        try await HTTPScene.serve(limits) { scene in
            let port = scene.port
            let answer = try await offPool {
                let connection = try RawConnection(port: port)
                connection.send(put + framing + "\r\n\r\n")
                let drip = framing.hasPrefix("C") ? " " : "1\r\n \r\n"
                while try !connection.isReadable() { if connection.send(drip) { usleep(10_000) } }
                return try connection.answer()
            }
            #expect(answer.status == 408 && answer.code == "http.deadline")
            #expect(answer.fields["connection"] == "close")
            try await scene.requireService()
        }
    }

    @Test("let nobody be kept out by connections that only are there")
    func crowd() async throws {
        var limits = ServiceLimits()
        limits.connections = 32
        try await HTTPScene.serve(limits) { scene in
            let port = scene.port
            let crowd = try await offPool { Connections(try (0..<200).map { _ in try RawConnection(port: port) }) }
            try await scene.requireService()
            // Those that came first were closed for those that came last.
            let first = try await offPool { try crowd.all[0].receive() }
            #expect(first.isEmpty)
            #expect(crowd.all.count == 200)
        }
    }

    @Test("end a connection that asks without end and reads nothing")
    func deafPeer() async throws {
        var limits = ServiceLimits()
        limits.writePatience = .milliseconds(300)
        try await HTTPScene.serve(limits) { scene in
            let port = scene.port
            let wasEnded = try await offPool {
                let connection = try RawConnection(port: port)
                let requests = String(repeating: "GET /v1/openapi.json HTTP/1.1\r\nHost: a\r\n\r\n", count: 1000)
                // 25 MB of answers a round: no socket holds them.
                for _ in 0..<10_000 {
                    guard connection.send(requests) else { return true }
                    usleep(1000)
                }
                return false
            }
            #expect(wasEnded)
            try await scene.requireService()
        }
    }

    @Test("read what is left of a refused body only so far")
    func linger() async throws {
        var limits = ServiceLimits()
        (limits.lingerBytes, limits.lingerPatience) = (100_000, .seconds(30))
        try await HTTPScene.serve(limits) { scene in
            let port = scene.port
            let (code, wasEnded) = try await offPool {
                let connection = try RawConnection(port: port)
                connection.send(put + "Content-Length: 900000000\r\n\r\n")
                let code = try connection.answer().code
                let piece = [UInt8](repeating: 0x20, count: 65_536)
                for _ in 0..<1000 where !connection.send(piece) { return (code, true) }
                return (code, false)
            }
            #expect(code == "http.body.size")
            #expect(wasEnded)
        }
    }
}

@Suite("A body's pace")
struct PaceTests {
    @Test("is lost by waiting for longer than its bytes allow")
    func pace() {
        var pace = Pace(patience: .seconds(10), bytesPerSecond: 1000)
        #expect(!pace.isLost(waitingFor: .seconds(10)))
        #expect(pace.isLost(waitingFor: .seconds(11)))
        pace.took(5000)
        #expect(!pace.isLost(waitingFor: .seconds(15)))
        pace.waited(.seconds(14))
        #expect(!pace.isLost())
        #expect(pace.isLost(waitingFor: .seconds(2)))
    }

    @Test("is never lost by an agent that does not read")
    func patience() {
        var pace = Pace(patience: .zero, bytesPerSecond: 1)
        pace.took(1)
        #expect(!pace.isLost())
    }
}
