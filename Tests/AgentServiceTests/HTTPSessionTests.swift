import AgentAPI
import AgentService
import Commitments
import Evidence
import Foundation
import Keys
import Lifecycle
import Platform
import Primitives
import Sealing
import TestSupport
import Testing

@Suite("A session over HTTP", .timeLimit(.minutes(5)))
struct HTTPSessionTests {
    private let session: SessionScene

    init() throws {
        var session = try SessionScene()
        session.binding = "lock"
        self.session = session
    }

    /// A body in chunks of a size that fits nothing.
    private func chunked(_ bytes: [UInt8]) -> [UInt8] {
        stride(from: 0, to: bytes.count, by: 70_001).flatMap { start -> [UInt8] in
            let piece = bytes[start..<min(start + 70_001, bytes.count)]
            return Array((String(piece.count, radix: 16) + "\r\n").utf8) + piece + Array("\r\n".utf8)
        } + Array("0\r\n\r\n".utf8)
    }

    @Test("goes from the lock over every slot to each participant's stream")
    func whole() async throws {
        try await HTTPScene.serve(session: session) { scene in
            let host = scene.host
            let before = host.status.sessionID
            let envelope = try session.stream(.lock, session.envelope(), by: session.lab, to: host)
            let locked = try await scene.send(envelope, "PUT /v1/manifest")
            #expect(locked.status == 200 && locked.text.contains("\"stage\":\"admitting\""))
            #expect(host.status.sessionID != before)
            let digest = try session.manifest().digest
            #expect(locked.text.contains("\"manifestDigest\":\"\(digest)\""))
            let evidence = try await scene.get("/v1/evidence?nonce=" + String(repeating: "0b", count: 32))
            #expect(try EvidenceBundle(decoding: evidence.body).session.bound.hostData == digest)
            #expect(try await scene.send(envelope, "PUT /v1/manifest").code == "session.locked")

            let token = try OutputsIndex.token(
                of: #require(Name("clinic")), under: session.manifest(), run: 1
            ).description
            #expect(try await scene.get("/v1/outputs/\(token)").code == "outputs.pending")
            let component = try await scene.send(
                chunked(session.componentStream(to: host)), "POST /v1/submissions",
                framing: "Transfer-Encoding: chunked")
            #expect(component.status == 201 && component.text.contains("\"filled\":1"))
            let data = try await scene.send(session.dataStream(to: host), "POST /v1/submissions")
            #expect(data.status == 201 && data.text.contains("\"filled\":2"))
            await SessionScene.wait(for: .finished, of: host)

            let port = scene.port
            let outputs = try await offPool {
                let connection = try RawConnection(port: port)
                connection.send("GET /v1/outputs/\(token) HTTP/1.1\r\nHost: a\r\n\r\n")
                return try connection.answer()
            }
            #expect(outputs.status == 200)
            #expect(outputs.fields["content-type"] == "application/vnd.2cvm.sealed")
            let kept = try await host.outputs(#require(SHA256Digest(hex: token)))
            #expect(try outputs.body == kept.file.read(upTo: kept.byteCount, at: 0))
            #expect(try await session.outputs(of: session.clinic, from: host).outputs == [session.data])
            let unknown = try await scene.get("/v1/outputs/" + String(repeating: "0", count: 64))
            #expect(unknown.status == 404 && unknown.code == "outputs.unknown")
        }
    }

    @Test("takes no submission of another length than its header announces, and leaves the slot open")
    func lengths() async throws {
        try await HTTPScene.serve(session: session) { scene in
            let host = scene.host
            let envelope = try session.stream(.lock, session.envelope(), by: session.clinic, to: host)
            #expect(try await scene.send(envelope, "PUT /v1/manifest").status == 200)
            let stream = try session.dataStream(to: host)
            for (bytes, framing, code) in [
                (stream + [0], nil, "http.body.length"), (stream.dropLast(), nil, "http.body.length"),
                (chunked(stream + [0]), "Transfer-Encoding: chunked", "sealing.chunk.count"),
                (chunked(stream.dropLast()), "Transfer-Encoding: chunked", "sealing.incomplete"),
            ] as [([UInt8], String?, String)] {
                let answer = try await scene.send(bytes, "POST /v1/submissions", framing: framing)
                #expect(answer.status == 400 && answer.code == code, "\(answer.text)")
            }
            #expect(host.status.filledSlots == 0)
            #expect(try await scene.send(stream, "POST /v1/submissions").status == 201)
            let again = try await scene.send(session.dataStream(to: host), "POST /v1/submissions")
            #expect(again.status == 409 && again.code == "session.slot.filled")
        }
    }

    @Test("is ended by a participant's withdrawal, and tells those who listen")
    func withdrawal() async throws {
        try await HTTPScene.serve(session: session) { scene in
            let host = scene.host
            let envelope = try session.stream(.lock, session.envelope(), by: session.clinic, to: host)
            #expect(try await scene.send(envelope, "PUT /v1/manifest").status == 200)
            let stranger = Party("stranger", 9)
            let refused = try session.stream(.withdrawal, [], by: stranger, to: host)
            #expect(try await scene.send(refused, "POST /v1/withdrawals").code == "sealing.signature")
            let withdrawal = try session.stream(.withdrawal, [], by: session.auditor, to: host)
            let answer = try await scene.send(withdrawal, "POST /v1/withdrawals")
            #expect(answer.status == 200 && answer.text.contains("\"stage\":\"ended\""))
            let port = scene.port
            let events = try await offPool {
                let connection = try RawConnection(port: port)
                connection.send("GET /v1/events HTTP/1.1\r\nHost: a\r\n\r\n")
                return String(decoding: try connection.receiveToEnd(), as: UTF8.self)
            }
            #expect(events.contains("\"stage\":\"ended\""))
            #expect(try await scene.send(withdrawal, "POST /v1/withdrawals").status != 200)
        }
    }
}
