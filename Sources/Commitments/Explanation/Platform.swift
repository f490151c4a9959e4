internal import Primitives

// What the machine must prove, value by value. What is not demanded is a waiver, and stands in a section of its own.

extension Explanation {
    /// What a machine must prove.
    ///
    /// - Parameter isPlanned: Whether a plan demands it, for sessions of its own.
    package static func platform(_ platform: PlatformRequirements, isPlanned: Bool = false) -> [Statement] {
        var statements: [Statement] = []
        switch platform.binding {
        case .launch:
            statements.append(
                .notice(
                    "The machine is bound to \(isPlanned ? "its session of this plan" : "this manifest") from its "
                        + "start on."))
        case .lock:
            statements.append(
                .notice(
                    "The machine is bound to the first fully signed \(isPlanned ? "plan" : "manifest") that it is "
                        + "given."))
        }
        let measurements = platform.measurements.map { Statement.Line.value($0.description) }
        statements.append(
            .few(
                measurements.count == 1
                    ? "It runs the image with this launch measurement:"
                    : "It runs one of \(measurements.count) images, with one of these launch measurements:",
                measurements))
        guard case .sevSNP(let requirements) = platform else { return statements }
        return statements + machine(requirements) + identity(requirements) + bits(requirements)
            + versions(requirements)
    }

    private static func machine(_ requirements: SEVSNPRequirements) -> [Statement] {
        let products = SEVProduct.allCases.filter { requirements.minimumTCB[$0] != nil }
        let names = listed(products.map(\.rawValue))
        var statements: [Statement] = [
            .notice(
                "It is an AMD SEV-SNP guest on \(names). The security versions of its firmware are at least:",
                lines: products.compactMap { product in
                    requirements.minimumTCB[product].map { .value("\(product.rawValue): \($0.words(of: product))") }
                })
        ]
        if requirements.vmpl == 0 {
            statements.append(.notice("The agent runs at VMPL 0: nothing in the guest stands above it."))
        } else {
            statements.append(
                .warning(
                    "The agent runs at VMPL \(requirements.vmpl): what runs at a lower number in the guest sees and "
                        + "changes everything, and the measurement covers it or nothing does."))
        }
        let keys = SEVSNPRequirements.EndorsementKey.allCases.filter(requirements.signingKeys.contains)
        statements.append(.notice("Its reports are signed by \(keys.map(\.words).joined(separator: " or "))."))
        if case .listed(let chips, let providers) = requirements.chips {
            if !chips.isEmpty {
                let words =
                    chips.count == 1
                    ? "A chip's own key is taken of this chip alone:"
                    : "A chip's own key is taken of one "
                        + "of \(grouped(chips.count)) chips:"
                statements.append(.few(words, chips.map { $0.description }.sorted().map { .value($0) }))
            }
            for provider in providers.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
                statements.append(
                    .notice(
                        "A cloud provider's key is taken of this provider, on any of its machines:",
                        lines: [.quote(label: nil, ForeignText(escaping: provider))]))
            }
        }
        return statements
    }

    private static func identity(_ requirements: SEVSNPRequirements) -> [Statement] {
        var statements: [Statement] = []
        let blocks = [("ID block", requirements.idKeys), ("ID key", requirements.authorKeys)]
        for (subject, keys) in blocks {
            guard case .listed(let digests) = keys else { continue }
            let signers = digests.filter { !$0.isZero }.map { $0.description }.sorted()
            let none = digests.contains { $0.isZero }
            let words =
                signers.isEmpty
                ? "Its \(subject) is signed by nobody."
                : "Its \(subject) is signed by \(signers.count == 1 ? "the key" : "one of \(signers.count) keys") with "
                    + "this digest\(none ? ", or by nobody" : ""):"
            statements.append(.few(words, signers.map { .value($0) }))
        }
        statements.append(.notice("Its guest SVN is at least \(requirements.guestSVN)."))
        for (title, value) in [("family", requirements.familyID), ("image", requirements.imageID)] {
            if case .value(let id) = value { statements.append(.notice("Its \(title) id is \(id).")) }
        }
        return statements
    }

    /// Those that are demanded, for what each means.
    private static func bits(_ requirements: SEVSNPRequirements) -> [Statement] {
        let policy = requirements.policy
        var demands: [String] = []
        for (words, rule, verb) in [
            (BitWords.none, BitRule.forbidden, "refused"), (.grant, .forbidden, "forbidden"),
            (.restriction, .required, "required"),
        ] {
            demands += policy.bits(rule).filter { $0.facts.words == words }.map { "\($0.facts.demand) is \(verb)" }
        }
        var statements: [Statement] = [.notice("Of the guest's policy: \(listed(demands)).")]
        for (rule, words) in [(BitRule.required, "must report"), (.forbidden, "must not report")] {
            let names = requirements.platformInfo.bits(rule).map { $0.demandOfProducts(among: requirements) }
            if !names.isEmpty { statements.append(.notice("The platform \(words) \(listed(names)).")) }
        }
        return statements
    }

    private static func versions(_ requirements: SEVSNPRequirements) -> [Statement] {
        var statements: [Statement] = [
            .notice("Its report has at least version \(requirements.reportVersion).")
        ]
        if case .value(let firmware) = requirements.firmware {
            statements.append(
                .notice("Its SNP firmware is at least \(firmware.major).\(firmware.minor), build \(firmware.build)."))
        }
        if requirements.provisionalFirmware == .refused {
            statements.append(.notice("Firmware that can still be taken back to an older version is refused."))
        }
        if case .value(let bits) = requirements.mitigations {
            let digits = String(bits, radix: 16)
            let padding = String(repeating: "0", count: 16 - digits.count)
            statements.append(.notice("These mitigation bits are set, at its launch and now: \(padding)\(digits)."))
        }
        return statements
    }
}

// MARK: - Waivers

extension Explanation {
    /// What is not demanded of it, the gravest first.
    package static func waivers(of platform: PlatformRequirements) -> [Statement] {
        let waivers = platform.waivers
        return Waiver.Opening.allCases.flatMap { opening -> [Statement] in
            let those = waivers.filter { $0.opens == opening }
            guard !those.isEmpty else { return [] }
            return [.notice("\(counted(those.count, "waiver")) \(opening.words(of: those.count)):")]
                + those.map { Statement(text: $0.text, severity: $0.severity, lines: [], details: []) }
        }
    }
}

extension Waiver {
    /// As `explain` and `diff` print it.
    var text: String { "Waived, \(key): \(meaning)" }
}

extension Waiver.Opening {
    fileprivate func words(of count: Int) -> String {
        let many = count != 1
        return switch self {
        case .everything: "\(many ? "let" : "lets") a machine pass that keeps nobody out"
        case .protection: "\(many ? "weaken" : "weakens") what protects memory or firmware"
        case .observation: "\(many ? "leave" : "leaves") the host more to watch"
        case .identity: "\(many ? "leave" : "leaves") unsaid who made the image, which the measurement pins"
        case .nothing:
            "\(many ? "leave" : "leaves") a report's field unread, and \(many ? "open" : "opens") nothing alone"
        }
    }
}

extension TCBFloor {
    func words(of product: SEVProduct) -> String {
        let fmc = product == .turin ? "FMC \(fmc), " : ""
        return "\(fmc)boot loader \(bootLoader), TEE \(tee), SNP \(snp), microcode \(microcode)"
    }

    /// A floor that every machine meets.
    var isZero: Bool { [fmc, bootLoader, tee, snp, microcode].allSatisfy { $0 == 0 } }
}

extension SEVSNPRequirements.EndorsementKey {
    fileprivate var words: String {
        switch self {
        case .vcek: "the chip's own key (VCEK)"
        case .vlek: "a key that AMD gave to a cloud provider (VLEK)"
        }
    }
}

extension PlatformInfoBit {
    /// What is demanded, and of which products where not all of the manifest's report it.
    fileprivate func demandOfProducts(among requirements: SEVSNPRequirements) -> String {
        let accepted = SEVProduct.allCases.filter { requirements.minimumTCB[$0] != nil }
        let without = accepted.filter { !facts.products.contains($0) }.map(\.rawValue)
        guard !without.isEmpty else { return facts.demand }
        let verb = without.count == 1 ? "is" : "are"
        return "\(facts.demand) (\(without.joined(separator: " and ")) cannot report it, and \(verb) taken without)"
    }
}
