import AgentAPI
import Keys
import Lifecycle
import Primitives
import Testing

@Suite("What both sides of the API say")
struct AgentAPITests {
    private static let argument = FixedBytes<32>(repeating: 0xA7)

    @Test("each destination is read as it was written", arguments: AgentRoute.allCases)
    func destinations(_ route: AgentRoute) throws {
        let destination: Destination =
            switch route {
            case .evidence: .evidence(nonce: Self.argument)
            case .outputs: .outputs(token: Self.argument)
            case .reviews: .review(token: Self.argument)
            case .peers: .peer(boundTo: BoundDigest(Self.argument))
            default: .path(route)
            }
        #expect(try Destination(target: destination.target) == destination)
    }

    @Test("each problem is read as it was written, and never under another status", arguments: AgentProblem.all)
    func problems(_ problem: AgentProblem) {
        #expect(AgentProblem(decoding: problem.encoded, status: problem.status) == problem)
        #expect(AgentProblem(decoding: problem.encoded, status: problem.status + 1) == nil)
        #expect(problem.encoded.count <= AgentProblem.maximumByteCount)
    }

    private func status(secondsLeft: Int?) throws -> AgentStatus {
        let keys = SessionPublicKeys(
            sealing: SealingKey(seed: SecretSeed(FixedBytes(repeating: 1))).publicKey,
            signing: SigningKey(seed: SecretSeed(FixedBytes(repeating: 2))).publicKey)
        let session = Session(identity: keys, boundTo: .none)
        var status = AgentStatus(session, peerNonce: FixedBytes(repeating: 7), isSimulated: true)
        status.secondsLeft = secondsLeft
        return status
    }

    @Test("a status is read as it was written", arguments: [nil, 0, 90])
    func statuses(_ secondsLeft: Int?) throws {
        let status = try status(secondsLeft: secondsLeft)
        #expect(AgentStatus(decoding: status.json.canonicalBytes) == status)
    }

    @Test("events are read as they were written, wherever the stream is cut")
    func events() throws {
        let sent = try [nil, 7, 8].map { try status(secondsLeft: $0) }
        let stream = sent.flatMap { StatusEvents.comment + StatusEvents.event($0) }
        for size in [1, 7, 300, stream.count] {
            var reader = StatusEvents.Reader()
            var heard: [AgentStatus] = []
            for start in stride(from: 0, to: stream.count, by: size) {
                heard += try reader.append(Array(stream[start..<min(start + size, stream.count)]))
            }
            #expect(heard == sent)
        }
    }

    @Test("a line that is no status, or has no end, is refused")
    func strayEvents() throws {
        var reader = StatusEvents.Reader()
        #expect(throws: StatusEvents.Reader.Fault.form) { try reader.append(Array("data: {}\n".utf8)) }
        var endless = StatusEvents.Reader()
        #expect(throws: StatusEvents.Reader.Fault.tooLong) {
            try endless.append([UInt8](repeating: UInt8(ascii: "a"), count: AgentStatus.maximumByteCount + 1))
        }
    }
}
