import AgentAPI
import Client
import Evidence
import Primitives
import Testing

@Suite("An agent that is none")
struct HostileAgentTests {
    private static let status = [
        #"{"version":1,"stage":"admitting","manifestDigest":"\#(zeros)","session":"\#(zeros)","#,
        #""slots":{"total":2,"filled":1,"open":1},"simulated":true,"secondsLeft":90,"#,
        #""peerNonce":"\#(String(repeating: "3", count: 64))"}"#,
    ].joined()
    private static let zeros = String(repeating: "0", count: 64)

    private static func answer(_ status: String, _ type: String, _ body: String, length: Int? = nil) -> String {
        "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(length ?? body.utf8.count)\r\n\r\n\(body)"
    }

    private func error(of bytes: String) async throws -> ClientError? {
        let agent = try await Answering(bytes)
        let error = await #expect(throws: ClientError.self) { try await agent.client.status() }
        try await agent.stop()
        return error
    }

    @Test("is heard where it speaks as one")
    func honest() async throws {
        let agent = try await Answering(Self.answer("200 OK", "application/json", Self.status))
        let status = try await agent.client.status()
        #expect(status.stage == .admitting && status.filledSlots == 1 && status.openSlots == 1 && status.isSimulated)
        #expect(status.secondsLeft == 90 && status.end == nil)
        try await agent.stop()
    }

    @Test(
        "is refused for what is no status",
        arguments: [
            "", "null", "[]", "{}", status + "x", status.replacing("admitting", with: "done"),
            status.replacing("\"filled\":1", with: "\"filled\":3"), status.replacing(":true", with: ":1"),
            status.replacing("\"version\":1", with: "\"version\":2"), "{\"extra\":1," + status.dropFirst(),
            status.replacing("\"open\":1", with: "\"open\":2"), status.replacing(":90", with: ":-1"),
            status.replacing("admitting", with: "ended"), status.dropLast() + ",\"end\":\"withdrawn\"}",
            status.replacing("admitting", with: "ended").dropLast() + ",\"end\":\"failed\"}",
        ])
    func malformed(body: String) async throws {
        #expect(try await error(of: Self.answer("200 OK", "application/json", body)) == .answer(.form))
    }

    @Test("is refused for another type, another status, or a redirection")
    func otherAnswers() async throws {
        #expect(try await error(of: Self.answer("200 OK", "text/html", Self.status)) == .answer(.status(200)))
        #expect(try await error(of: Self.answer("204 No", "application/json", "")) == .answer(.status(204)))
        let moved = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
        #expect(try await error(of: moved) == .answer(.redirected))
    }

    @Test("is refused for an answer that is larger than it may be, said or not")
    func tooLarge() async throws {
        let large = String(repeating: " ", count: 5000)
        #expect(try await error(of: Self.answer("200 OK", "application/json", large)) == .answer(.tooLarge))
        let chunked =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "1388\r\n\(large)\r\n"
        #expect(try await error(of: chunked + "0\r\n\r\n") == .answer(.tooLarge))
    }

    @Test(
        "gives no answer when it is cut, or not HTTP at all",
        arguments: [
            "", "HTTP/1.1 200 OK\r\n", "SSH-2.0-OpenSSH\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
            answer("200 OK", "application/json", status, length: 4000),
        ])
    func noAnswer(bytes: String) async throws {
        let error = try await error(of: bytes)
        #expect(error != nil)
    }

    @Test("is quoted by its code, and only in the form that a problem has")
    func problems() async throws {
        let problem =
            #"{"type":"urn:2cvm:problem:http.busy","title":"Too many at once.","status":503,"code":"http.busy"}"#
        let error = try await error(of: Self.answer("503 Busy", "application/problem+json", problem))
        guard case .refused(let words) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(words.code == "http.busy" && words.title == "Too many at once." && words.status == 503)
        #expect(words.isTemporary)
        for wrong in [
            problem.replacing("503", with: "404"), problem.replacing("http.busy\"}", with: "A B\"}"), "{}",
            problem.dropLast() + ",\"more\":1}",
            // A second line could pass for a program's own.
            problem.replacing("Too many", with: #"Too\nmany"#),
            problem.dropLast() + #","hint":"a\n2cvm: all is well"}"#,
        ] {
            let answer = Self.answer("503 Busy", "application/problem+json", String(wrong))
            #expect(try await self.error(of: answer) == .answer(.form))
        }
    }

    private static let chunkedHead =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"

    /// What never comes to an end, though something comes all the time.
    private static let unending = [
        ["HTTP/1.1 200 ", String(repeating: "a", count: 4096)],
        ["", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"],
        ["HTTP/1.1 200 OK\r\nX: a", "\r\n"],
        [chunkedHead + "1;", String(repeating: "a", count: 4096)],
        [chunkedHead, "0;" + String(repeating: "a", count: 4096)],
        ["HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n\r\n", ""],
    ]

    @Test("holds no client for longer than it has patience, whatever it sends meanwhile", arguments: unending)
    func endless(_ parts: [String]) async throws {
        var patience = Patience()
        (patience.head, patience.body) = (.milliseconds(700), .milliseconds(700))
        // Where nothing more is sent, the connection is left open.
        let agent = try await Answering(parts[0], then: parts[1].isEmpty ? "\u{0}" : parts[1], patience: patience)
        let begin = ContinuousClock.now
        let error = await #expect(throws: ClientError.self) { try await agent.client.status() }
        #expect(begin.duration(to: .now) < .seconds(30))
        switch error {
        case .slow, .answer(.notHTTP), .answer(.form), .answer(.tooLarge), .answer(.status): break
        default: Issue.record("\(String(describing: error))")
        }
        try await agent.stop()
    }

    @Test("holds no client that only wants to hear when the session ends, before it has begun to tell")
    func endlessHead() async throws {
        var patience = Patience()
        patience.head = .milliseconds(300)
        let agent = try await Answering(
            "HTTP/1.1 103 Early Hints\r\n\r\n", then: "HTTP/1.1 103 Early Hints\r\n\r\n", patience: patience)
        let error = await #expect(throws: ClientError.self) { try await agent.client.followStatus { _ in true } }
        #expect(error == .slow(seconds: 0))
        try await agent.stop()
    }

    @Test("is unreachable where nothing listens")
    func unreachable() async throws {
        let agent = try await Answering("")
        try await agent.stop()
        let error = await #expect(throws: ClientError.self) { try await agent.client.status() }
        #expect(error == .unreachable(agent.client.address))
    }

    @Test("never gives evidence that decodes to something else")
    func evidence() async throws {
        let agent = try await Answering(Self.answer("200 OK", EvidenceBundle.mediaType, "{\"version\":1}"))
        let error = await #expect(throws: ClientError.self) {
            try await agent.client.evidence(nonce: FixedBytes(repeating: 1))
        }
        guard case .evidence = error else { throw Unexpected() }
        try await agent.stop()
    }

    private struct Unexpected: Error {}
}
