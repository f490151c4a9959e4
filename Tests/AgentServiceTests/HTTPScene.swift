import AgentService
import Commitments
import Evidence
import Foundation
import Keys
import Platform
import Primitives
import Simulation
import Synchronization
import TestSupport
import Testing

/// A simulated platform whose reports can be held back, counted and spoilt.
final class TestPlatform: EvidenceSource {
    let simulatedRoot: SHA256Digest? = FixedBytes(repeating: 5)

    struct Behaviour {
        var reportCount = 0
        /// Whether reports wait until they are let go.
        var isHeld = false
        var fails = false
        var givesOtherData = false
        var endorsements: Endorsements
    }

    let behaviour: Mutex<Behaviour>
    private let released = DispatchSemaphore(value: 0)

    /// RSA keys take seconds, so one set serves every test.
    static let shared = Result {
        let keys = try SimulationKeys()
        let start = try #require(Timestamp("2026-01-01"))
        let end = try #require(Timestamp("2053-01-01"))
        return try SimulatedPlatform(SimulatedChip(.genoa, keys: keys), keys: keys, validity: start...end)
    }

    init() throws {
        behaviour = Mutex(Behaviour(endorsements: try Self.endorsements(listedFrom: "2026-01-01")))
    }

    static func endorsements(listedFrom start: String) throws -> Endorsements {
        let platform = try shared.get()
        let start = try #require(Timestamp(start))
        let end = try #require(Timestamp("2053-01-01"))
        return try platform.endorsements(listed: start...end)
    }

    static var none: Endorsements { Endorsements(leaf: nil, intermediate: nil, root: nil, revocationList: nil) }

    func release() { released.signal() }

    func report(on reportData: FixedBytes<64>) throws -> SourcedReport {
        let now = behaviour.withLock { behaviour in
            behaviour.reportCount += 1
            return behaviour
        }
        if now.isHeld { released.wait() }
        if now.fails { throw SimulationError.signingFailed }
        let data = now.givesOtherData ? FixedBytes(repeating: 0x5A) : reportData
        let bytes = try Self.shared.get().report(
            reportData: data, hostData: FixedBytes(repeating: 0), measurement: FixedBytes(repeating: 0xA5))
        return SourcedReport(report: try AttestationReport(decoding: bytes.span), endorsements: now.endorsements)
    }
}

/// A served session that waits for its manifest.
struct HTTPScene: Sendable {
    let port: Int
    let host: SessionHost
    let batcher: EvidenceBatcher
    let server: AgentServer
    let platform: TestPlatform
    let lines: LogLines

    /// Serves while `body` runs, and holds the server to its end afterwards.
    ///
    /// - Parameter session: what the served session waits for; nothing that any test submits, unless it is given.
    static func serve(
        _ limits: ServiceLimits = ServiceLimits(), platform: TestPlatform? = nil, session: SessionScene? = nil,
        _ body: (HTTPScene) async throws -> Void
    ) async throws {
        let place = SessionPlace()
        let platform = try platform ?? TestPlatform()
        let keys = SessionKeys()
        let batcher = EvidenceBatcher(source: platform, keys: keys.identity)
        let host =
            try session?.host(evidence: batcher, keys: keys)
            ?? SessionHost(
                AgentConfiguration(
                    worker: "/bin/true", policy: .reported, bound: .none, simulatedRoot: FixedBytes(repeating: 5),
                    capacity: MachineCapacity(memoryBytes: 1 << 30, fileBytes: 1 << 29), folder: place.path,
                    engine: AgentProgram.engine),
                keys: keys, evidence: batcher)
        let lines = LogLines()
        let log = ServiceLog(program: "test", detail: .requests) { lines.add($0) }
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let server = AgentServer(
            host, evidence: batcher, at: .init(host: "127.0.0.1", port: 0), limits: limits, log: log
        ) { port.yield($0) }
        let running = Task { try await server.run() }
        var listening = ports.makeAsyncIterator()
        let number = try #require(await listening.next())
        let scene = HTTPScene(
            port: number, host: host, batcher: batcher, server: server, platform: platform, lines: lines)
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(scene))
        } catch {
            result = .failure(error)
        }
        await server.stop()
        try await running.value
        await log.close()
        try result.get()
    }

    /// Sends one request, whole, and takes its answer.
    func ask(_ request: String, isHead: Bool = false) async throws -> RawAnswer {
        let port = port
        return try await offPool {
            let connection = try RawConnection(port: port)
            connection.send(request)
            return try connection.answer(isHead: isHead)
        }
    }

    /// Sends one request with a sealed stream for its body.
    func send(_ stream: [UInt8], _ line: String, framing: String? = nil) async throws -> RawAnswer {
        let port = port
        let fields = "Host: a\r\nContent-Type: application/vnd.2cvm.sealed\r\n"
        let head = "\(line) HTTP/1.1\r\n\(fields)\(framing ?? "Content-Length: \(stream.count)")\r\n\r\n"
        return try await offPool {
            let connection = try RawConnection(port: port)
            connection.send(Array(head.utf8) + stream)
            return try connection.answer()
        }
    }

    /// `GET path`.
    func get(_ path: String) async throws -> RawAnswer {
        try await ask("GET \(path) HTTP/1.1\r\nHost: agent\r\n\r\n")
    }

    /// What the service must still do, whatever happened to it.
    func requireService(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let answer = try await get("/v1/status")
        #expect(answer.status == 200, sourceLocation: sourceLocation)
        #expect(answer.text.contains("\"stage\":\"awaitingManifest\""), sourceLocation: sourceLocation)
    }
}

/// Connections that stay open as long as somebody holds this. Each is used by one thread at a time.
final class Connections: @unchecked Sendable {
    let all: [RawConnection]

    init(_ all: [RawConnection]) { self.all = all }
}

/// What was logged.
final class LogLines: Sendable {
    private let text = Mutex("")

    func add(_ bytes: [UInt8]) { text.withLock { $0 += String(decoding: bytes, as: UTF8.self) } }

    var all: String { text.withLock { $0 } }
}
