internal import Commitments
internal import Primitives

extension VerifierPolicy {
    /// What the files demand, for people: every rule, and what no report can show. Lines begun by `| ` are authors'.
    public func explanation(columns: Int) -> [String] {
        files.flatMap { $0.explanation(columns: columns) }
    }
}

extension PolicyFile {
    func explanation(columns: Int) -> [String] {
        var lines = ["\(title), \(digest.prefixed)"]
        switch unlistedProcessors {
        case .refused: lines.append("  A processor that is not listed is refused.")
        case .allowed: lines.append("  ! A processor that is not listed is taken, and each appraisal says so.")
        }
        if let revocationNotBefore {
            let date = revocationNotBefore.description.prefix(10)
            lines.append("  The newest revocation list at hand is from \(date) or later.")
        }
        if let earliestEngine { lines.append("  The engine that a receipt names is \(earliestEngine) or later.") }
        for refused in refusedMeasurements {
            lines.append("  The image with this measurement is refused: \(refused.measurement)")
            lines += quoted(refused.reason, columns: columns)
        }
        for product in products {
            lines += ["", "\(product.title)"]
            if product.rules.isEmpty { lines.append("  ! Nothing is demanded of it.") }
            for rule in product.rules { lines += rule.explanation(columns: columns) }
        }
        guard !notShown.isEmpty else { return lines + [""] }
        lines += ["", "No report can show:"]
        for advisory in notShown {
            lines.append("  \(advisory.fullName)")
            lines += quoted(advisory.effect, columns: columns)
        }
        return lines + [""]
    }

    /// How many rules have figures that nobody compared with their publisher's page.
    public var unconfirmedCount: Int { products.flatMap(\.rules).count { !$0.advisory.isConfirmed } }

    public var ruleCount: Int { products.map(\.rules.count).reduce(0, +) }
}

extension PolicyRule {
    fileprivate func explanation(columns: Int) -> [String] {
        var lines = ["  \(advisory.fullName)"]
        lines += quoted(advisory.effect, columns: columns)
        switch closedBy {
        case .nothing: lines.append("    Nothing that a report can show closes it.")
        case .unknown: lines.append("    ! No figures are known that close it: it is undecidable on every machine.")
        case .conditions(let conditions):
            lines += conditions.enumerated().map { index, condition in
                "    \(index == 0 ? "Closed by" : "or by") \(condition.text)."
            }
        }
        lines.append(
            "    Evidence that leaves it open is \(whenOpen.rawValue); undecidable, \(whenUndecidable.rawValue).")
        if !advisory.isConfirmed {
            lines.append("    ! UNCONFIRMED: nobody compared these figures with the publisher's.")
        }
        lines += quoted("\(advisory.source) (\(advisory.date.description.prefix(10)))", columns: columns)
        return lines
    }
}

private func quoted(_ text: String, columns: Int) -> [String] {
    ForeignText(escaping: text).lines(columns: columns - 4).map { "    " + $0 }
}

extension PolicyCondition {
    /// `SNP 27 and microcode 86 now, SNP 27 at launch, ALIAS_CHECK_COMPLETE 1`.
    var text: String {
        func bits<Bit: ReportBit>(_ rules: [Bit: BitRule]) -> [String] {
            Bit.allCases.compactMap { bit in
                rules[bit].map { "\(Bit.fieldKey) \(bit.name) \($0 == .required ? 1 : 0)" }
            }
        }
        let parts = [current.text.map { "\($0) now" }, launch.text.map { "\($0) at launch" }].compactMap(\.self)
        return (parts + bits(platformInfo) + bits(guestPolicy)).joined(separator: ", ")
    }
}

extension FirmwareFloor {
    fileprivate var text: String? {
        var texts = TCBPart.allCases.compactMap { part in parts[part].map { "\(part.title) \($0)" } }
        if let firmware { texts.append("firmware \(firmware.text)") }
        if let mitigations { texts.append("mitigations \(mitigations.hexText)") }
        return texts.isEmpty ? nil : texts.joined(separator: " and ")
    }
}
