public import Commitments
public import Keys
public import Primitives

/// The attestation result (RFC 9334): affirmed, or contraindicated with every finding.
///
/// Findings include the waivers, so that they are printed either way.
public enum Appraisal<Affirmed: AffirmedEvidence>: Sendable {
    case affirmed(Affirmed)
    case contraindicated([Finding])
}

/// What an affirmed appraisal gives.
public protocol AffirmedEvidence: Sendable {
    /// The report that was affirmed, and the waivers.
    var evidence: AffirmedReport { get }
    /// What a result's JSON says of it: nothing that was not affirmed.
    var statements: [JSONMember] { get }
}

/// A report that met every requirement. Only ``Verifier`` makes one, so a function that takes one
/// cannot be given anything less.
public struct AffirmedReport: AffirmedEvidence {
    public let report: AttestationReport
    public let endorsements: VerifiedEndorsements
    /// The list that freshness was judged by, of all at hand: the evidence's own or one of the verifier's.
    public let revocationList: RevocationList?
    /// What nobody asked for.
    public let waived: [Finding]
    /// What a policy asked by name, and what holds.
    public fileprivate(set) var met: [Finding]
    public let time: Timestamp

    public var evidence: AffirmedReport { self }

    fileprivate init(_ inspection: Inspection, _ endorsements: VerifiedEndorsements, _ findings: [Finding]) {
        report = inspection.report
        self.endorsements = endorsements
        let newest = inspection.revocationLists.newest(at: inspection.verifier.latestTime)
        revocationList = newest ?? endorsements.revocationList
        waived = findings.filter { $0.severity == .waived }
        met = findings.filter { $0.severity == .met }
        time = inspection.verifier.time
    }
}

/// A session that runs the required image under the required manifest: its keys can be trusted
/// with what the manifest says.
public struct AffirmedSession: Sendable {
    public let id: SHA256Digest
    public let bound: BoundDigest
    public let keys: SessionPublicKeys
    public let evidence: AffirmedReport

    fileprivate init(_ bundle: EvidenceBundle, _ evidence: AffirmedReport) {
        id = bundle.session.keys.sessionID(boundTo: bundle.session.bound)
        bound = bundle.session.bound
        keys = bundle.session.keys
        self.evidence = evidence
    }
}

/// A session that runs the required image and has no manifest yet. A manifest can be sealed to it,
/// and nothing else.
public struct LockKey: Sendable {
    /// The session's id before the lock.
    public let id: SHA256Digest
    public let keys: SessionPublicKeys
    public let evidence: AffirmedReport

    fileprivate init(_ bundle: EvidenceBundle, _ evidence: AffirmedReport) {
        id = bundle.session.keys.sessionID(boundTo: bundle.session.bound)
        keys = bundle.session.keys
        self.evidence = evidence
    }
}

/// A session as its evidence shows it.
public enum AttestedSession: AffirmedEvidence {
    case locked(AffirmedSession)
    case awaitingManifest(LockKey)

    public var evidence: AffirmedReport {
        switch self {
        case .locked(let session): session.evidence
        case .awaitingManifest(let key): key.evidence
        }
    }
}

/// What a verifier asks of a session.
public struct SessionTerms: Sendable {
    /// Random, drawn for this question.
    public let nonce: FixedBytes<32>
    public let bound: BoundDigest
    public let platform: PlatformRequirements

    /// The terms of a manifest.
    public init(nonce: FixedBytes<32>, manifest: Manifest) {
        self.init(nonce: nonce, boundTo: manifest.bound, platform: manifest.platform)
    }

    package init(nonce: FixedBytes<32>, boundTo bound: BoundDigest, platform: PlatformRequirements) {
        self.nonce = nonce
        self.bound = bound
        self.platform = platform
    }
}

extension Verifier {
    /// Appraises a session's evidence against a manifest.
    ///
    /// - Parameters:
    ///   - bundle: hostile. Complete its endorsements from a cache before, where they lack some.
    ///   - terms: the verifier's nonce and the manifest.
    public func appraise(_ bundle: EvidenceBundle, under terms: SessionTerms) -> Appraisal<AttestedSession> {
        appraise(bundle, endorsed: bundle.endorsements.verified(simulatedRoot: simulatedRoot), under: terms)
    }

    /// The same with a chain that was verified before: many reports come with one chain.
    public func appraise(
        _ bundle: EvidenceBundle, endorsed verification: EndorsementVerification, under terms: SessionTerms
    ) -> Appraisal<AttestedSession> {
        let binding = BindingInspection(bundle: bundle, terms: terms)
        let appraisal = appraise(bundle.report, endorsed: verification, against: binding.reference)
        let bindingFindings = binding.findings
        switch appraisal {
        case .affirmed(var evidence) where bindingFindings.isEmpty:
            if listsWhatHolds { evidence.met = binding.held + evidence.met }
            return .affirmed(
                binding.isBeforeLock
                    ? .awaitingManifest(LockKey(bundle, evidence)) : .locked(AffirmedSession(bundle, evidence)))
        case .affirmed(let evidence): return .contraindicated(bindingFindings + evidence.waived + evidence.met)
        case .contraindicated(let findings): return .contraindicated(bindingFindings + findings)
        }
    }

    /// Appraises a report by itself: genuine, current and never debuggable, yet bound to nothing.
    /// Every reference value that nobody gave is listed as a waiver.
    public func appraise(
        _ report: AttestationReport, endorsed verification: EndorsementVerification
    ) -> Appraisal<AffirmedReport> {
        var reference = ReferenceValues.unasked
        reference.comparesNothing = true
        return appraise(report, endorsed: verification, against: reference)
    }

    /// The one place that affirms. Package access lets tests state one rule at a time.
    package func appraise(
        _ report: AttestationReport, endorsed verification: EndorsementVerification, against reference: ReferenceValues
    ) -> Appraisal<AffirmedReport> {
        let inspection = Inspection(
            report: report, verification: verification, reference: reference, verifier: self)
        let findings = inspection.findings
        guard case .verified(let endorsements) = verification,
            findings.allSatisfy({ $0.severity != .contraindicated })
        else { return .contraindicated(findings) }
        return .affirmed(AffirmedReport(inspection, endorsements, findings))
    }
}
