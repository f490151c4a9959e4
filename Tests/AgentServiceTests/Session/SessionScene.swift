import AgentAPI
import AgentService
import Commitments
import Composition
import Evidence
import Foundation
import Keys
import Lifecycle
import Platform
import Primitives
import Sealing
import Simulation
import Synchronization
import TestSupport
import Testing

/// One manifest of three participants and the session that runs it, with the real worker: a lab's component copies a
/// clinic's data to an output of the clinic's. The auditor brings nothing and receives the receipt.
struct SessionScene {
    let lab = Party("lab", 1)
    let clinic = Party("clinic", 2)
    let auditor = Party("auditor", 3)
    var parties: [Party] { [lab, clinic, auditor] }

    var component: [UInt8]
    var imports: [String]
    var data = Array("four rows of data".utf8)
    var salt = FixedBytes<32>(repeating: 0x77)
    /// Whether the manifest pins the data.
    var pinsData = true
    /// Whether the component finds the data at a second path too.
    var mountsTwice = false
    var dataName = "rows"
    /// What the data must be, where the manifest says so.
    var dataFormat: JSONValue?
    var outputFormat: JSONValue = "any"
    var noise: JSONValue?
    var binding = "launch"
    var maximumDataBytes = 4096
    var wallTimeSeconds = 60
    /// With more than one the data is a question, and all runs' outputs are kept.
    var runs = 1
    /// Who decides on questions and results.
    var approvers: [Party] = []
    var capacity = MachineCapacity(memoryBytes: 8 << 30, fileBytes: 4 << 30)
    var worker = Repository.root.appending(path: ".build/release/2cvm-worker").path
    let place = SessionPlace()
    let clock = TestClock()

    init(_ component: String = "Jobs/copies-a-file") throws {
        self.component = try ComponentText(named: component).binary()
        imports = try ComponentDescription(of: self.component).listedImports
    }

    func manifest() throws -> Manifest {
        var hasher = ContentHasher(salt: salt, byteCount: data.count)
        hasher.update(data)
        let commitment = try #require(hasher.finalize())
        var draft = ManifestFixture(parties)
        let names = JSONValue.array(approvers.map { .string($0.name) })
        let approval = approvers.isEmpty ? [] : [JSONMember("approval", ["by": names, "seconds": 30])]
        let text: JSONValue = ["kind": "text", "maximumCharacters": 100, "maximumLineCharacters": 100]
        let question = runs > 1 ? [JSONMember("per", "run"), JSONMember("format", text)] + approval : []
        draft.components = [
            ManifestFixture.component(
                "model", of: lab, SHA256Digest(sha256: component), maximumBytes: component.count, imports: imports)
        ]
        draft.data = [
            ManifestFixture.data(
                dataName, of: clinic, pinsData ? commitment : nil, maximumBytes: maximumDataBytes,
                more: question + (dataFormat.map { [JSONMember("format", $0)] } ?? []))
        ]
        draft.outputs = [
            ManifestFixture.output(
                "result", to: [clinic], format: outputFormat, maximumBytes: 200_000,
                more: approval + (noise.map { [JSONMember("noise", $0)] } ?? []))
        ]
        draft.channels = [
            ManifestFixture.mount(dataName, in: "model", at: "/data/data"),
            ManifestFixture.release("result", of: "model", at: "/output/copy"),
        ]
        if mountsTwice { draft.channels.append(ManifestFixture.mount(dataName, in: "model", at: "/data/more")) }
        draft.limits = ManifestFixture.Limits(
            wallTimeSeconds: wallTimeSeconds, admissionSeconds: 100, retentionSeconds: 50, runs: runs,
            keepRuns: runs > 1 ? runs : nil)
        draft.binding = binding
        return try draft.manifest()
    }

    /// The envelope with the signatures of `signers`, by default of everyone.
    func envelope(signers: [Party]? = nil) throws -> [UInt8] {
        let signers = signers ?? parties
        var signed = try SignedManifest(signing: try manifest(), by: signers[0].signing)
        for signer in signers.dropFirst() { try signed.sign(by: signer.signing) }
        return signed.encoded
    }

    func host(evidence: (any BundleMaker)? = nil, keys: SessionKeys = SessionKeys()) throws -> SessionHost {
        let configuration = AgentConfiguration(
            worker: worker, policy: .reported,
            bound: binding == "launch" ? try manifest().bound : .none, simulatedRoot: FixedBytes(repeating: 5),
            capacity: capacity, folder: place.path, engine: "wasmtime 50.0.1")
        let clock = clock
        return try SessionHost(
            configuration, keys: keys, evidence: evidence ?? SampleEvidence(identity: keys.identity),
            clock: { clock.seconds })
    }

    /// A host that is locked to the manifest.
    func lockedHost() async throws -> SessionHost {
        let host = try host()
        _ = try await host.lock(try stream(.lock, try envelope(), by: lab, to: host))
        return host
    }
}

extension SessionScene {
    /// A whole sealed stream, to the host's session of this moment.
    func stream(
        _ purpose: Purpose, slot: String = "", _ content: [UInt8], by sender: Party, to host: SessionHost,
        salt: FixedBytes<32> = FixedBytes(repeating: 0), run: RunReference? = nil
    ) throws -> [UInt8] {
        let header = StreamHeader(
            session: host.status.sessionID, purpose: purpose, slot: slot, length: content.count, salt: salt, run: run)
        return try StreamSealer.stream(of: content, to: host.identity.sealing, header: header, signedBy: sender.signing)
    }

    func componentStream(to host: SessionHost) throws -> [UInt8] {
        try stream(.submission, slot: "model", component, by: lab, to: host)
    }

    func dataStream(to host: SessionHost) throws -> [UInt8] {
        try stream(.submission, slot: "rows", data, by: clinic, to: host, salt: salt)
    }

    /// Sends a whole stream in pieces that fit nothing.
    @discardableResult
    func submit(_ stream: [UInt8], to host: SessionHost, piece: Int = 50_021) async throws -> SessionStatus {
        let submission = try await begin(stream, to: host)
        var rest = stream.dropFirst(SessionHost.prologueByteCount)
        #expect(submission.remainingByteCount == rest.count)
        while !rest.isEmpty {
            try await submission.append(rest.prefix(piece))
            rest = rest.dropFirst(piece)
        }
        #expect(submission.remainingByteCount == 0)
        return try await submission.finish()
    }

    func begin(_ stream: [UInt8], to host: SessionHost) async throws -> IncomingSubmission {
        try await host.beginSubmission(Array(stream.prefix(SessionHost.prologueByteCount)))
    }

    /// Fills both slots and waits for the session to finish.
    func finished() async throws -> SessionHost {
        let host = try await lockedHost()
        try await submit(try componentStream(to: host), to: host)
        try await submit(try dataStream(to: host), to: host)
        await Self.wait(for: .finished, of: host)
        return host
    }

    static func wait(for stage: AgentStatus.Stage, of host: SessionHost) async {
        for await status in host.statusChanges() where status.stage == stage || status.stage == .ended { return }
    }

    /// Until a run's streams are there.
    static func wait(forEndOf run: Int, of host: SessionHost) async {
        for await status in host.statusChanges() {
            let isPast = status.run.map { $0.number > run } ?? false
            if isPast || status.stage == .finished || status.stage == .ended { return }
        }
    }

    /// What somebody who decides is shown, and the size of the stream.
    func review(
        of party: Party, on subject: Review.Subject, from host: SessionHost, run: Int = 1
    ) async throws -> (index: ReviewIndex, byteCount: Int) {
        let manifest = try manifest()
        let name = try #require(Name(party.name))
        let token = ReviewIndex.token(of: name, on: subject, under: manifest, run: run)
        // The stage is shown before the streams are sealed.
        var found = try? await host.review(token)
        while found == nil, host.status.stage != .ended {
            try await Task.sleep(for: .milliseconds(5))
            found = try? await host.review(token)
        }
        let sealed = try #require(found)
        let content = try open(sealed, of: party, as: .review, from: host)
        return (
            try ReviewIndex(decoding: content[...], for: name, on: subject, under: manifest), sealed.byteCount
        )
    }

    func answerStream(_ answer: Decision, by party: Party, to host: SessionHost) throws -> [UInt8] {
        let signed = answer.signed(by: party.signing).encoded
        let rest = [UInt8](repeating: 0, count: Decision.contentByteCount - signed.count)
        return try stream(.answer, signed + rest, by: party, to: host)
    }

    private func open(
        _ sealed: SealedOutputs, of party: Party, as purpose: Purpose, from host: SessionHost
    ) throws -> [UInt8] {
        let stream = try sealed.file.read(upTo: sealed.byteCount, at: 0)
        let claimed = try ClaimedStream(
            Array(stream[..<StreamFormat.prologueByteCount]), for: purpose, in: host.status.sessionID,
            openedWith: party.sealing)
        #expect(claimed.claim.slot == party.name)
        var opened = try claimed.verified(by: host.identity.signing)
        var rest = stream[StreamFormat.prologueByteCount...]
        var content: [UInt8] = []
        while let count = opened.nextChunkByteCount {
            content += try opened.open(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        #expect(rest.isEmpty)
        return content
    }

    /// What a participant finds in its stream.
    func outputs(of party: Party, from host: SessionHost, run: Int = 1) async throws -> Received {
        let manifest = try manifest()
        let name = try #require(Name(party.name))
        let sealed = try await host.outputs(OutputsIndex.token(of: name, under: manifest, run: run))
        let content = try open(sealed, of: party, as: .outputs, from: host)
        let index = try OutputsIndex(decoding: content[...], for: name, under: manifest, run: run)
        let envelope = try Envelope(decoding: Array(content[index.receipt]), as: Receipt.payloadType)
        let end = index.outputRanges.last?.upperBound ?? index.notice.upperBound
        #expect(content[end...].allSatisfy { $0 == 0 })
        return Received(
            receipt: try Receipt(verifying: envelope, from: host.identity),
            evidence: index.evidence.isEmpty ? nil : try EvidenceBundle(decoding: Array(content[index.evidence])),
            notice: String(decoding: content[index.notice], as: UTF8.self),
            outputs: index.outputRanges.map { Array(content[$0]) }, index: index, streamByteCount: sealed.byteCount)
    }

    struct Received {
        let receipt: Receipt
        /// Beside the first run's receipt.
        let evidence: EvidenceBundle?
        let notice: String
        let outputs: [[UInt8]]
        let index: OutputsIndex
        let streamByteCount: Int
    }
}

/// Evidence by a simulated platform, whose RSA keys take seconds and are made once.
struct SampleEvidence: BundleMaker {
    let identity: SessionPublicKeys
    /// What is wrong with this source.
    var fault: Fault?

    enum Fault: Error {
        case noReport, otherManifest
    }

    static let keys = Result { () throws(SimulationError) in try SimulationKeys() }

    func bundle(nonce: FixedBytes<32>, boundTo bound: BoundDigest) async throws -> EvidenceBundle {
        if case .noReport = fault { throw Fault.noReport }
        let bound = fault == nil ? bound : BoundDigest(FixedBytes(repeating: 9))
        let tree = try #require(NonceTree([nonce]))
        let start = try #require(Timestamp("2026-01-01"))
        let keys = try Self.keys.get()
        let platform = try SimulatedPlatform(SimulatedChip(.genoa, keys: keys), keys: keys, validity: start...start)
        let binding = SessionBinding(nonceRoot: tree.root, bound: bound, keys: identity)
        let report = try platform.report(
            reportData: binding.reportData, hostData: bound.hostData, measurement: FixedBytes(repeating: 0))
        return EvidenceBundle(
            report: try AttestationReport(decoding: report.span),
            endorsements: Endorsements(leaf: nil, intermediate: nil, root: nil, revocationList: nil),
            answer: NonceAnswer(nonce: nonce, path: tree.path(at: 0)),
            session: SessionClaim(keys: identity, bound: bound))
    }
}

/// A clock that stands until a test moves it.
final class TestClock: Sendable {
    private let value = Mutex(1000)

    var seconds: Int {
        get { value.withLock { $0 } }
        set { value.withLock { $0 = newValue } }
    }
}

/// A folder of the test's own for a session's files.
final class SessionPlace: Sendable {
    let path: String

    init() {
        path = FileManager.default.temporaryDirectory.appending(path: "2cvm-test-\(UUID().uuidString)").path
        try? FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Waits until no file is left. What still writes lets go of its file when it has written.
    func empties() async {
        while !files.isEmpty { try? await Task.sleep(for: .milliseconds(5)) }
    }

    /// What this process has open below it, removed or not.
    var openFiles: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return names.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)") }
            .filter { $0.hasPrefix(path) && $0.contains("/staging/") }
    }

    /// Paths of all files below it.
    var files: [String] {
        let names = FileManager.default.subpaths(atPath: path) ?? ["unreadable"]
        return names.filter { name in
            let attributes = try? FileManager.default.attributesOfItem(atPath: path + "/" + name)
            return attributes?[.type] as? FileAttributeType == .typeRegular
        }
    }
}
