public import Commitments
public import Primitives

/// How a run ended. Nobody learns more than this from the session.
public enum SessionOutcome: Equatable, Sendable {
    /// Every output, in the manifest's order.
    case completed([OutputCommitment])
    case failed
}

/// A commitment to one output under a salt that the session drew.
public struct OutputCommitment: Equatable, Sendable {
    public let name: Name
    public let salt: FixedBytes<32>
    public let digest: SHA256Digest

    /// Joins the three; the digest is the content commitment of docs/MANIFEST.md, made with `salt`.
    public init(name: Name, salt: FixedBytes<32>, digest: SHA256Digest) {
        self.name = name
        self.salt = salt
        self.digest = digest
    }
}

/// What went in and how it ended: what the receipt states. Only ``Session`` makes one.
public struct Conclusion: Equatable, Sendable {
    public let admitted: AdmittedSet
    public let outcome: SessionOutcome

    init(admitted: AdmittedSet, outcome: SessionOutcome) {
        self.admitted = admitted
        self.outcome = outcome
    }
}
