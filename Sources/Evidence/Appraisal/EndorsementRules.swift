extension Inspection {
    /// The chain, its time, and the revocation lists.
    var endorsementFindings: [Finding] {
        verification.findings + chainFindings + validityFindings + revocationFindings
    }

    /// What a verified chain says, where one asks for what holds.
    private var chainFindings: [Finding] {
        guard case .verified(let chain) = verification else { return [] }
        let names = [chain.leaf.certificate, chain.intermediate, chain.root].map(\.subject.commonName)
        let root = chain.anchor == .simulated ? "the simulated root that the verifier named" : "AMD's root"
        return held(
            .certificateSignature, expected: "a signature on each certificate, up to \(root)",
            found: names.joined(separator: ", signed by "))
            + held(.rootUnknown, expected: root, found: "the key \(chain.root.publicKeyDigest)")
    }

    private var validityFindings: [Finding] {
        let presented = verification.presented
        return [presented.leaf?.certificate, presented.intermediate, presented.root].compactMap(\.self).flatMap {
            unless(
                $0.validity.notBefore <= verifier.latestTime && verifier.time <= $0.validity.notAfter,
                .certificateValidity,
                expected: "\($0.subject.commonName) to hold at \(verifier.time)", found: "\($0.validity)")
        }
    }
}
