internal import Commitments
internal import Primitives

extension Inspection {
    /// What was launched, and by whom.
    var guestFindings: [Finding] {
        listed(reference.measurements, .measurement, found: report.measurement)
            + exactly(reference.vmpl, .vmpl, found: report.vmpl)
            + exactly(reference.familyID, .familyID, found: report.familyID)
            + exactly(reference.imageID, .imageID, found: report.imageID)
            + unless(
                report.guestSVN >= reference.guestSVN, .guestSVN, expected: "at least \(reference.guestSVN)",
                found: "\(report.guestSVN)")
            + idKeyFindings + authorKeyFindings
            + unless(
                report.migrationAgentReportID == FixedBytes(repeating: 0xFF), .migrationAgent, expected: "none",
                found: "\(report.migrationAgentReportID)")
    }

    private var idKeyFindings: [Finding] {
        switch reference.idKeys {
        case .listed(let digests): listed(.value(digests), .idKey, found: report.idKeyDigest)
        case .any: listed(.any, .idKey, found: report.idKeyDigest)
        }
    }

    private var authorKeyFindings: [Finding] {
        let digest = report.authorKeyDigest
        let isUsed = report.signer.authorKeyEnabled
        let unused = unless(
            isUsed || digest.isZero, .authorKeyUnused, expected: "zeros without AUTHOR_KEY_EN", found: "\(digest)")
        switch reference.authorKeys {
        case .any: return unused + listed(.any, .authorKey, found: digest)
        case .listed(let digests):
            guard isUsed else {
                return unused + [Finding(.authorKey, expected: listing(digests), found: "no author key")]
            }
            return unused + listed(.value(digests), .authorKey, found: digest)
        }
    }

    /// The bits of POLICY and PLATFORM_INFO.
    var bitFindings: [Finding] {
        let policy = GuestPolicyBit.allCases.flatMap { bit in
            findings(
                on: bit.isAlwaysForbidden ? .forbidden : reference.policy[bit], bit.rule,
                isSet: report.policy.contains(bit), meanings: bit.meanings)
        }
        let platform = PlatformInfoBit.allCases.flatMap { bit in
            findings(
                on: reference.platformInfo[bit], bit.rule, isSet: report.platformInfo.contains(bit),
                meanings: bit.meanings)
        }
        let unknown = report.platformInfo.unknownBits
        return policy + platform
            + unless(unknown == 0, .platformUnknown, expected: "only bits that are known here", found: unknown.hexText)
    }

    private func findings(
        on rule: ReferenceValues.BitRule, _ code: Finding.Rule, isSet: Bool, meanings: (zero: String, one: String)
    ) -> [Finding] {
        let found = isSet ? "1 (\(meanings.one))" : "0 (\(meanings.zero))"
        return switch rule {
        case .any: [Finding(code, .waived, expected: Finding.anything, found: found)]
        case .required: unless(isSet, code, expected: "1 (\(meanings.one))", found: found)
        case .forbidden: unless(!isSet, code, expected: "0 (\(meanings.zero))", found: found)
        }
    }
}

extension GuestPolicyBit {
    /// Both hand the guest's memory to the host, so no requirement can grant them.
    fileprivate var isAlwaysForbidden: Bool { self == .debug || self == .migrationAgent }
}
