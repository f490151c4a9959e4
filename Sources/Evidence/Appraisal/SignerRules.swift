internal import Commitments
internal import Primitives

extension Inspection {
    /// Which platform it is.
    var platformFindings: [Finding] {
        platformKindFindings + productFindings + processorFindings
    }

    private var platformKindFindings: [Finding] {
        // Without an anchor the chain's own findings stand.
        guard let anchor = verification.anchor else { return [] }
        let found: ReferenceValues.Authority = anchor == .simulated ? .simulated : .sevSNP
        return unless(
            found == reference.platform, .platformKind, expected: reference.platform.rawValue, found: found.rawValue)
            + simulatedRootFindings
    }

    /// A kept verification may be another verifier's, who named another root.
    private var simulatedRootFindings: [Finding] {
        guard verification.anchor == .simulated, let root = verification.presented.root else { return [] }
        let digest = root.publicKeyDigest
        return unless(
            digest == verifier.simulatedRoot, .rootUnknown,
            expected: verifier.simulatedRoot.map { "the root key \($0)" } ?? "AMD's root", found: "\(digest)")
    }

    private var productFindings: [Finding] {
        guard let product else { return [] }
        var findings: [Finding] = []
        if case .value(let floors) = reference.minimumTCB {
            findings += unless(
                floors[product] != nil, .product,
                expected: floors.keys.map(\.rawValue).sorted().joined(separator: " or "), found: product.rawValue)
        }
        if product == .milan {
            let severity: Finding.Severity = verifier.waivers.contains(.milan) ? .waived : .contraindicated
            findings.append(Finding(.milan, severity, expected: "Genoa or Turin", found: "Milan"))
        }
        return findings
    }

    /// Version 2 does not say its processor; whoever minds asks for a later version.
    private var processorFindings: [Finding] {
        guard let processor = report.processor, let product else { return [] }
        return unless(
            processor.product == product, .processor, expected: "a \(product.rawValue)",
            found: "\(processor) (\(processor.product?.rawValue ?? "unknown here"))")
    }

    /// The report's signature, the key that made it, and the chip.
    var signerFindings: [Finding] {
        signatureFindings + signingKeyFindings + chipFindings
            + unless(
                report.version >= reference.reportVersion, .reportVersion,
                expected: "\(reference.reportVersion) or later", found: "\(report.version)")
    }

    private var signatureFindings: [Finding] {
        guard let leaf else { return [] }
        let isSigned = leaf.hasSigned(report)
        return unless(
            isSigned, .reportSignature, expected: "one by \(leaf.certificate.subject.commonName)",
            found: isSigned ? "one that verifies" : "none that verifies")
    }

    private var signingKeyFindings: [Finding] {
        guard let kind = report.signer.signingKey.kind else {
            return [Finding(.signingKey, expected: "vcek or vlek", found: "none")]
        }
        let found = kind.rawValue
        let allowed: ReferenceValues.Required<Set<String>> =
            switch reference.signingKeys {
            case .value(let kinds): .value(Set(kinds.map(\.rawValue)))
            case .any: .any
            }
        var findings = listed(allowed, .signingKey, found: found)
        if let leaf {
            findings += unless(
                leaf.key.kind == kind, .signingKeyCertificate, expected: leaf.key.kind.rawValue, found: found)
        }
        return findings
    }

    private var chipFindings: [Finding] {
        guard let leaf else { return [] }
        switch leaf.key {
        case .vcek(let chipID):
            let found = report.chipID.isZero ? Finding.maskedChip : "\(report.chipID)"
            return unless(report.chipID == chipID, .chipCertificate, expected: "\(chipID)", found: found)
                + unless(
                    !report.signer.chipKeyMasked, .chipKeyMasked, expected: "0",
                    found: report.signer.chipKeyMasked ? "1" : "0")
                + chipListFindings(found: "\(report.chipID)") { chips, _ in chips.contains(report.chipID) }
        case .vlek(let provider):
            return unless(report.chipID.isZero, .chipCertificate, expected: "zeros", found: "\(report.chipID)")
                + chipListFindings(found: provider) { _, providers in providers.contains(provider) }
        }
    }

    private func chipListFindings(
        found: String, _ contains: (Set<FixedBytes<64>>, Set<String>) -> Bool
    ) -> [Finding] {
        switch reference.chips {
        case .listed(let chipIDs, let providers):
            unless(
                contains(chipIDs, providers), .chip,
                expected: "one of the \(chipIDs.count) chips or \(providers.count) providers that are listed",
                found: found)
        case .any:
            [Finding(.chip, .waived, expected: "a list of chips (one opened in a laboratory counts too)", found: found)]
        }
    }
}

extension SignerInfo.SigningKey {
    /// `nil` where the platform did not sign.
    var kind: SEVSNPRequirements.EndorsementKey? {
        switch self {
        case .vcek: .vcek
        case .vlek: .vlek
        case .none: nil
        }
    }
}
