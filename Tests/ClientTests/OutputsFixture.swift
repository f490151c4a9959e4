import Client
import Commitments
import Evidence
import Keys
import Lifecycle
import Primitives
import Sealing
import Simulation
import TestSupport
import Testing
import Verification

/// A finished session of two participants, as values: what it would send, and what a recipient knows of it.
struct OutputsFixture {
    let lab = Party("lab", 1), clinic = Party("clinic", 2), machine = Party("machine", 3)
    let manifest: Manifest
    let session: Session
    let affirmed: AffirmedSession
    let attestation: EvidenceBundle
    let lockEvidence: EvidenceBundle
    /// How the run ended.
    let conclusion: Conclusion
    let verifier: Verifier

    static let outputs = ["result": Array("42\n".utf8), "log": Array("all is well\n".utf8)]

    /// RSA keys take seconds, so one set serves every test.
    static let simulation = Result { () throws(SimulationError) in try SimulationKeys() }

    init(failed: Bool = false) throws {
        let manifest = try Self.manifest(lab, clinic)
        var signed = try SignedManifest(signing: manifest, by: lab.signing)
        try signed.sign(by: clinic.signing)
        let platform = try Platform(try Self.simulation.get(), manifest.bound)
        lockEvidence = try platform.bundle(FixedBytes(repeating: 0), machine.publicKeys)
        let recorded = LockEvidence(
            bundle: lockEvidence.encoded, reportDigest: SHA256Digest(sha256: lockEvidence.report.encoded))
        var session = Session(identity: machine.publicKeys, boundTo: manifest.bound)
        _ = try session.lock(AgreedManifest(try signed.complete()), fitsMachine: true)
        _ = try session.locked(with: try #require(recorded), at: 0)
        for slot in Slot.all(of: manifest) {
            _ = try session.admit(slot, of: nil, digest: Self.code, byteCount: 4, at: 0)
        }
        let commitments = try manifest.outputs.map { output in
            let content = try #require(Self.outputs[output.name.description])
            return OutputCommitment(
                name: output.name, salt: Self.salt(of: output.name),
                digest: try Self.commitment(to: content, output.name))
        }
        _ = try session.conclude(failed ? .failed(.code) : .completed(commitments), at: 0)
        guard case .concluding(let conclusion) = session.stage else { throw Unexpected() }
        self.conclusion = conclusion
        _ = try session.sealed(SHA256Digest(sha256: [1]), at: 1)

        verifier = platform.verifier
        attestation = try platform.bundle(FixedBytes(repeating: 7), machine.publicKeys)
        let terms = SessionTerms(nonce: FixedBytes(repeating: 7), manifest: manifest)
        guard case .affirmed(.locked(let affirmed)) = verifier.appraise(attestation, under: terms) else {
            throw Unexpected()
        }
        self.affirmed = affirmed
        self.manifest = manifest
        self.session = session
    }

    struct Unexpected: Error {}

    static let code = SHA256Digest(sha256: Array("code".utf8))

    static func salt(of name: Name) -> FixedBytes<32> {
        SHA256Digest(sha256: Array("salt of \(name)".utf8))
    }

    static func commitment(to content: [UInt8], _ name: Name) throws -> SHA256Digest {
        var hasher = ContentHasher(salt: salt(of: name), byteCount: content.count)
        hasher.update(content)
        return try #require(hasher.finalize())
    }

    private static func manifest(_ lab: Party, _ clinic: Party) throws -> Manifest {
        var draft = ManifestFixture([lab, clinic])
        draft.components = [
            ManifestFixture.component("model", of: lab, code, maximumBytes: 100, imports: ["twocvm:guest/files"])
        ]
        draft.data = [ManifestFixture.data("rows", of: clinic, maximumBytes: 100)]
        draft.outputs = [
            ManifestFixture.output("result", to: [lab, clinic], maximumBytes: 300_000),
            ManifestFixture.output("log", to: [lab], maximumBytes: 1000),
        ]
        draft.channels = [
            ManifestFixture.mount("rows", in: "model", at: "/data/rows"),
            ManifestFixture.release("result", of: "model", at: "/output/result"),
            ManifestFixture.log("log", of: "model"),
        ]
        draft.limits = ManifestFixture.Limits(
            compileSeconds: 1, wallTimeSeconds: 1, admissionSeconds: 100, retentionSeconds: 50)
        draft.measurement = String(repeating: "a5", count: 48)
        return try draft.manifest()
    }
}

/// A simulated chip and the time at which its certificates hold.
private struct Platform {
    let platform: SimulatedPlatform
    let bound: BoundDigest
    let verifier: Verifier
    private let endorsements: Endorsements

    init(_ keys: SimulationKeys, _ bound: BoundDigest) throws {
        let start = try #require(Timestamp("2026-01-01")), end = try #require(Timestamp("2027-01-01"))
        platform = try SimulatedPlatform(SimulatedChip(.genoa, keys: keys), keys: keys, validity: start...end)
        self.bound = bound
        endorsements = Endorsements(
            leaf: try EndorsementCertificate(decoding: platform.certificates.leaf),
            intermediate: try Certificate(decoding: platform.certificates.intermediate),
            root: try Certificate(decoding: platform.certificates.root),
            revocationList: try RevocationList(decoding: try platform.revocationList(start...end)))
        var verifier = Verifier(at: try #require(Timestamp("2026-11-23")), policy: .none)
        verifier.simulatedRoot = keys.rootDigest
        self.verifier = verifier
    }

    func bundle(_ nonce: FixedBytes<32>, _ keys: SessionPublicKeys) throws -> EvidenceBundle {
        let tree = try #require(NonceTree([nonce]))
        let binding = SessionBinding(nonceRoot: tree.root, bound: bound, keys: keys)
        let report = try platform.report(
            reportData: binding.reportData, hostData: bound.hostData, measurement: FixedBytes(repeating: 0xA5))
        return EvidenceBundle(
            report: try AttestationReport(decoding: report.span), endorsements: endorsements,
            answer: NonceAnswer(nonce: nonce, path: tree.path(at: 0)),
            session: SessionClaim(keys: keys, bound: bound))
    }
}

/// What a stream is made of; each test changes one thing.
struct StreamRecipe {
    var receipt: Envelope
    var evidence: [UInt8]
    var notice: [UInt8] = []
    var outputs: [(name: Name, content: [UInt8], salt: FixedBytes<32>)]
    var recipient: Name
    var signer: SigningKey
    var sessionID: SHA256Digest
    var key: SealingPublicKey
    var lastPadding: UInt8 = 0
    var run: RunReference? = .first

    /// What the session would make for a participant.
    init(_ fixture: OutputsFixture, to name: String = "lab") throws {
        let receipt = Receipt(fixture.conclusion, of: fixture.session.identity, engine: "wasmtime 50.0.1")
        self.receipt = receipt.signed(by: fixture.machine.signing)
        evidence = fixture.lockEvidence.encoded
        recipient = try #require(Name(name))
        signer = fixture.machine.signing
        sessionID = fixture.affirmed.id
        key = (name == "lab" ? fixture.lab : fixture.clinic).sealing.publicKey
        outputs = []
        guard receipt.ending == .completed else { return }
        for output in OutputsIndex.outputs(of: recipient, under: fixture.manifest) {
            let content = try #require(OutputsFixture.outputs[output.name.description])
            outputs.append((output.name, content, OutputsFixture.salt(of: output.name)))
        }
    }

    func sealed(_ fixture: OutputsFixture) throws -> [UInt8] {
        let index = OutputsIndex(
            receiptByteCount: receipt.encoded.count, evidenceByteCount: evidence.count,
            noticeByteCount: notice.count,
            outputs: outputs.map { IndexEntry(name: $0.name, byteCount: $0.content.count, salt: $0.salt) })
        var content = index.encoded + receipt.encoded + evidence + notice + outputs.flatMap(\.content)
        let count = OutputsIndex.contentByteCount(for: recipient, under: fixture.manifest, run: 1)
        content += [UInt8](repeating: 0, count: count - content.count)
        content[count - 1] = lastPadding
        let header = StreamHeader(
            session: sessionID, purpose: .outputs, slot: recipient.description, length: count,
            salt: FixedBytes(repeating: 0), run: run)
        return try StreamSealer.stream(of: content, to: key, header: header, signedBy: signer)
    }
}

/// Keeps what came, by name.
final class Kept: OutputsSink {
    var outputs: [(name: Name, content: [UInt8])] = []

    func begin(_ output: Name) { outputs.append((output, [])) }
    func append(_ piece: [UInt8]) { outputs[outputs.count - 1].content += piece }
}
