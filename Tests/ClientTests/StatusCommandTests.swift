import Client
import Foundation
import TestSupport
import Testing

@Suite("2cvm status", .timeLimit(.minutes(2)))
struct StatusCommandTests {
    private static let zeros = String(repeating: "0", count: 64)

    private static func status(_ stage: String, _ more: String = "") -> String {
        #"{"version":1,"stage":"\#(stage)","manifestDigest":"\#(zeros)","session":"\#(zeros)","#
            + #""slots":{"total":3,"filled":1,"open":2},"simulated":false,"#
            + #""peerNonce":"\#(String(repeating: "3", count: 64))"\#(more)}"#
    }

    /// What an agent says to a listener: these statuses, and then nothing more.
    private static func events(_ statuses: String...) -> String {
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
            + statuses.map { "event: status\ndata: \($0)\n\n" }.joined()
    }

    private struct Ran {
        let status: Int32
        let output: String
        let errors: String
    }

    /// Asks an agent that answers with these bytes.
    private func run(_ answer: String, _ arguments: String..., isOnce: Bool = false) async throws -> Ran {
        let agent = try await Answering(answer, isOnce: isOnce)
        let url = agent.client.address.description
        let ran = try await offPool {
            let process = Process()
            process.executableURL = Repository.root.appending(path: ".build/release/2cvm")
            process.arguments = ["status", url] + arguments
            let (output, errors) = (Pipe(), Pipe())
            (process.standardOutput, process.standardError) = (output, errors)
            try process.run()
            let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            let errorText = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            return Ran(status: process.terminationStatus, output: text, errors: errorText)
        }
        if !isOnce { try await agent.stop() }
        return ran
    }

    @Test("ends with 0 when there is something to fetch")
    func finished() async throws {
        let ran = try await run(
            Self.events(Self.status("admitting"), Self.status("finished", ",\"secondsLeft\":90000")), "--follow")
        #expect(ran.status == 0 && ran.errors == "")
        #expect(
            ran.output == "takes submissions, 1 of 3 slots filled, 2 open\n"
                + "finished: fetch your outputs, 1 of 3 slots filled, 2 open, 25 h left\n")
    }

    @Test(
        "ends with 1 when there never will be, and says why",
        arguments: [
            ("admissionExpired", "admission", "not every slot was filled in time"),
            ("withdrawn", "withdrawal", "a participant withdrew"), ("retentionOver", "retention", "had waited"),
            ("stopped", "stop", "it was stopped"),
        ])
    func ended(_ end: String, _ code: String, _ words: String) async throws {
        let ran = try await run(Self.events(Self.status("ended", ",\"end\":\"\(end)\"")), "--follow")
        #expect(ran.status == 1)
        #expect(ran.errors.contains("error[session.ended.\(code)]: the session ended because"))
        #expect(ran.errors.contains(words) && ran.output.contains(words))
    }

    @Test("ends with 3 when the agent stops before the session is over")
    func stopped() async throws {
        let ran = try await run(Self.events(Self.status("admitting")), "--follow", isOnce: true)
        #expect(ran.status == 3)
        #expect(ran.output == "takes submissions, 1 of 3 slots filled, 2 open\n")
        #expect(ran.errors.contains("error[agent.unreachable]"))
    }

    @Test("ends with 0 for any answer where nothing is waited for")
    func once() async throws {
        let body = Self.status("ended", ",\"end\":\"withdrawn\"")
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
        let ran = try await run(head + body)
        #expect(ran.status == 0 && ran.output.hasPrefix("the session ended because a participant withdrew"))
        let json = try await run(head + body, "--json")
        #expect(json.status == 0 && json.output.contains("\"end\": \"withdrawn\""))
        #expect(json.output.contains("\"open\": 2"))
    }
}
