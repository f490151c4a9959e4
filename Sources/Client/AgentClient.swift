public import Commitments
public import Evidence
internal import Lifecycle
internal import NIOHTTP1
public import Primitives

/// Speaks to one agent. Knows HTTP and nothing of trust: what comes back is claimed until it is appraised or opened.
///
/// docs/API.md describes the requests, docs/CLIENT.md shows a session from its lock to its receipt.
public struct AgentClient: Sendable {
    public let address: AgentAddress
    private let patience: Patience

    /// The type of every sealed stream.
    static let streamType = "application/vnd.2cvm.sealed"
    private static let statusType = "application/json"

    /// Speaks to the agent at an address. Connects only when something is asked.
    public init(_ address: AgentAddress) {
        self.init(address, patience: Patience())
    }

    /// Speaks to the agent at an address for as long as this allows.
    package init(_ address: AgentAddress, patience: Patience) {
        self.address = address
        self.patience = patience
    }

    private var exchange: Exchange { Exchange(address: address, patience: patience) }

    /// Asks where the session stands.
    public func status() async throws(ClientError) -> AgentStatus {
        let request = Exchange.Request(method: .GET, path: "/v1/status", accept: Self.statusType)
        return try await exchange.perform(request) { answer in
            try await answer.require(200, Self.statusType)
            return try AgentStatus(decoding: try await answer.body(upTo: AgentStatus.maximumByteCount))
        }
    }

    /// Asks for evidence on a nonce. Nothing of it is verified here.
    public func evidence(nonce: FixedBytes<32>) async throws(ClientError) -> EvidenceBundle {
        let request = Exchange.Request(
            method: .GET, path: "/v1/evidence?nonce=\(nonce)", accept: EvidenceBundle.mediaType)
        return try await exchange.perform(request) { answer in
            try await answer.require(200, EvidenceBundle.mediaType)
            let bytes = try await answer.body(upTo: EvidenceBundle.maximumByteCount)
            do throws(EvidenceFileError) {
                return try EvidenceBundle(decoding: bytes)
            } catch {
                throw ClientError.evidence(code: error.code, message: error.message)
            }
        }
    }

    /// Hears each status, first the one of now, until the session has ended or `body` returns `false`.
    ///
    /// - Returns: whether it was `body` that ended it. The agent may also stop, or drop a listener.
    @discardableResult
    public func followStatus(
        _ body: @escaping @Sendable (AgentStatus) async throws -> Bool
    ) async throws(ClientError) -> Bool {
        let request = Exchange.Request(method: .GET, path: "/v1/events", accept: "text/event-stream")
        return try await exchange.perform(request) { answer in
            try await answer.require(200, "text/event-stream")
            answer.expect(byteCount: nil)
            var lines = EventLines()
            while let piece = try await answer.next() {
                for data in try lines.append(piece) where !(try await body(try AgentStatus(decoding: data))) {
                    return true
                }
            }
            return false
        }
    }

    /// Hands certificates or a revocation list over, for the agent to put into its bundles. They are signed, so anyone
    /// may bring them.
    public func putEndorsements(_ endorsements: Endorsements) async throws(ClientError) {
        let body = endorsements.upload
        let request = Exchange.Request(
            method: .PUT, path: "/v1/endorsements", accept: Self.statusType, body: (Self.statusType, body.count))
        try await exchange.perform(request) { sink in
            try await sink.write([body])
        } reading: { answer in
            if answer.status != 204 { try await answer.require(204, Self.statusType) }
        }
    }

    /// Fetches a participant's outputs stream, and gives each piece to `body` as it comes, for an ``OutputsReader``.
    ///
    /// The stream's size is what the manifest says. Another one is refused.
    public func outputs(
        of recipient: Participant, under manifest: Manifest, _ body: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws {
        let token = OutputsIndex.token(of: recipient.name, under: manifest)
        let byteCount = OutputsReader.streamByteCount(for: recipient.name, under: manifest)
        let request = Exchange.Request(method: .GET, path: "/v1/outputs/\(token)", accept: Self.streamType)
        let failure: Failure? = try await exchange.perform(request) { answer in
            try await answer.require(200, Self.streamType)
            answer.expect(byteCount: byteCount)
            var count = 0
            while let piece = try await answer.next() {
                count += piece.count
                guard count <= byteCount else { throw ClientError.answer(.tooLarge) }
                do {
                    try await body(piece)
                } catch {
                    return Failure(error)
                }
            }
            guard count == byteCount else { throw ClientError.answer(.cut) }
            return nil
        }
        if let failure { throw failure.error }
    }

    /// An error of the reader's: not one of the connection.
    private struct Failure: Sendable {
        let error: any Error

        init(_ error: any Error) {
            self.error = error
        }
    }

    /// Sends a sealed stream and returns the session's status after it was taken.
    func send(
        _ path: String, _ method: HTTPMethod, byteCount: Int, expecting status: Int,
        writing writer: @escaping Exchange.BodyWriter
    ) async throws(ClientError) -> AgentStatus {
        let request = Exchange.Request(
            method: method, path: path, accept: Self.statusType, body: (Self.streamType, byteCount))
        return try await exchange.perform(request, writing: writer) { answer in
            try await answer.require(status, Self.statusType)
            return try AgentStatus(decoding: try await answer.body(upTo: AgentStatus.maximumByteCount))
        }
    }
}

/// Takes the data of server-sent events out of a stream of bytes. One line holds one status.
struct EventLines {
    private var rest: [UInt8] = []

    /// - Returns: what stood behind `data:` in the lines that are whole now.
    mutating func append(_ piece: [UInt8]) throws(ClientError) -> [[UInt8]] {
        rest += piece
        var found: [[UInt8]] = []
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let line = rest[..<end]
            if line.starts(with: Array("data:".utf8)) {
                found.append(Array(line.dropFirst(5).drop { $0 == UInt8(ascii: " ") }))
            }
            rest.removeSubrange(...end)
        }
        guard rest.count <= AgentStatus.maximumByteCount else { throw .answer(.tooLarge) }
        return found
    }
}
