import AgentAPI
import AgentService
import Commitments
import Composition
import Evidence
import Foundation
import Keys
import Lifecycle
import Platform
import Plans
import Primitives
import Sealing
import Simulation
import TestSupport
import Testing

/// A plan of two sites and a pool, each on a simulated machine under one root, and the host that moves what it likes.
/// Every component copies its data to its output.
struct PlannedScene {
    let component: [UInt8]
    var example: PlanExample
    let place = SessionPlace()
    /// What each hospital brings: one line of text.
    var data = ["site-a": Array("moments of a\n".utf8), "site-b": Array("moments of b\n".utf8)]

    static let salt = FixedBytes<32>(repeating: 0x44)
    static let measurement = FixedBytes<48>(repeating: 0)

    init() throws {
        component = try ComponentText(named: "Jobs/copies-a-file").binary()
        let imports = JSONValue.array(
            try ComponentDescription(of: component).listedImports.map { .string($0) })
        let digest = JSONValue.string(SHA256Digest(sha256: component).prefixed)
        var example = PlanExample().plan("evidence.revocationNotBefore", to: "2026-01-01")
        for session in ["site-a", "site-b", "pool"] {
            example = example.manifest(session, "components.0.digest", to: digest)
                .manifest(session, "components.0.imports", to: imports)
                .manifest(session, "components.0.maximumBytes", to: .integer(component.count))
                .manifest(session, "channels.0.path", to: "/data/data")
        }
        for site in ["site-a", "site-b"] {
            example = example.manifest(site, "data.0.commitment", to: "any")
                .manifest(site, "channels.1.path", to: "/output/copy")
        }
        self.example = example.manifest("pool", "channels.1.path", to: "/data/more")
            .manifest("pool", "channels.2.path", to: "/output/copy")
    }

    func plan() throws -> FullySignedPlan { try example.signed().complete() }

    func lock(_ session: String) throws -> PlannedLock {
        let name = try #require(Name(session))
        return try PlannedLock(plan(), name, manifest: try #require(example.documents[name]), policy: nil)
    }
}

extension PlannedScene {
    /// One machine that is locked to a session of the plan.
    struct Machine {
        let host: SessionHost
        let keys: SessionKeys
        let lock: PlannedLock
        let hostData: BoundDigest

        var bound: BoundDigest { lock.agreed.manifest.bound }
    }

    /// - Parameter root: the simulated root that the machine takes its peers under; `nil` on a processor.
    func machine(_ session: String, root: SHA256Digest?? = .none) async throws -> Machine {
        let lock = try lock(session)
        let keys = SessionKeys()
        let own = try SampleEvidence.keys.get().rootDigest
        let configuration = AgentConfiguration(
            worker: Repository.root.appending(path: ".build/release/2cvm-worker").path, policy: .reported,
            bound: lock.agreed.manifest.bound, simulatedRoot: root ?? own,
            capacity: MachineCapacity(memoryBytes: 8 << 30, fileBytes: 4 << 30), folder: place.path,
            engine: "wasmtime 50.0.1")
        let host = try SessionHost(configuration, keys: keys, evidence: SampleEvidence(identity: keys.identity))
        let party = PlanExample.parties[0]
        _ = try await host.lock(try stream(.lock, lock.encoded, by: party, to: host))
        return Machine(host: host, keys: keys, lock: lock, hostData: lock.agreed.manifest.bound)
    }

    /// Brings what participants bring.
    func bring(to machine: Machine) async throws {
        let name = machine.lock.agreed.manifest.name.description
        let (code, owner) = (PlanExample.parties[2], PlanExample.parties[name == "site-a" ? 0 : 1])
        let slot = machine.lock.agreed.manifest.components[0].name.description
        try await submit(try stream(.submission, slot: slot, component, by: code, to: machine.host), to: machine)
        guard let data = data[name] else { return }
        let patients = try stream(
            .submission, slot: "patients", data, by: owner, to: machine.host, salt: Self.salt)
        try await submit(patients, to: machine)
    }

    func submit(_ stream: [UInt8], to machine: Machine) async throws {
        let submission = try await machine.host.beginSubmission(Array(stream.prefix(SessionHost.prologueByteCount)))
        try await submission.append(stream.dropFirst(SessionHost.prologueByteCount))
        _ = try await submission.finish()
    }

    func stream(
        _ purpose: Purpose, slot: String = "", _ content: [UInt8], by sender: Party, to host: SessionHost,
        salt: FixedBytes<32> = FixedBytes(repeating: 0)
    ) throws -> [UInt8] {
        let header = StreamHeader(
            session: host.status.sessionID, purpose: purpose, slot: slot, length: content.count, salt: salt)
        return try Self.sealed(content, header, to: host.identity.sealing, by: sender.signing)
    }

    static func sealed(
        _ content: [UInt8], _ header: StreamHeader, to key: SealingPublicKey, by sender: SigningKey
    ) throws -> [UInt8] {
        return try StreamSealer.stream(of: content, to: key, header: header, signedBy: sender)
    }

    /// A machine's evidence, complete.
    static func evidence(
        of machine: Machine, nonce: FixedBytes<32>, listedFrom start: String = "2026-11-27",
        measurement: FixedBytes<48> = measurement, keys: SimulationKeys? = nil, revoking serials: [[UInt8]] = []
    ) throws -> EvidenceBundle {
        let tree = try #require(NonceTree([nonce]))
        let (first, last) = try (#require(Timestamp("2026-01-01")), #require(Timestamp("2053-01-01")))
        let from = try #require(Timestamp(start))
        let keys = try keys ?? SampleEvidence.keys.get()
        let platform = try SimulatedPlatform(SimulatedChip(.genoa, keys: keys), keys: keys, validity: first...last)
        let bound = machine.host.status.bound
        let binding = SessionBinding(nonceRoot: tree.root, bound: bound, keys: machine.keys.identity)
        let report = try platform.report(
            reportData: binding.reportData, hostData: machine.hostData.hostData, measurement: measurement)
        let day = try #require(Timestamp(unixSeconds: from.unixSeconds + 86_400))
        return EvidenceBundle(
            report: try AttestationReport(decoding: report.span),
            endorsements: try platform.endorsements(listed: from...day, revoking: serials),
            answer: NonceAnswer(nonce: nonce, path: tree.path(at: 0)),
            session: SessionClaim(keys: machine.keys.identity, bound: bound))
    }

    /// Shows one machine the other, as a host does.
    func introduce(_ other: Machine, to one: Machine) async throws {
        let evidence = try Self.evidence(of: other, nonce: one.host.status.peerNonce)
        try await one.host.introduce(evidence, boundTo: other.bound)
    }

    /// What one machine has sealed to another, once it is there.
    func part(from one: Machine, to other: Machine) async throws -> [UInt8] {
        let plan = try plan().plan
        let (from, to) = (one.lock.agreed.manifest.name, other.lock.agreed.manifest.name)
        let flow = try #require(plan.flows.first { $0.from == from && $0.to == to })
        let token = FlowToken(flow, plan: plan.digest).stream(to: other.host.status.sessionID)
        // The stage is shown before the streams are sealed.
        for _ in 0..<2000 {
            if let sealed = try? await one.host.outputs(token) {
                return try sealed.file.read(upTo: sealed.byteCount, at: 0)
            }
            try await Task.sleep(for: .milliseconds(5))
        }
        throw Missing()
    }

    /// Nothing was sealed in ten seconds.
    struct Missing: Error {}

    /// What a participant finds in its stream.
    func received(
        by party: Party, from machine: Machine
    ) async throws -> (receipt: Receipt, outputs: [[UInt8]], notice: String) {
        let (name, manifest) = (try #require(Name(party.name)), machine.lock.agreed.manifest)
        let sealed = try await machine.host.outputs(OutputsIndex.token(of: name, under: manifest, run: 1))
        let stream = try sealed.file.read(upTo: sealed.byteCount, at: 0)
        var opened = try ClaimedStream(
            Array(stream[..<StreamFormat.prologueByteCount]), for: .outputs, in: machine.host.status.sessionID,
            openedWith: party.sealing
        ).verified(by: machine.host.identity.signing)
        var content: [UInt8] = []
        var rest = stream[StreamFormat.prologueByteCount...]
        while let count = opened.nextChunkByteCount {
            content += try opened.open(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        let index = try OutputsIndex(decoding: content[...], for: name, under: manifest, run: 1)
        let envelope = try Envelope(decoding: Array(content[index.receipt]), as: Receipt.payloadType)
        return (
            try Receipt(verifying: envelope, from: machine.host.identity),
            index.outputRanges.map { Array(content[$0]) }, String(decoding: content[index.notice], as: UTF8.self)
        )
    }

    static func wait(for machine: Machine) async {
        for await status in machine.host.statusChanges()
        where status.stage == .finished || status.stage == .ended {
            return
        }
    }
}
