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
                !hasMigrationAgent, .migrationAgent, expected: "none",
                found: hasMigrationAgent ? "\(report.migrationAgentReportID)" : "none")
    }

    private var hasMigrationAgent: Bool { report.migrationAgentReportID != FixedBytes(repeating: 0xFF) }

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
            isUsed || digest.isZero, .authorKeyUnused,
            expected: isUsed ? "any digest with AUTHOR_KEY_EN" : "zeros without AUTHOR_KEY_EN", found: "\(digest)")
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
            findings(on: bit, as: bit.rule, reference.policy[bit], isSet: report.policy.contains(bit))
        }
        let platform = PlatformInfoBit.allCases.flatMap { bit in
            findings(on: bit, as: bit.rule, reference.platformInfo[bit], isSet: report.platformInfo.contains(bit))
        }
        let unknown = report.platformInfo.unknownBits
        return policy + platform
            + unless(unknown == 0, .platformUnknown, expected: "only bits that are known here", found: unknown.hexText)
    }

    private func findings(
        on bit: some ReportBit, as code: Finding.Rule, _ rule: BitRule, isSet: Bool
    ) -> [Finding] {
        // Texts cost more than the comparison, and most bits are as they should be.
        let holds = rule == .required && isSet || rule == .forbidden && !isSet
        guard !holds || verifier.listsWhatHolds else { return [] }
        let meanings = bit.meanings
        let found = isSet ? "1 (\(meanings.one))" : "0 (\(meanings.zero))"
        guard !holds else { return held(code, expected: found, found: found) }
        if rule == .any { return [Finding(code, .waived, expected: Finding.anything, found: found)] }
        guard rule == .required else { return [Finding(code, expected: "0 (\(meanings.zero))", found: found)] }
        if let product, !bit.facts.products.contains(product) {
            // The product has no such bit: its 0 says nothing, and no machine could meet the demand.
            let expected = "1 (\(meanings.one)), which no \(product.rawValue) reports"
            return [Finding(code, .waived, expected: expected, found: found)]
        }
        return [Finding(code, expected: "1 (\(meanings.one))", found: found)]
    }
}
