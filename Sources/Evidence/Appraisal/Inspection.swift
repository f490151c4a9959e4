internal import Commitments
internal import Primitives

/// One report beside what is required of it. Every rule is a property that lists its findings.
///
/// Rules look at claims, so that one appraisal lists everything; whether the claims are signed is
/// a rule too, and without it nothing is affirmed.
struct Inspection {
    let report: AttestationReport
    let verification: EndorsementVerification
    let reference: ReferenceValues
    let verifier: Verifier
    let revocationLists: RevocationLists

    init(
        report: AttestationReport, verification: EndorsementVerification, reference: ReferenceValues, verifier: Verifier
    ) {
        self.report = report
        self.verification = verification
        self.reference = reference
        self.verifier = verifier
        revocationLists = RevocationLists(verification.presented, besides: verifier.revocationLists)
    }

    /// Every finding: what counts against the evidence first, each part in the rules' order.
    var findings: [Finding] {
        let all =
            endorsementFindings + platformFindings + signerFindings + firmwareFindings + guestFindings
            + bitFindings + bindingFindings + policyFindings
        let contraindicated = all.filter { $0.severity == .contraindicated }
        guard !reference.isRehearsal else {
            let held = verifier.listsWhatHolds ? all.filter { $0.severity == .met } : []
            return contraindicated + [simulatedWaiver] + held
        }
        let waived = all.filter { $0.severity == .waived }
        // Attacks that the machine is open to, or may be, before the many values that nobody compared.
        let attacks = waived.filter { $0.rule == .policyOpen || $0.rule == .policyUndecidable }
        let others = waived.filter { $0.rule != .policyOpen && $0.rule != .policyUndecidable }
        let met = all.filter { $0.severity == .met }
        return contraindicated + nothingComparedWaiver + attacks + others + met
    }

    var leaf: EndorsementCertificate? { verification.presented.leaf }

    /// The product that the root vouches for. Without a trusted root, what the certificate claims.
    var product: SEVProduct? {
        if case .amd(let product) = verification.anchor { return product }
        return leaf?.product
    }

    /// Said first: a genuine report of any machine with any image passes.
    private var nothingComparedWaiver: [Finding] {
        guard reference.comparesNothing else { return [] }
        let found = "nothing was compared: this is a genuine report, and it may be of any machine and any image"
        return [Finding(.nothingCompared, .waived, expected: "reference values", found: found)]
    }

    private var simulatedWaiver: Finding {
        Finding(.simulated, .waived, expected: "a platform that protects", found: "a simulated one, which does not")
    }
}

// The forms that most rules have.
extension Inspection {
    /// A condition that nothing can waive.
    func unless(
        _ holds: Bool, _ rule: Finding.Rule, expected: @autoclosure () -> String, found: @autoclosure () -> String
    ) -> [Finding] {
        guard holds else { return [Finding(rule, expected: expected(), found: found())] }
        return held(rule, expected: expected(), found: found())
    }

    /// What holds is told where the verifier asks for it. Texts cost more than the comparison.
    func held(
        _ rule: Finding.Rule, expected: @autoclosure () -> String, found: @autoclosure () -> String
    ) -> [Finding] {
        verifier.listsWhatHolds ? [Finding(rule, .met, expected: expected(), found: found())] : []
    }

    /// An exact value, or a waiver.
    func exactly<Value: Equatable & CustomStringConvertible>(
        _ required: ReferenceValues.Required<Value>, _ rule: Finding.Rule, found: Value
    ) -> [Finding] {
        switch required {
        case .value(let value): unless(value == found, rule, expected: "\(value)", found: "\(found)")
        case .any: [Finding(rule, .waived, expected: Finding.anything, found: "\(found)")]
        }
    }

    /// One of the listed values, or a waiver.
    func listed<Value: Hashable & CustomStringConvertible>(
        _ required: ReferenceValues.Required<Set<Value>>, _ rule: Finding.Rule, found: Value
    ) -> [Finding] {
        switch required {
        case .value(let values): unless(values.contains(found), rule, expected: listing(values), found: "\(found)")
        case .any: [Finding(rule, .waived, expected: Finding.anything, found: "\(found)")]
        }
    }

    /// The listed value, or how many there are.
    func listing<Value: Hashable & CustomStringConvertible>(_ values: Set<Value>) -> String {
        if values.count == 1, let value = values.first { return "\(value)" }
        return "one of the \(values.count) that are listed"
    }
}
