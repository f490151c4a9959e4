internal import Commitments
internal import Primitives

/// How far an appraisal can be relied on, in AR4SI's terms.
///
/// Source: draft-ietf-rats-ar4si, "Trustworthiness Claims". Only the values that open a tier are used.
enum TrustTier: Int, Comparable, Sendable {
    /// Nothing is claimed.
    case none = 0
    case affirming = 2
    case warning = 32
    case contraindicated = 96

    static func < (left: TrustTier, right: TrustTier) -> Bool { left.rawValue < right.rawValue }

    var name: String {
        switch self {
        case .none: "none"
        case .affirming: "affirming"
        case .warning: "warning"
        case .contraindicated: "contraindicated"
        }
    }
}

/// The claims of AR4SI's vector that a report says something of.
enum TrustClaim: String, CaseIterable, Sendable {
    case instanceIdentity = "instance-identity"
    case configuration
    case executables
    case hardware
}

/// What an appraisal's findings come to.
struct Trustworthiness: Sendable {
    let vector: [TrustClaim: TrustTier]

    init(_ findings: [Finding], isAffirmed: Bool) {
        var vector = Dictionary(uniqueKeysWithValues: TrustClaim.allCases.map { ($0, TrustTier.affirming) })
        for finding in findings {
            let claim = finding.rule.trustClaim
            vector[claim] = max(vector[claim] ?? .affirming, finding.tier)
        }
        // What nobody compared is no claim, whatever else held.
        for claim in findings.compactMap(\.unclaimed) where vector[claim] == .affirming {
            vector[claim] = TrustTier.none
        }
        if !isAffirmed, !vector.values.contains(.contraindicated) { vector[.hardware] = .contraindicated }
        self.vector = vector
    }

    /// The worst of them; `none` where something is not claimed and nothing is worse.
    var status: TrustTier {
        let worst = vector.values.max() ?? .none
        return worst == .affirming && vector.values.contains(.none) ? .none : worst
    }
}

extension Finding {
    /// The claim whose own value the finding says was not compared.
    fileprivate var unclaimed: TrustClaim? {
        guard severity == .waived else { return nil }
        return switch rule {
        case .measurement: .executables
        case .reportData: .instanceIdentity
        case .tcbMinimum: .hardware
        case .hostData: .configuration
        default: nil
        }
    }
}

extension Finding {
    fileprivate var tier: TrustTier {
        switch (severity, rule) {
        case (.contraindicated, _): .contraindicated
        // A platform that protects nothing is nobody's hardware.
        case (.waived, .simulated): .contraindicated
        case (.waived, .policyOpen), (.waived, .policyUndecidable), (.waived, .policyProcessor), (.waived, .milan),
            (.waived, .revocationMissing), (.waived, .revocationEarly), (.waived, .revocationStale), (.waived, .chip),
            (.waived, .tcbProvisional):
            .warning
        case (.waived, _), (.met, _): .affirming
        }
    }
}

extension Finding.Rule {
    /// Which claim a rule speaks for.
    fileprivate var trustClaim: TrustClaim {
        switch self {
        case .chip, .chipCertificate, .chipKeyMasked, .signingKey, .signingKeyCertificate, .nonce, .noncePath,
            .reportData:
            .instanceIdentity
        case .measurement, .refusedMeasurement, .guestSVN, .familyID, .imageID, .idKey, .authorKey, .authorKeyUnused,
            .vmpl, .policyEngine:
            .executables
        case .manifestDigest, .hostData, .debug, .migration, .migrationAgent: .configuration
        default: isOnBit ? .configuration : .hardware
        }
    }
}
