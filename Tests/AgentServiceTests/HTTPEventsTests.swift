import AgentAPI
import AgentService
import Foundation
import TestSupport
import Testing

@Suite("The agent's events and its end")
struct HTTPEventsTests {
    private static let request = "GET /v1/events HTTP/1.1\r\nHost: a\r\n\r\n"

    /// Sends the request and waits for the first event.
    private static func listen(_ port: Int) throws -> (RawConnection, String) {
        let connection = try RawConnection(port: port)
        connection.send(request)
        var text = ""
        while !text.contains("\n\n\r\n") {
            let piece = try connection.receive()
            guard !piece.isEmpty else { throw RawConnection.Failure.ended(Array(text.utf8)) }
            text += String(decoding: piece, as: UTF8.self)
        }
        return (connection, text)
    }

    @Test("begin with the status of the moment, and end with the session")
    func events() async throws {
        try await HTTPScene.serve { scene in
            let host = scene.host
            let port = scene.port
            let ended = DispatchSemaphore(value: 0)
            async let texts = offPool {
                let (connection, first) = try Self.listen(port)
                ended.signal()
                return (first, String(decoding: try connection.receiveToEnd(), as: UTF8.self))
            }
            try await offPool { ended.wait() }
            await host.end()
            let (first, rest) = try await texts
            #expect(first.contains("Content-Type: text/event-stream\r\n"))
            #expect(first.contains("event: status\ndata: {"))
            #expect(first.contains("\"stage\":\"awaitingManifest\""))
            #expect(rest.contains("\"stage\":\"ended\""))
            #expect(rest.hasSuffix("0\r\n\r\n"))
        }
    }

    @Test("have a comment in silence")
    func comments() async throws {
        var limits = ServiceLimits()
        limits.commentInterval = .milliseconds(20)
        try await HTTPScene.serve(limits) { scene in
            let port = scene.port
            let text = try await offPool {
                let (connection, first) = try Self.listen(port)
                var text = first
                while !text.contains("\r\n:\n\n\r\n") {
                    text += String(decoding: try connection.receive(), as: UTF8.self)
                }
                return text
            }
            #expect(text.contains("event: status"))
        }
    }

    @Test("are given to whoever comes, and one more ends the oldest listener's, in order")
    func places() async throws {
        var limits = ServiceLimits()
        limits.listeners = 2
        try await HTTPScene.serve(limits) { scene in
            let port = scene.port
            try await offPool {
                let silent = try (0..<2).map { _ in try Self.listen(port).0 }
                let (_, first) = try Self.listen(port)
                #expect(first.contains("\"stage\":\"awaitingManifest\""))
                #expect(try silent[0].receiveToEnd().suffix(5) == Array("0\r\n\r\n".utf8))
                #expect(try !silent[1].isReadable())
            }
        }
    }

    @Test("a stop ends listeners and idle connections, erases the session, and waits for no upload for ever")
    func stops() async throws {
        var limits = ServiceLimits()
        limits.stopPatience = .milliseconds(500)
        try await HTTPScene.serve(limits) { scene in
            let (port, host, server) = (scene.port, scene.host, scene.server)
            let ready = DispatchSemaphore(value: 0)
            async let ends = offPool {
                let (listener, _) = try Self.listen(port)
                let idle = try RawConnection(port: port)
                let upload = try RawConnection(port: port)
                upload.send("PUT /v1/manifest HTTP/1.1\r\nHost: a\r\nContent-Type: application/vnd.2cvm.sealed\r\n")
                upload.send("Expect: 100-continue\r\nContent-Length: 10000\r\n\r\n")
                _ = try upload.answer()
                ready.signal()
                return [
                    try listener.receiveToEnd().suffix(5) == Array("0\r\n\r\n".utf8),
                    try idle.receiveToEnd().isEmpty, try upload.receiveToEnd().count < 10_000,
                ]
            }
            try await offPool { ready.wait() }
            await server.stop()
            #expect(try await ends == [true, true, true])
            try await offPool { while host.status.stage != .ended { usleep(1000) } }
            await #expect(throws: (any Error).self) { try await scene.get("/v1/status") }
        }
    }
}
