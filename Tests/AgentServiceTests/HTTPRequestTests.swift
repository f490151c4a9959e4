import AgentAPI
import AgentService
import Foundation
import Primitives
import TestSupport
import Testing

private let host = "Host: agent\r\n"

/// A request, and the code of the problem that answers it.
struct Refused: Sendable, CustomTestStringConvertible {
    let request: String
    let status: Int
    let code: String

    init(_ request: String, _ status: Int, _ code: String) {
        (self.request, self.status, self.code) = (request, status, code)
    }

    var testDescription: String { "\(code): \(request.prefix(60).debugDescription)" }
}

@Suite("The agent's HTTP requests")
struct HTTPRequestTests {
    private static let nonce = String(repeating: "0a", count: 32)

    @Test("for the status are answered with its JSON, and nothing about the program")
    func status() async throws {
        try await HTTPScene.serve { scene in
            let answer = try await scene.get("/v1/status")
            #expect(answer.status == 200)
            #expect(answer.fields["content-type"] == "application/json")
            #expect(answer.fields["cache-control"] == "no-store")
            #expect(answer.fields["x-content-type-options"] == "nosniff")
            #expect(answer.fields["server"] == nil && answer.fields["date"] == nil)
            let object = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
            #expect(object?["stage"] as? String == "awaitingManifest")
            #expect(object?["simulated"] as? Bool == true)
            #expect(object?["session"] as? String == scene.host.status.sessionID.description)
        }
    }

    static let targets: [Refused] = [
        Refused("GET /v1/nothing HTTP/1.1\r\n\(host)\r\n", 404, "http.path"),
        Refused("GET / HTTP/1.1\r\n\(host)\r\n", 404, "http.path"),
        Refused("GET /v1/status/ HTTP/1.1\r\n\(host)\r\n", 404, "http.path"),
        Refused("GET //v1/status HTTP/1.1\r\n\(host)\r\n", 404, "http.path"),
        Refused("GET /v1/./status HTTP/1.1\r\n\(host)\r\n", 404, "http.path"),
        Refused("GET /V1/STATUS HTTP/1.1\r\n\(host)\r\n", 404, "http.path"),
        Refused("GET /v1/st%61tus HTTP/1.1\r\n\(host)\r\n", 400, "http.target"),
        Refused("GET /v1/status%00 HTTP/1.1\r\n\(host)\r\n", 400, "http.target"),
        Refused("GET http://agent/v1/status HTTP/1.1\r\n\(host)\r\n", 400, "http.target"),
        Refused("GET /v1/outputs/{token} HTTP/1.1\r\n\(host)\r\n", 400, "http.target"),
        Refused("GET /v1/outputs/ HTTP/1.1\r\n\(host)\r\n", 404, "http.path"),
        Refused("GET /v1/outputs/\(nonce.dropLast()) HTTP/1.1\r\n\(host)\r\n", 404, "http.path"),
        Refused("GET /v1/outputs/\(nonce.uppercased()) HTTP/1.1\r\n\(host)\r\n", 404, "http.path"),
        Refused("GET /v1/outputs/\(nonce)/ HTTP/1.1\r\n\(host)\r\n", 404, "http.path"),
        Refused("GET /v1/outputs/\(nonce) HTTP/1.1\r\n\(host)\r\n", 409, "outputs.pending"),
        Refused("GET /v1/status?a=b HTTP/1.1\r\n\(host)\r\n", 400, "http.query"),
        Refused("GET /v1/status? HTTP/1.1\r\n\(host)\r\n", 400, "http.query"),
        Refused("GET /v1/evidence HTTP/1.1\r\n\(host)\r\n", 400, "http.nonce"),
        Refused("GET /v1/evidence? HTTP/1.1\r\n\(host)\r\n", 400, "http.nonce"),
        Refused("GET /v1/evidence?nonce= HTTP/1.1\r\n\(host)\r\n", 400, "http.nonce"),
        Refused("GET /v1/evidence?nonce=\(nonce)0 HTTP/1.1\r\n\(host)\r\n", 400, "http.nonce"),
        Refused("GET /v1/evidence?nonce=\(nonce.uppercased()) HTTP/1.1\r\n\(host)\r\n", 400, "http.nonce"),
        Refused("GET /v1/evidence?nonce=\(nonce)&nonce=\(nonce) HTTP/1.1\r\n\(host)\r\n", 400, "http.nonce"),
        Refused("GET /v1/evidence?nonce=\(nonce)&more=1 HTTP/1.1\r\n\(host)\r\n", 400, "http.nonce"),
        Refused("GET /v1/evidence?more=1&nonce=\(nonce) HTTP/1.1\r\n\(host)\r\n", 400, "http.nonce"),
        Refused("GET /v1/evidence?Nonce=\(nonce) HTTP/1.1\r\n\(host)\r\n", 400, "http.nonce"),
        Refused("GET /v1/evidence?nonce=%30\(nonce.dropFirst()) HTTP/1.1\r\n\(host)\r\n", 400, "http.target"),
    ]

    static let methods: [Refused] = [
        Refused("OPTIONS /v1/status HTTP/1.1\r\n\(host)\r\n", 405, "http.method"),
        Refused("DELETE /v1/manifest HTTP/1.1\r\n\(host)\r\n", 405, "http.method"),
        Refused("GET /v1/submissions HTTP/1.1\r\n\(host)\r\n", 405, "http.method"),
        Refused("POST /v1/status HTTP/1.1\r\n\(host)Content-Length: 0\r\n\r\n", 405, "http.method"),
        Refused("TRACE /v1/status HTTP/1.1\r\n\(host)\r\n", 405, "http.method"),
        Refused("FETCH /v1/status HTTP/1.1\r\n\(host)\r\n", 501, "http.method.unknown"),
        Refused("get /v1/status HTTP/1.1\r\n\(host)\r\n", 501, "http.method.unknown"),
        Refused("CONNECT agent:80 HTTP/1.1\r\n\(host)\r\n", 400, "http.upgrade"),
        Refused("OPTIONS * HTTP/1.1\r\n\(host)\r\n", 400, "http.target"),
    ]

    static let heads: [Refused] = [
        Refused("GET /v1/status HTTP/1.0\r\n\(host)\r\n", 505, "http.version"),
        Refused("GET /v1/status HTTP/2.0\r\n\(host)\r\n", 505, "http.version"),
        Refused("GET /v1/status HTTP/1.1\r\n\r\n", 400, "http.host"),
        Refused("GET /v1/status HTTP/1.1\r\n\(host)\(host)\r\n", 400, "http.host"),
        Refused("GET /v1/status HTTP/1.1\r\nHost: a, b\r\n\r\n", 400, "http.host"),
        Refused("GET /v1/status HTTP/1.1\r\nHost: a/b\r\n\r\n", 400, "http.host"),
        Refused("GET /v1/status HTTP/1.1\r\n\(host)Upgrade: h2c\r\nConnection: upgrade\r\n\r\n", 400, "http.upgrade"),
        Refused("GET /v1/status HTTP/1.1\r\n\(host)Expect: a-miracle\r\n\r\n", 417, "http.expectation"),
        Refused("GET /v1/status HTTP/1.1\r\n\(host)Content-Length: 5\r\n\r\nhello", 400, "http.body.unexpected"),
        Refused(
            "GET /v1/status HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
            "http.body.unexpected"),
        Refused("PUT /v1/endorsements HTTP/1.1\r\n\(host)\r\n", 415, "http.media-type"),
        Refused(
            "PUT /v1/endorsements HTTP/1.1\r\n\(host)Content-Type: application/json\r\n\r\n", 400, "http.body.length"),
        Refused(
            "PUT /v1/endorsements HTTP/1.1\r\n\(host)Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}", 415,
            "http.media-type"),
        Refused(
            "PUT /v1/endorsements HTTP/1.1\r\n\(host)Content-Type: application/json\r\nContent-Encoding: gzip\r\n"
                + "Content-Length: 2\r\n\r\n{}", 415, "http.content-coding"),
    ]

    @Test("to odd targets, by odd methods and with odd heads are refused", arguments: targets + methods + heads)
    func refuses(_ refused: Refused) async throws {
        try await HTTPScene.serve { scene in
            let answer = try await scene.ask(refused.request)
            #expect(answer.status == refused.status)
            #expect(answer.code == refused.code, "\(answer.text)")
            #expect(answer.fields["content-type"] == "application/problem+json")
            try await scene.requireService()
        }
    }

    @Test("by HEAD are answered without a body")
    func head() async throws {
        try await HTTPScene.serve { scene in
            let answer = try await scene.ask("HEAD /v1/status HTTP/1.1\r\n\(host)\r\n", isHead: true)
            #expect(answer.status == 405)
            #expect(answer.fields["allow"] == "GET")
        }
    }

    @Test("that come together are answered in their order")
    func pipelining() async throws {
        try await HTTPScene.serve { scene in
            let port = scene.port
            let codes = try await offPool {
                let connection = try RawConnection(port: port)
                let pending = "GET /v1/outputs/\(Self.nonce) HTTP/1.1\r\n\(host)\r\n"
                let status = "GET /v1/status HTTP/1.1\r\n\(host)\r\n"
                connection.send(status + pending + status + pending)
                return try (0..<4).map { _ in try connection.answer().status }
            }
            #expect(codes == [200, 409, 200, 409])
        }
    }

    @Test("leave no name, token or nonce in the log")
    func log() async throws {
        try await HTTPScene.serve { scene in
            _ = try await scene.get("/v1/evidence?nonce=\(Self.nonce)")
            _ = try await scene.get("/v1/outputs/\(Self.nonce)")
            _ = try await scene.get("/v1/secret-name")
            try await offPool {
                while !scene.lines.all.contains("http.path") { usleep(1000) }
            }
            let log = scene.lines.all
            #expect(log.contains("GET /v1/outputs/{token} 409 outputs.pending in "))
            #expect(log.contains("GET /v1/evidence 200 in "))
            #expect(!log.contains(Self.nonce) && !log.contains("secret") && !log.contains("127.0.0.1"))
        }
    }
}
