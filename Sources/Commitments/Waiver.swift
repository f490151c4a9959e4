/// Something that evidence could show and this manifest does not ask for, or an allowance that
/// weakens the machine. Printed before anyone signs and in every appraisal.
public struct Waiver: Equatable, Sendable {
    /// Below `$.platform`: `chips`, `policy.smt`.
    public let key: String
    /// What is given up, in one plain sentence.
    public let meaning: String
    public let severity: Severity
}

/// How loudly a statement should be read.
public enum Severity: String, CaseIterable, Comparable, Sendable {
    case notice, warning, danger

    /// From notice to danger.
    public static func < (left: Severity, right: Severity) -> Bool {
        allCases.firstIndex(of: left) ?? 0 < allCases.firstIndex(of: right) ?? 0
    }
}

extension PlatformRequirements {
    /// Every waiver, in the order of the manifest's keys.
    public var waivers: [Waiver] {
        switch self {
        case .simulated:
            [
                Waiver(
                    key: "kind", meaning: "The platform is simulated: it keeps nobody out. For rehearsals only.",
                    severity: .danger)
            ]
        case .sevSNP(let requirements): requirements.waivers
        }
    }
}

extension SEVSNPRequirements {
    /// Every waiver, in the order of the manifest's keys.
    public var waivers: [Waiver] {
        products + identity + policyWaivers + platformWaivers + versions
    }

    private var products: [Waiver] {
        guard minimumTCB[.milan] != nil else { return [] }
        return [
            Waiver(
                key: "products",
                meaning: "Milan is accepted: a way to extract its chip keys by software is published, so its evidence "
                    + "may be forged.",
                severity: .danger)
        ]
    }

    private var identity: [Waiver] {
        var waivers: [Waiver] = []
        if chips == .any {
            waivers.append(
                Waiver(
                    key: "chips", meaning: "Any AMD chip anywhere is accepted, also one opened in a laboratory.",
                    severity: .danger))
        }
        if idKeys == .any {
            waivers.append(
                Waiver(
                    key: "idKeys", meaning: "Any ID block, or none, is accepted: the measurement alone says what runs.",
                    severity: .notice))
        }
        if authorKeys == .any {
            waivers.append(
                Waiver(key: "authorKeys", meaning: "Any author key, or none, is accepted.", severity: .notice))
        }
        if familyID == .any {
            waivers.append(Waiver(key: "familyID", meaning: "Any family id is accepted.", severity: .notice))
        }
        if imageID == .any {
            waivers.append(Waiver(key: "imageID", meaning: "Any image id is accepted.", severity: .notice))
        }
        return waivers
    }

    private var policyWaivers: [Waiver] {
        var waivers: [Waiver] = []
        if policy.smt == .allowed {
            waivers.append(
                Waiver(
                    key: "policy.smt",
                    meaning: "Two hardware threads may share a core, which leaves more room for side channels.",
                    severity: .notice))
        }
        if policy.cxl == .allowed {
            waivers.append(
                Waiver(
                    key: "policy.cxl", meaning: "Memory may lie on CXL devices, outside the processor's package.",
                    severity: .warning))
        }
        let restrictions: [(String, GuestPolicyRules.Restriction, String)] = [
            ("singleSocket", policy.singleSocket, "The machine may span several sockets."),
            ("aes256XTS", policy.aes256XTS, "Memory may be encrypted with AES-128 instead of AES-256-XTS."),
            ("raplDisabled", policy.raplDisabled, "The host may measure power, which can tell of secrets."),
            ("ciphertextHiding", policy.ciphertextHiding, "The host may read encrypted memory and see it change."),
            ("pageSwapDisabled", policy.pageSwapDisabled, "The host may move the guest's pages."),
        ]
        for (key, rule, meaning) in restrictions where rule == .any {
            waivers.append(Waiver(key: "policy.\(key)", meaning: meaning, severity: .notice))
        }
        return waivers
    }

    private var platformWaivers: [Waiver] {
        let rules: [(String, PlatformInfoRules.Rule, String, Severity)] = [
            ("smt", platformInfo.smt, "Hyper-threading may be on or off in the machine.", .notice),
            ("tsme", platformInfo.tsme, "Transparent memory encryption may be on or off.", .notice),
            ("ecc", platformInfo.ecc, "The memory may have no error correction.", .notice),
            ("raplDisabled", platformInfo.raplDisabled, "Power measurement may be on in the machine.", .notice),
            (
                "ciphertextHiding", platformInfo.ciphertextHiding, "Ciphertext hiding may be off in the machine.",
                .notice
            ),
            (
                "aliasCheck", platformInfo.aliasCheck,
                "The check against aliased memory modules (BadRAM, AMD-SB-3015) may be missing.", .warning
            ),
            ("iommu", platformInfo.iommu, "The IOMMU bit of the platform is not looked at.", .notice),
            ("tio", platformInfo.tio, "Trusted I/O may be on or off in the machine.", .notice),
        ]
        return rules.filter { $0.1 == .any }.map { key, _, meaning, severity in
            Waiver(key: "platformInfo.\(key)", meaning: meaning, severity: severity)
        }
    }

    private var versions: [Waiver] {
        var waivers: [Waiver] = []
        if firmware == .any {
            waivers.append(
                Waiver(
                    key: "firmware", meaning: "Any SNP firmware version is accepted that meets the TCB floor.",
                    severity: .notice))
        }
        if provisionalFirmware == .allowed {
            waivers.append(
                Waiver(
                    key: "provisionalFirmware",
                    meaning: "The host may run newer firmware on trial and take it back to the committed version.",
                    severity: .warning))
        }
        if mitigations == .any {
            waivers.append(
                Waiver(key: "mitigations", meaning: "No mitigation bit is demanded.", severity: .notice))
        }
        return waivers
    }
}
