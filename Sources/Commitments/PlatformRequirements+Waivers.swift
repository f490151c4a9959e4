extension PlatformRequirements {
    /// Every waiver, the gravest first.
    public var waivers: [Waiver] {
        switch self {
        case .simulated:
            [
                Waiver(
                    "kind", .danger, opens: .everything,
                    "The platform is simulated: it keeps nobody out. For rehearsals only.")
            ]
        case .sevSNP(let requirements): requirements.waivers
        }
    }
}

extension SEVSNPRequirements {
    /// Every waiver, the gravest first: by what it opens, then by how loudly it is said.
    public var waivers: [Waiver] {
        let waivers = products + identity + bitWaivers + versions
        return Waiver.Opening.allCases.flatMap { opening in
            [Severity.danger, .warning, .notice].flatMap { severity in
                waivers.filter { $0.opens == opening && $0.severity == severity }
            }
        }
    }

    private var products: [Waiver] {
        var waivers: [Waiver] = []
        if minimumTCB[.milan] != nil {
            waivers.append(
                Waiver(
                    "products", .danger, opens: .everything,
                    "Milan is accepted: a way to extract its chip keys by software is published, so its evidence "
                        + "may be forged."))
        }
        for product in SEVProduct.allCases where minimumTCB[product]?.isZero == true {
            waivers.append(
                Waiver(
                    "minimumTCB.\(product.rawValue)", .danger, opens: .everything,
                    "Every version of \(product.rawValue)'s firmware is accepted, also those with published holes."))
        }
        return waivers
    }

    private var identity: [Waiver] {
        var waivers: [Waiver] = []
        if chips == .any {
            waivers.append(
                Waiver(
                    "chips", .danger, opens: .everything,
                    "Any AMD chip anywhere is accepted, also one opened in a laboratory."))
        }
        let fields: [(String, Bool, String)] = [
            ("idKeys", idKeys == .any, "Any ID block, or none, is accepted: the measurement alone says what runs."),
            ("authorKeys", authorKeys == .any, "Any author key, or none, is accepted."),
            ("familyID", familyID == .any, "Any family id is accepted."),
            ("imageID", imageID == .any, "Any image id is accepted."),
        ]
        return waivers + fields.filter { $0.1 }.map { Waiver($0.0, opens: .identity, $0.2) }
    }

    private var bitWaivers: [Waiver] { policy.waivers + platformInfo.waivers }

    private var versions: [Waiver] {
        var waivers: [Waiver] = []
        if provisionalFirmware == .allowed {
            waivers.append(
                Waiver(
                    "provisionalFirmware", .warning, opens: .protection,
                    "The host may run newer firmware on trial and take it back to the committed version."))
        }
        if firmware == .any {
            waivers.append(
                Waiver(
                    "firmware", opens: .protection,
                    "Any SNP firmware version is accepted that meets the TCB floor."))
        }
        if mitigations == .any {
            waivers.append(Waiver("mitigations", opens: .protection, "No mitigation bit is demanded."))
        }
        return waivers
    }
}

extension BitRules {
    fileprivate var waivers: [Waiver] {
        bits(.any).compactMap { bit in
            bit.facts.waiver.map {
                Waiver("\(Bit.fieldKey).\(bit.facts.key)", $0.severity, opens: $0.opening, $0.meaning)
            }
        }
    }
}
