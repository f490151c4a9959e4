internal import Commitments
internal import Keys
internal import Primitives

extension Inspection {
    /// What ties the report to one session.
    var bindingFindings: [Finding] {
        exactly(reference.hostData, .hostData, found: report.hostData)
            + exactly(reference.reportData, .reportData, found: report.reportData)
    }

    /// What the verifier's own policy file refuses besides.
    var policyFindings: [Finding] {
        let measurement = verifier.policy.refusedMeasurements.filter { $0.measurement == report.measurement }.map {
            Finding(.refusedMeasurement, expected: "none that the policy file refuses", found: "\($0.measurement)")
        }
        return measurement + unlistedProcessorFindings + policyFloors.flatMap(findings(on:))
    }

    /// A processor that no floor is for: nothing would be compared. A version 2 report does not say which it is, so it
    /// is none that is listed.
    private var unlistedProcessorFindings: [Finding] {
        guard let unlisted = verifier.policy.unlistedProcessors else { return [] }
        if let processor = report.processor, verifier.policy.floors.contains(where: { $0.covers(processor) }) {
            return []
        }
        return [
            Finding(
                .policyProcessor, unlisted == .allowed ? .waived : .contraindicated,
                expected: "a processor that the policy file has a floor for",
                found: report.processor.map { "\($0)" } ?? "one that the report does not name")
        ]
    }

    /// The floors for this processor. A version 2 report does not say which it is, so every floor of
    /// its product counts.
    private var policyFloors: [ProcessorFloor] {
        verifier.policy.floors.filter { floor in
            if let processor = report.processor { return floor.covers(processor) }
            return floor.product != nil && floor.product == product
        }
    }

    private func findings(on floor: ProcessorFloor) -> [Finding] {
        guard let layout = tcbLayout else { return [] }
        let named = [
            ("CURRENT_TCB", report.tcb.current), ("REPORTED_TCB", report.tcb.reported),
            ("LAUNCH_TCB", report.tcb.launch),
        ]
        let versions = named.flatMap { name, tcb -> [Finding] in
            // An undecodable TCB has a finding of its own.
            guard let version = tcb.decoded(as: layout) else { return [] }
            return unless(
                version.isAtLeast(floor.minimum), .policyTCB, expected: "\(name) at least \(floor.minimum)",
                found: "\(version)")
        }
        guard floor.aliasCheck == .required else { return versions }
        return versions
            + unless(report.platformInfo.contains(.aliasCheck), .policyAliasCheck, expected: "complete", found: "none")
    }
}

/// What a session's evidence claims to be bound to, beside what was asked.
struct BindingInspection {
    let bundle: EvidenceBundle
    let terms: SessionTerms

    /// The reference values of a session: the platform's, and what binds the report to it.
    var reference: ReferenceValues {
        var reference = ReferenceValues(terms.platform)
        let bound = terms.platform.binding == .launch ? terms.bound : .none
        reference.hostData = .value(bound.hostData)
        // A path that leads nowhere has a finding of its own; zeros are no root.
        let binding = SessionBinding(
            nonceRoot: root ?? SHA256Digest(repeating: 0), bound: bundle.session.bound, keys: bundle.session.keys)
        reference.reportData = .value(binding.reportData)
        return reference
    }

    private var root: SHA256Digest? { bundle.answer.path.root(of: bundle.answer.nonce) }

    /// Whether the session still waits for its manifest.
    var isBeforeLock: Bool { terms.platform.binding == .lock && bundle.session.bound.isNone }

    var findings: [Finding] {
        var findings: [Finding] = []
        let (nonce, path) = (bundle.answer.nonce, bundle.answer.path)
        if nonce != terms.nonce { findings.append(Finding(.nonce, expected: "\(terms.nonce)", found: "\(nonce)")) }
        if root == nil {
            let found = "\(path.hashes.count) hashes for nonce \(path.index) of \(path.size)"
            findings.append(Finding(.noncePath, expected: "one that leads to a root", found: found))
        }
        let bound = bundle.session.bound
        if bound != terms.bound && !isBeforeLock {
            let found = bound.isNone ? Finding.noManifestYet : "\(bound)"
            findings.append(Finding(.manifestDigest, expected: "\(terms.bound)", found: found))
        }
        return findings
    }
}
