import Commitments
import Evidence
import NIOCore
import NIOPosix
import Primitives

/// Asks an agent for evidence on several connections, with a fresh nonce for each request, and keeps every answer.
///
/// Nothing is verified while the clock runs: the client shares the machine's cores with the agent. Afterwards each
/// distinct report is appraised once, and every inclusion path is followed to its report's root.
struct EvidenceLoad {
    let host: String
    let port: Int
    let connections: Int
    let duration: Duration

    /// A nonce and the HTTP message that came for it.
    struct Answer: Sendable {
        let nonce: FixedBytes<32>
        let message: ByteBuffer
    }

    /// - Returns: what was complete before the time was over, and how long that was.
    func run() async throws -> (answers: [Answer], seconds: Double) {
        let start = ContinuousClock.now
        let end = start + duration
        let answers = try await withThrowingTaskGroup(of: [Answer].self) { group in
            for _ in 0..<connections { group.addTask { try await ask(until: end) } }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        return (answers, start.duration(to: .now) / .seconds(1))
    }

    private func ask(until end: ContinuousClock.Instant) async throws -> [Answer] {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var generator = SystemRandomNumberGenerator()
            var pieces = inbound.makeAsyncIterator()
            var answers: [Answer] = []
            while ContinuousClock.now < end {
                let nonce = drawNonce(&generator)
                let request =
                    "GET /v1/evidence?nonce=\(nonce) HTTP/1.1\r\nHost: \(host):\(port)\r\nAccept: */*\r\n\r\n"
                try await outbound.write(ByteBuffer(string: request))
                var message = ByteBuffer()
                while !isComplete(message) {
                    guard var piece = try await pieces.next() else { throw LoadError.closed }
                    message.writeBuffer(&piece)
                }
                answers.append(Answer(nonce: nonce, message: message))
            }
            return answers
        }
    }

    private func drawNonce(_ generator: inout SystemRandomNumberGenerator) -> FixedBytes<32> {
        let words = (0..<4).map { _ in generator.next() }
        let bytes = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
        guard let nonce = FixedBytes<32>(bytes) else { preconditionFailure("four words are 32 bytes") }
        return nonce
    }

    /// Whether a head with a Content-Length and as many bytes of body are there.
    private func isComplete(_ message: ByteBuffer) -> Bool {
        guard let (head, length) = Self.frame(message) else { return false }
        return message.readableBytes >= head + length
    }

    /// The sizes of a message's head, blank line included, and of its body.
    private static func frame(_ message: ByteBuffer) -> (head: Int, body: Int)? {
        let start = message.getString(at: message.readerIndex, length: min(message.readableBytes, 2048)) ?? ""
        guard let blank = start.firstRange(of: "\r\n\r\n") else { return nil }
        let head = start[..<blank.upperBound]
        for line in head.split(separator: "\r\n") where line.lowercased().hasPrefix("content-length:") {
            guard let length = Int(line.drop { $0 != ":" }.dropFirst().drop { $0 == " " }) else { return nil }
            return (head.utf8.count, length)
        }
        return nil
    }
}

extension EvidenceLoad.Answer {
    /// The body of an answer with status 200.
    func body() throws -> [UInt8] {
        let text = message.getString(at: message.readerIndex, length: min(message.readableBytes, 2048)) ?? ""
        guard text.hasPrefix("HTTP/1.1 200"), let blank = text.firstRange(of: "\r\n\r\n") else {
            throw LoadError.refused
        }
        let head = text[..<blank.upperBound].utf8.count
        return Array(message.readableBytesView.dropFirst(head))
    }
}

/// What makes a figure worthless.
enum LoadError: Error {
    case closed, refused, usage
    /// What speaks against an answer.
    case contraindicated([String])
}
