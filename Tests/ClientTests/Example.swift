import AgentAPI
import Client
import Commitments
import Evidence
import Keys
import Primitives
import Testing
import Verification

// docs/CLIENT.md shows what stands between the markers, and a test holds the two together.

// example: begin
/// Submits one file to a session that runs the manifest, and fetches what comes of it.
func takePart(
    at url: String, under manifest: Manifest, with keys: PrivateKeys, submitting content: [UInt8], as slot: Name,
    drawing random: () -> FixedBytes<32>, by verifier: Verifier, into sink: some OutputsSink & Sendable
) async throws -> VerifiedOutputs {
    let agent = AgentClient(try AgentAddress(url))

    // Only an affirmed appraisal gives a session, and nothing is sealed to anything else.
    let before = try await agent.attest(manifest, nonce: random(), by: verifier)
    guard case .affirmed(.locked(let session)) = before.appraisal else { throw NotAffirmed(before.appraisal.findings) }
    print("session", SessionWords(session.id))  // Compare it with the others. Note it in a ledger.
    let submission = try Submission(
        of: ContentSource(content), to: slot, in: session, under: manifest, as: keys.signing, salt: random())
    _ = try await agent.submit(submission)

    try await agent.followStatus { $0.stage != .finished && $0.stage != .ended }

    // A nonce of its own: what was true when it submitted need not be true now.
    let after = try await agent.attest(manifest, nonce: random(), by: verifier)
    guard case .affirmed(.locked(let session)) = after.appraisal,
        let me = manifest.participant(signingWith: keys.signing.publicKey)
    else { throw NotAffirmed(after.appraisal.findings) }
    let receiver = Receiver(
        try OutputsReader(
            ofRun: 1, of: session, under: manifest, to: me, openedWith: keys.sealing, by: verifier,
            knowing: after.bundle.endorsements), sink)
    try await agent.outputs(of: me, run: 1, under: manifest) { try await receiver.append($0) }
    return try await receiver.finish()
}

/// Every reason against the session.
struct NotAffirmed: Error {
    let findings: [Finding]

    init(_ findings: [Finding]) {
        self.findings = findings
    }
}

/// Takes pieces one after the other. What the sink holds may be used once ``finish()`` has returned.
actor Receiver<Sink: OutputsSink & Sendable> {
    private var reader: OutputsReader
    private let sink: Sink

    init(_ reader: OutputsReader, _ sink: Sink) {
        self.reader = reader
        self.sink = sink
    }

    func append(_ piece: [UInt8]) throws { try reader.append(piece, to: sink) }
    func finish() throws -> VerifiedOutputs { try reader.finish() }
}
// example: end
