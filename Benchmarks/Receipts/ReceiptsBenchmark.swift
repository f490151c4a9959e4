import Commitments
import Evidence
import Foundation
import Keys
import Lifecycle
import Plans
import Primitives
import Simulation
import TestSupport
import Verification

/// Writes what a run of a plan with many sessions leaves for an auditor: `receipts-benchmark FOLDER SENDERS`.
///
/// Each sender feeds one pool. Nothing is executed: keys, evidence, receipts and deliveries are made as machines of a
/// simulated platform would make them. Prints what `2cvm plan verify` must be told, as one JSON object.
@main
struct ReceiptsBenchmark {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let count = Int(arguments[2]), (1...999).contains(count) else {
            preconditionFailure("expected a folder, and a count from 1 to 999")
        }
        let folder = URL(filePath: arguments[1])
        let example = PlanExample.wide(senders: count, byteCount: 800)
        let auditor = try Auditor(example, in: folder)
        try auditor.writePlan()
        let pool = Machine(example.manifests[count].session, number: count)
        for number in 0..<count {
            try auditor.write(Machine(example.manifests[number].session, number: number), deliveringTo: pool)
        }
        try auditor.write(pool, deliveringTo: nil)
        let told: JSONValue = [
            "root": .string(auditor.platform.rootDigest.description), "receipts": .integer(count + 1),
        ]
        print(String(decoding: told.canonicalBytes, as: UTF8.self))
    }
}

/// A machine's name and keys.
private struct Machine {
    let session: String
    let signing: SigningKey
    let sealing: SealingKey

    init(_ session: String, number: Int) {
        self.session = session
        signing = SigningKey(seed: SecretSeed(SHA256Digest(sha256: Array("signing \(number)".utf8))))
        sealing = SealingKey(seed: SecretSeed(SHA256Digest(sha256: Array("sealing \(number)".utf8))))
    }

    var keys: SessionPublicKeys { SessionPublicKeys(sealing: sealing.publicKey, signing: signing.publicKey) }
}

/// Who keeps what the machines leave.
private struct Auditor {
    let example: PlanExample
    let plan: ResolvedPlan
    let folder: URL
    let platform: SimulatedPlatform
    let endorsements: Endorsements
    let verifier: Verifier
    let manifests: [String: Manifest]

    init(_ example: PlanExample, in folder: URL) throws {
        self.example = example
        self.folder = folder
        plan = try example.resolved()
        manifests = Dictionary(plan.manifests.map { ($0.name.description, $0) }) { first, _ in first }
        let simulation = try SimulationKeys()
        guard let start = Timestamp("2026-01-01"), let end = Timestamp("2053-01-01"),
            let now = Timestamp("2026-11-28")
        else { preconditionFailure("these are dates") }
        platform = try SimulatedPlatform(
            SimulatedChip(.genoa, keys: simulation), keys: simulation, validity: start...end)
        endorsements = try platform.endorsements(listed: start...end)
        var verifier = Verifier(at: now, policy: .none)
        verifier.simulatedRoot = platform.rootDigest
        self.verifier = verifier
    }

    func writePlan() throws {
        try write(try example.signed().encoded, "plan.signed.json")
        for (session, value) in example.manifests { try write(value.indentedBytes, "manifests/\(session).json") }
    }

    private func write(_ bytes: [UInt8], _ path: String) throws {
        let file = folder.appending(path: path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
    }

    private func manifest(of machine: Machine) -> Manifest {
        guard let manifest = manifests[machine.session] else { preconditionFailure("the plan has the session") }
        return manifest
    }

    private func id(of machine: Machine) -> SHA256Digest {
        machine.keys.sessionID(boundTo: manifest(of: machine).bound)
    }

    private func evidence(of machine: Machine, nonce: FixedBytes<32>) throws -> EvidenceBundle {
        guard let tree = NonceTree([nonce]) else { preconditionFailure("one nonce makes a tree") }
        let bound = manifest(of: machine).bound
        let binding = SessionBinding(nonceRoot: tree.root, bound: bound, keys: machine.keys)
        let report = try platform.report(
            reportData: binding.reportData, hostData: bound.hostData, measurement: FixedBytes(repeating: 0))
        return EvidenceBundle(
            report: try AttestationReport(decoding: report.span), endorsements: endorsements,
            answer: NonceAnswer(nonce: nonce, path: tree.path(at: 0)),
            session: SessionClaim(keys: machine.keys, bound: bound))
    }

    private func moments(of session: String) -> SHA256Digest {
        SHA256Digest(sha256: Array("moments of \(session)".utf8))
    }

    /// Receipt, evidence, record and deliveries of one machine.
    func write(_ machine: Machine, deliveringTo pool: Machine?) throws {
        let manifest = manifest(of: machine)
        let lock = try evidence(of: machine, nonce: FixedBytes(repeating: 0))
        let nonce = SHA256Digest(sha256: Array(machine.session.utf8))
        let answer = try evidence(of: machine, nonce: nonce)
        let appraisal = verifier.appraise(answer, under: SessionTerms(nonce: nonce, manifest: manifest))
        guard case .affirmed(.locked(let session)) = appraisal else { preconditionFailure("the evidence holds") }
        let record = AppraisalRecord(
            Attestation(bundle: answer, nonce: nonce, appraisal: appraisal), of: session, by: verifier)
        let place = "results/\(machine.session)"
        try write(record.signed(by: PlanExample.parties[0].signing).encoded, "\(place)/appraisal.json")
        try write(lock.encoded, "\(place)/evidence.json")
        let receipt = receipt(machine, manifest, SHA256Digest(sha256: lock.report.encoded))
        let envelope = Envelope(signing: receipt.canonicalBytes, as: Receipt.payloadType, by: machine.signing)
        try write(envelope.encoded, "\(place)/receipt.json")
        guard let pool, let flow = plan.plan.flows.first(where: { $0.from == manifest.name }) else { return }
        let delivery = Delivery(
            of: flow, in: plan.plan.digest, commitment: moments(of: machine.session),
            byteCount: PeerContent.byteCount(ofOutput: 800), count: 1, from: id(of: machine),
            to: Delivery.Receiver(session: id(of: pool), reportDigest: nonce))
        try write(DeliveryList([delivery.signed(by: machine.signing)]).encoded, "\(place)/deliveries.json")
    }

    private func receipt(_ machine: Machine, _ manifest: Manifest, _ report: SHA256Digest) -> JSONValue {
        let slots = Slot.all(of: manifest).map { slot -> JSONValue in
            var members = [JSONMember("name", .string(slot.name.description))]
            switch (slot.promise, slot.provider.session) {
            case (.component(let digest), _), (.data(let digest), _):
                members.append(JSONMember("digest", .string(digest.prefixed)))
            case (.anyData, let sender?):
                let number = example.manifests.firstIndex { $0.session == sender.description } ?? 0
                let id = id(of: Machine(sender.description, number: number))
                members.append(JSONMember("digest", .string(moments(of: sender.description).prefixed)))
                members.append(JSONMember("session", .string(id.description)))
            case (.anyData, nil): members.append(JSONMember("digest", .string(report.prefixed)))
            }
            return .object(members)
        }
        let outputs = manifest.outputs.map { output -> JSONValue in
            ["name": .string(output.name.description), "digest": .string(moments(of: machine.session).prefixed)]
        }
        return [
            "version": 1, "manifest": .string(manifest.digest.prefixed), "plan": .string(plan.plan.digest.prefixed),
            "name": .string(machine.session), "session": .string(id(of: machine).description),
            "sealingKey": .string(machine.sealing.publicKey.text),
            "signingKey": .string(machine.signing.publicKey.didKey), "report": .string(report.prefixed),
            "engine": "wasmtime 50.0.1", "run": 1, "last": true, "outcome": "completed", "slots": .array(slots),
            "outputs": .array(outputs),
        ]
    }
}
