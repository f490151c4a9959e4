import AgentAPI
import Client
import CommandOptions
import Commitments
import Evidence
import Keys
import Lifecycle
import Platform
import Primitives
import Verification
import Workbench

/// A participant in an affirmed session, and what came of its runs.
struct SessionRuns {
    let client: AgentClient
    let session: AffirmedSession
    let attestation: Attestation
    let manifest: Manifest
    let participant: Participant
    let keys: PrivateKeys
    let verifier: Verifier
    let store: SessionStore

    /// Attests the session.
    init(
        _ options: SessionOptions, as sender: SenderOptions, _ progress: Progress
    ) async throws(CommandFailure) {
        manifest = try readManifest(options.manifest).manifest
        (participant, keys) = try sender.keys(under: manifest)
        verifier = try options.verifier.verifier()
        client = AgentClient(try options.url)
        (session, attestation) = try await options.affirmedSession(manifest, by: verifier, progress)
        store = SessionStore(try Home(), of: session)
    }

    /// The agent's word on where the session stands.
    func status() async throws(CommandFailure) -> AgentStatus { try await Self.status(client) }

    /// The agent's word on where the session stands.
    static func status(_ client: AgentClient) async throws(CommandFailure) -> AgentStatus {
        do {
            return try await client.status()
        } catch {
            throw CommandFailure(error)
        }
    }

    /// What a question of the next run must name.
    func nextRun() async throws -> RunReference {
        let number = try await status().run?.number ?? 1
        guard number > 1 else { return .first }
        let previous = try await receipt(ofRun: number - 1)
        return RunReference(number: number, previous: previous.digest)
    }

    /// A run's receipt, kept here or fetched now.
    private func receipt(ofRun run: Int) async throws -> Receipt {
        if let kept = try store.receipt(ofRun: run) { return kept }
        let receiver = Receiver(try await reader(ofRun: run))
        try await completed {
            try await client.outputs(of: participant, run: run, under: manifest) { piece in
                try await receiver.append(piece)
            }
        }
        let verified = try await completed { try await receiver.finish() }
        try store.keep(receipt: verified.receiptFile, ofRun: run)
        return verified.receipt.receipt
    }

    /// Reads a run's outputs. The evidence of the lock, which travels with the first run, is asked for again.
    func reader(ofRun run: Int) async throws -> OutputsReader {
        try await completed {
            let lockEvidence = run == 1 ? nil : try await client.evidence(nonce: FixedBytes(repeating: 0))
            return try OutputsReader(
                ofRun: run, of: session, under: manifest, to: participant, openedWith: keys.sealing, by: verifier,
                knowing: attestation.bundle.endorsements, lockEvidence: lockEvidence)
        }
    }

    /// Says that a run's outputs have come, where others wait for the room that they take.
    func acknowledge(_ receipt: Receipt) async throws(CommandFailure) {
        guard !receipt.isLast, manifest.limits.runs > 1, manifest.recipients.contains(participant.name) else { return }
        do {
            _ = try await client.acknowledge(receipt.run, of: session, under: manifest, as: keys.signing)
        } catch {
            if case .refused(let problem) = error, problem.isOfNothingAwaited { return }
            throw CommandFailure(error)
        }
    }

    /// Takes a stream for its receipt alone.
    private actor Receiver {
        private var reader: OutputsReader
        private let sink = NoSink()

        init(_ reader: OutputsReader) {
            self.reader = reader
        }

        func append(_ bytes: [UInt8]) throws {
            try reader.append(bytes, to: sink)
        }

        func finish() throws -> VerifiedOutputs { try reader.finish() }
    }

    /// Keeps nothing.
    private struct NoSink: OutputsSink {
        func begin(_ output: Name) {}
        func append(_ piece: [UInt8]) {}
    }
}
