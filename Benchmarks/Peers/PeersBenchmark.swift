import AgentAPI
import AgentService
import Client
import Commitments
import Evidence
import Foundation
import Keys
import Lifecycle
import Plans
import Platform
import Primitives
import Sealing
import Simulation
import TestSupport

/// What it costs a session to appraise its peers and to take their parts, over loopback, as one JSON object on standard
/// output: `peers-benchmark SENDERS BYTES`.
///
/// The session is an agent's, in this process. Its senders are keys and evidence of a simulated platform: what they do
/// for themselves is not measured, and nothing is executed.
@main
struct PeersBenchmark {
    static func main() async throws {
        let numbers = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        let (senders, byteCount) = (numbers.first ?? 1000, numbers.count > 1 ? numbers[1] : 800)
        let bench = try Bench(senders: senders, byteCount: byteCount)
        let figures = try await bench.measure()
        print(String(decoding: figures.canonicalBytes, as: UTF8.self))
    }
}

/// A pool that collects one part from each of many senders.
private struct Bench {
    let lock: PlannedLock
    let platform: SimulatedPlatform
    let endorsements: Endorsements
    let keys = SessionKeys()
    let byteCount: Int

    init(senders: Int, byteCount: Int) throws {
        self.byteCount = byteCount
        let plan = PlanExample.wide(senders: senders, byteCount: byteCount)
        let signed = try plan.signed().complete()
        guard let name = Name("pool") else { preconditionFailure("this is a name") }
        lock = try PlannedLock(signed, name, manifest: plan.manifests[senders].value.canonicalBytes, policy: nil)
        let simulation = try SimulationKeys()
        guard let start = Timestamp("2026-01-01"), let end = Timestamp("2053-01-01") else {
            preconditionFailure("these are dates")
        }
        platform = try SimulatedPlatform(
            SimulatedChip(.genoa, keys: simulation), keys: simulation, validity: start...end)
        endorsements = try platform.endorsements(listed: start...end)
    }

    /// Serves the pool, shows it its senders, and sends it their parts, one after the other.
    func measure() async throws -> JSONValue {
        let folder = try TemporaryFolder(in: "/dev/shm")
        let source = NoEvidence(root: platform.rootDigest)
        let batcher = EvidenceBatcher(source: source, keys: keys.identity)
        let host = try SessionHost(
            AgentConfiguration(
                worker: "/bin/false", policy: .reported, bound: lock.agreed.manifest.bound,
                simulatedRoot: platform.rootDigest,
                capacity: MachineCapacity(memoryBytes: 16 << 30, fileBytes: 8 << 30), folder: folder.path,
                engine: AgentProgram.engine),
            keys: keys, evidence: self)
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let server = AgentServer(
            host, evidence: batcher, at: .init(host: "127.0.0.1", port: 0), limits: ServiceLimits(),
            log: ServiceLog(program: "peers-benchmark", detail: .nothing)
        ) { port.yield($0) }
        let running = Task { try await server.run() }
        var listening = ports.makeAsyncIterator()
        guard let number = await listening.next() else { preconditionFailure("the server says where it listens") }
        let client = AgentClient(try AgentAddress("http://127.0.0.1:\(number)"))
        let figures = try await measure(client, host)
        await server.stop()
        try await running.value
        _ = consume folder
        return figures
    }

    private func measure(_ client: AgentClient, _ host: SessionHost) async throws -> JSONValue {
        let (nonce, id) = (host.status.peerNonce, keys.identity)
        _ = try await host.lock(
            try sealed(lock.encoded, .lock, slot: "", to: id, PlanExample.parties[0].signing, in: host))
        let senders = try lock.agreed.peers.enumerated().map { index, peer in
            let party = SessionKeys()
            let bundle = try evidence(nonce: nonce, bound: peer.bound, of: party.identity)
            return (peer: peer, keys: party, bundle: bundle)
        }
        var appraisals: [Double] = []
        for sender in senders {
            let time = try await Self.seconds { () async throws in
                try await client.introduce(sender.bundle, boundTo: sender.peer.bound)
            }
            appraisals.append(time)
        }
        let session = host.status.sessionID
        let content = [UInt8](repeating: 0x31, count: byteCount)
        let streams = try senders.map { sender in
            let head = PeerContent(isReleased: true, byteCount: byteCount, salt: FixedBytes(repeating: 1))
            let slot = lock.agreed.flows(from: sender.peer.name)[0].data.description
            return try sealed(
                head.encoded + content, .submission, slot: slot, to: id, sender.keys.signing, in: host)
        }
        precondition(session == host.status.sessionID, "nothing was locked meanwhile")
        let parts = try await Self.seconds { () async throws in
            for stream in streams {
                _ = try await client.submit(stream: ContentSource(stream))
            }
        }
        precondition(host.status.filledSlots == senders.count, "every part was taken")
        appraisals.sort()
        return [
            "senders": .integer(senders.count), "bytes": .integer(byteCount),
            "appraisalMedianMicroseconds": .integer(Int(appraisals[appraisals.count / 2] * 1e6)),
            "appraisalMaximumMicroseconds": .integer(Int((appraisals.last ?? 0) * 1e6)),
            "partsMilliseconds": .integer(Int(parts * 1e3)),
        ]
    }

    private static func seconds(_ body: () async throws -> Void) async throws -> Double {
        let start = ContinuousClock.now
        try await body()
        return start.duration(to: .now) / .seconds(1)
    }

    private func sealed(
        _ content: [UInt8], _ purpose: Purpose, slot: String, to identity: SessionPublicKeys, _ sender: SigningKey,
        in host: SessionHost
    ) throws -> [UInt8] {
        let header = StreamHeader(
            session: host.status.sessionID, purpose: purpose, slot: slot, length: content.count,
            salt: FixedBytes(repeating: 0))
        return try StreamSealer.stream(of: content, to: identity.sealing, header: header, signedBy: sender)
    }

    private func evidence(
        nonce: FixedBytes<32>, bound: BoundDigest, of identity: SessionPublicKeys
    ) throws -> EvidenceBundle {
        guard let tree = NonceTree([nonce]) else { preconditionFailure("one nonce makes a tree") }
        let binding = SessionBinding(nonceRoot: tree.root, bound: bound, keys: identity)
        let report = try platform.report(
            reportData: binding.reportData, hostData: bound.hostData, measurement: FixedBytes(repeating: 0))
        return EvidenceBundle(
            report: try AttestationReport(decoding: report.span), endorsements: endorsements,
            answer: NonceAnswer(nonce: nonce, path: tree.path(at: 0)),
            session: SessionClaim(keys: identity, bound: bound))
    }
}

extension Bench: BundleMaker {
    func bundle(nonce: FixedBytes<32>, boundTo bound: BoundDigest) async throws -> EvidenceBundle {
        try evidence(nonce: nonce, bound: bound, of: keys.identity)
    }
}

/// Nobody asks the pool for evidence here.
private struct NoEvidence: EvidenceSource {
    let root: SHA256Digest
    var simulatedRoot: SHA256Digest? { root }

    func report(on reportData: FixedBytes<64>) throws -> SourcedReport { throw SimulationError.signingFailed }
}
