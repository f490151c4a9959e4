public import Primitives

/// Who asks: the time that counts, and what the verifier adds to or takes from the requirements.
///
/// A policy can only narrow. A waiver is named, and every appraisal lists it.
public struct Verifier: Sendable {
    /// When the evidence is judged. Not a clock: an auditor states the time of the evidence.
    public var time: Timestamp
    public var policy: VerifierPolicy
    public var waivers: Set<Waiver> = []
    /// Revocation lists besides the one that comes with the evidence, by any issuer, not yet trusted: whoever shows
    /// evidence also chooses a list. Those of the evidence's root are verified and count, whatever their age.
    public var revocationLists: [RevocationList] = []
    /// The newest list must be from this time or later. No waiver does without it.
    public var revocationNotBefore: Timestamp?
    /// Whether a list that has run out at ``time`` is too old. Where nobody knows the time, each appraisal says instead
    /// that nobody looked, and ``revocationNotBefore`` is what holds.
    public var judgesNextUpdate = true
    /// SHA-256 of the SubjectPublicKeyInfo of a root to take besides AMD's, for rehearsals.
    public var simulatedRoot: SHA256Digest?
    /// Whether an appraisal lists also each check that holds, with what was expected and found.
    ///
    /// For pages that people file. It changes no verdict.
    public var listsWhatHolds = false

    /// A verifier that waives nothing.
    public init(at time: Timestamp, policy: VerifierPolicy) {
        self.time = time
        self.policy = policy
    }

    /// How far the verifier's clock may lie behind that of AMD's service, which stamps what it issues.
    ///
    /// It makes acceptable what begins up to five minutes after ``time``, and nothing that has ended.
    public static let clockToleranceSeconds: Int64 = 300

    /// The latest moment that it could be.
    var latestTime: Timestamp {
        Timestamp(unixSeconds: time.unixSeconds + Self.clockToleranceSeconds) ?? time
    }

    /// A rule that the verifier does without.
    public enum Waiver: String, CaseIterable, Hashable, Sendable {
        /// Takes a chain whose revocation list is missing, or from another time. A list that
        /// revokes the chain still counts.
        case revocation
        /// Takes Milan, whose keys can be extracted by software (arXiv 2605.12990).
        case milan
    }
}
