internal import Commitments
internal import Keys
internal import Primitives

extension Inspection {
    /// What ties the report to one session.
    var bindingFindings: [Finding] {
        exactly(reference.hostData, .hostData, found: report.hostData)
            + exactly(reference.reportData, .reportData, found: report.reportData)
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

    /// What the session and the question agree on, where all of it does.
    var held: [Finding] {
        let asked = Finding(.nonce, .met, expected: "\(terms.nonce)", found: "\(bundle.answer.nonce)")
        guard !isBeforeLock else { return [asked] }
        return [
            asked, Finding(.manifestDigest, .met, expected: "\(terms.bound)", found: "\(bundle.session.bound)"),
        ]
    }
}
