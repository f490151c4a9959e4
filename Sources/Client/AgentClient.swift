public import AgentAPI
public import Commitments
public import Evidence
public import Keys
public import Lifecycle
public import Primitives

/// Speaks to one agent. Knows HTTP and nothing of trust: what comes back is claimed until it is appraised or opened.
///
/// docs/API.md describes the requests, docs/CLIENT.md shows a session from its lock to its receipt.
public struct AgentClient: Sendable {
    public let address: AgentAddress
    private let patience: Patience

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
        try await exchange.perform(Exchange.Request(.path(.status))) { try await $0.status() }
    }

    /// Asks for evidence on a nonce. Nothing of it is verified here.
    public func evidence(nonce: FixedBytes<32>) async throws(ClientError) -> EvidenceBundle {
        try await exchange.perform(Exchange.Request(.evidence(nonce: nonce))) { answer in
            let bytes = try await answer.body()
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
        try await exchange.perform(Exchange.Request(.path(.events))) { answer in
            answer.expect(byteCount: nil)
            var events = StatusEvents.Reader()
            while let piece = try await answer.next() {
                let statuses: [AgentStatus]
                do throws(StatusEvents.Reader.Fault) {
                    statuses = try events.append(piece)
                } catch {
                    throw ClientError.answer(error == .form ? .form : .tooLarge)
                }
                for status in statuses where !(try await body(status)) { return true }
            }
            return false
        }
    }

    /// Hands certificates or a revocation list over, for the agent to put into its bundles. They are signed, so anyone
    /// may bring them.
    public func putEndorsements(_ endorsements: Endorsements) async throws(ClientError) {
        let body = endorsements.upload
        let request = Exchange.Request(.path(.endorsements), bodyByteCount: body.count)
        try await exchange.perform(request) { sink in
            try await sink.write([body])
        } reading: { _ in
        }
    }

    /// Shows a session the evidence of another session of the plan. What it shows is the agent's to appraise.
    ///
    /// - Parameters:
    ///   - bundle: on the session's `AgentStatus.peerNonce`, with certificates and a revocation list.
    ///   - bound: what the other session is bound to.
    public func introduce(_ bundle: EvidenceBundle, boundTo bound: BoundDigest) async throws(ClientError) {
        let body = bundle.encoded
        let request = Exchange.Request(.peer(boundTo: bound), bodyByteCount: body.count)
        try await exchange.perform(request) { sink in
            try await sink.write([body])
        } reading: { _ in
        }
    }

    /// What the session has signed of what it sent to other sessions, the first first. Nothing of it is verified here.
    public func deliveries() async throws(ClientError) -> DeliveryList {
        try await exchange.perform(Exchange.Request(.path(.deliveries))) { answer in
            let bytes = try await answer.body()
            guard let list = try? DeliveryList(decoding: bytes) else { throw ClientError.answer(.form) }
            return list
        }
    }

    /// Fetches a stream from one session to another, as its bytes come, for those who move them and open nothing.
    ///
    /// - Parameters:
    ///   - token: `FlowToken.stream(to:)`.
    ///   - byteCount: of the stream, as the sender's manifest fixes it. Another size is refused.
    ///   - body: is given each piece.
    public func peerStream(
        _ token: SHA256Digest, byteCount: Int, _ body: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws {
        try await stream(.outputs(token: token), byteCount: byteCount, body)
    }

    /// Fetches a participant's outputs stream, and gives each piece to `body` as it comes, for an ``OutputsReader``.
    ///
    /// The stream's size is what the manifest says. Another one is refused.
    public func outputs(
        of recipient: Participant, run: Int, under manifest: Manifest,
        _ body: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws {
        let token = OutputsIndex.token(of: recipient.name, under: manifest, run: run)
        let byteCount = OutputsReader.streamByteCount(for: recipient.name, under: manifest, run: run)
        try await stream(.outputs(token: token), byteCount: byteCount, body)
    }

    /// Fetches what somebody decides on, which a ``ReviewReader`` opens.
    ///
    /// - Returns: the stream, in memory: as large as what the manifest shows to this participant.
    public func review(
        of participant: Participant, on subject: Review.Subject, run: Int, under manifest: Manifest
    ) async throws(ClientError) -> [UInt8] {
        let token = ReviewIndex.token(of: participant.name, on: subject, under: manifest, run: run)
        let byteCount = ReviewReader.streamByteCount(for: participant.name, on: subject, under: manifest)
        return try await exchange.perform(Exchange.Request(.review(token: token))) { answer in
            answer.expect(byteCount: byteCount)
            var bytes: [UInt8] = []
            while let piece = try await answer.next() {
                bytes += piece
                guard bytes.count <= byteCount else { throw ClientError.answer(.tooLarge) }
            }
            guard bytes.count == byteCount else { throw ClientError.answer(.cut) }
            return bytes
        }
    }

    private func stream(
        _ destination: Destination, byteCount: Int, _ body: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws {
        let request = Exchange.Request(destination)
        let failure: Failure? = try await exchange.perform(request) { answer in
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
        to route: AgentRoute, byteCount: Int, writing writer: @escaping Exchange.BodyWriter
    ) async throws(ClientError) -> AgentStatus {
        let request = Exchange.Request(.path(route), bodyByteCount: byteCount)
        return try await exchange.perform(request, writing: writer) { try await $0.status() }
    }
}
