import AgentService
import Foundation
import Primitives
import Sealing
import Synchronization
import TestSupport
import Testing

private let sealed = "Host: a\r\nContent-Type: application/vnd.2cvm.sealed\r\n"

/// Strangers who open connections without end, say one thing on each, and hold it.
private final class Attack: Sendable {
    private let isOver = Mutex(false)
    /// Connections that were opened.
    let openedCount = Mutex(0)

    /// Holds `count` connections, from one address, and opens another for each that it loses.
    func run(_ count: Int, at port: Int, saying words: [UInt8]) throws {
        var held: [RawConnection] = []
        while !isOver.withLock({ $0 }) {
            held.removeAll { (try? $0.isReadable()) != false }
            while held.count < count {
                let connection = try RawConnection(port: port)
                connection.send(words)
                held.append(connection)
                openedCount.withLock { $0 += 1 }
                // No more than a thousand a second.
                usleep(1000)
            }
            usleep(10_000)
        }
    }

    func stop() { isOver.withLock { $0 = true } }
}

@Suite("The agent's door, under attack", .serialized, .timeLimit(.minutes(5)))
struct HTTPGateTests {
    private let session: SessionScene

    /// How many strangers there are, and how many connections the agent bears.
    struct Size: Sendable {
        let count: Int
        let limit: Int

        init(_ count: Int, of limit: Int) {
            self.count = count
            self.limit = limit
        }
    }

    init() throws {
        var session = try SessionScene()
        session.binding = "lock"
        self.session = session
    }

    /// Serves a locked session while strangers do something to it.
    private func under(
        _ count: Int, _ limits: ServiceLimits, saying words: [UInt8],
        _ body: (HTTPScene, Attack) async throws -> Void
    ) async throws {
        try await HTTPScene.serve(limits, session: session) { scene in
            let envelope = try session.stream(.lock, session.envelope(), by: session.lab, to: scene.host)
            #expect(try await scene.send(envelope, "PUT /v1/manifest").status == 200)
            let attack = Attack()
            let port = scene.port
            async let end: Void = offPool { try attack.run(count, at: port, saying: words) }
            while attack.openedCount.withLock({ $0 }) < count { try await Task.sleep(for: .milliseconds(5)) }
            let result: Result<Void, any Error>
            do {
                result = .success(try await body(scene, attack))
            } catch {
                result = .failure(error)
            }
            attack.stop()
            try await end
            try result.get()
        }
    }

    /// 23 submissions that are read to their end, and a withdrawal.
    private func requireHonestPass(_ scene: HTTPScene) async throws {
        var slowest = Duration.zero
        for _ in 0..<23 {
            let begin = ContinuousClock.now
            let wrong = try session.stream(
                .submission, slot: "rows", Array("other rows".utf8), by: session.clinic, to: scene.host,
                salt: session.salt)
            #expect(try await scene.send(wrong, "POST /v1/submissions").code == "content.digest")
            slowest = max(slowest, begin.duration(to: .now))
        }
        let withdrawal = try session.stream(.withdrawal, [], by: session.auditor, to: scene.host)
        #expect(try await scene.send(withdrawal, "POST /v1/withdrawals").status == 200)
        #expect(slowest < .seconds(10), "\(slowest)")
    }

    @Test(
        "lets 24 of 24 honest requests pass beside heads without bodies, as many as it bears and more",
        arguments: [Size(40, of: 1024), Size(400, of: 1024), Size(400, of: 256)], ["submissions", "withdrawals"])
    func heads(_ size: Size, _ path: String) async throws {
        var limits = ServiceLimits()
        limits.connections = size.limit
        let head = "POST /v1/\(path) HTTP/1.1\r\n\(sealed)Content-Length: \(SessionHost.withdrawalByteCount)\r\n\r\n"
        try await under(size.count, limits, saying: Array(head.utf8)) { scene, attack in
            try await requireHonestPass(scene)
            // Beyond the limit the strangers had to come again and again.
            if size.count > size.limit { #expect(attack.openedCount.withLock { $0 } > size.count) }
        }
    }

    @Test("lets honest requests pass beside whole beginnings that no participant has sealed")
    func beginnings() async throws {
        let head = "POST /v1/submissions HTTP/1.1\r\n\(sealed)Content-Length: 100000\r\n\r\n"
        var numbers = SeededNumbers(seed: 7)
        let noise = (0..<SessionHost.prologueByteCount - 15).map { _ in UInt8.random(in: 0...255, using: &numbers) }
        let beginning = Array((head + "2cvm sealed v1\n").utf8) + noise
        try await under(200, ServiceLimits(), saying: beginning) { scene, _ in try await requireHonestPass(scene) }
    }

    @Test("lets what was recorded hold no place that its sender needs")
    func recorded() async throws {
        try await HTTPScene.serve(session: session) { scene in
            let host = scene.host
            let envelope = try session.stream(.lock, session.envelope(), by: session.lab, to: host)
            #expect(try await scene.send(envelope, "PUT /v1/manifest").status == 200)
            let streams = try (0..<2).map { _ in try session.dataStream(to: host) }
            let port = scene.port
            let head = "POST /v1/submissions HTTP/1.1\r\n\(sealed)"
            // The sender's own attempts break off; a stranger who heard them begins both again, and goes on with none.
            for stream in streams {
                #expect(try await scene.send(stream.dropLast(), "POST /v1/submissions").status == 400)
            }
            let crowd = try await offPool {
                let crowd = Connections(try streams.map { _ in try RawConnection(port: port) })
                for (connection, stream) in zip(crowd.all, streams) {
                    connection.send(head + "Content-Length: \(stream.count)\r\n\r\n")
                    connection.send(Array(stream.prefix(SessionHost.prologueByteCount + 3)))
                }
                return crowd
            }
            // Each has begun when it has a file.
            while session.place.files.count < 2 { try await Task.sleep(for: .milliseconds(5)) }
            #expect(try await scene.send(session.dataStream(to: host), "POST /v1/submissions").status == 201)
            let codes = try await offPool { try crowd.all.map { try $0.answer().code } }
            #expect(Set(codes) == ["session.busy", "session.slot.filled"])
        }
    }

    @Test("closes for one more those who take no answer, before they have held it up for long")
    func deaf() async throws {
        var limits = ServiceLimits()
        limits.connections = 16
        try await HTTPScene.serve(limits) { scene in
            let port = scene.port
            let requests = String(repeating: "GET /v1/openapi.json HTTP/1.1\r\nHost: a\r\n\r\n", count: 2000)
            let crowd = try await offPool {
                let crowd = Connections(try (0..<16).map { _ in try RawConnection(port: port) })
                for connection in crowd.all { connection.send(requests) }
                return crowd
            }
            try await Task.sleep(for: .milliseconds(500))
            let begin = ContinuousClock.now
            try await scene.requireService()
            #expect(begin.duration(to: .now) < .seconds(10))
            #expect(crowd.all.count == 16)
        }
    }

    @Test("holds only so much of what nobody has vouched for, and gives up those who brought most of it")
    func bytes() async throws {
        var limits = ServiceLimits()
        limits.unprovenBytes = 500_000
        try await HTTPScene.serve(limits) { scene in
            let port = scene.port
            let put = "PUT /v1/endorsements HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
            let (answer, closedCount) = try await offPool {
                let honest = try RawConnection(port: port, from: 2)
                honest.send(put + "Content-Length: 2\r\n\r\n{")
                let crowd = try (0..<20).map { _ in try RawConnection(port: port) }
                for connection in crowd {
                    connection.send(put + "Content-Length: 120000\r\n\r\n")
                    connection.send([UInt8](repeating: 0x20, count: 100_000))
                }
                while try crowd.count(where: { try $0.isReadable() }) < 15 { usleep(1000) }
                honest.send("}")
                return (try honest.answer(), try crowd.count { try $0.isReadable() })
            }
            #expect(answer.code == "endorsements.form")
            #expect(closedCount >= 15)
            try await scene.requireService()
        }
    }

    @Test("closes nobody's connection for the many of one other address")
    func addresses() async throws {
        var limits = ServiceLimits()
        limits.connections = 16
        try await HTTPScene.serve(limits) { scene in
            let port = scene.port
            let (answers, closedCount) = try await offPool {
                // The first, and so the oldest, of all.
                let honest = try (2...4).map { try RawConnection(port: port, from: $0) }
                for connection in honest {
                    connection.send("GET /v1/status HTTP/1.1\r\nHost: a\r\n\r\n")
                    _ = try connection.answer()
                }
                let crowd = try (0..<200).map { _ in try RawConnection(port: port) }
                while try crowd.count(where: { try $0.isReadable() }) < 187 { usleep(1000) }
                let answers = try honest.map { connection in
                    connection.send("GET /v1/status HTTP/1.1\r\nHost: a\r\n\r\n")
                    return try connection.answer().status
                }
                return (answers, try crowd.count { try $0.isReadable() })
            }
            #expect(answers == [200, 200, 200])
            #expect(closedCount == 187)
        }
    }
}
