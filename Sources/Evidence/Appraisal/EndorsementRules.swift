extension Inspection {
    /// The chain, its time, and the revocation lists.
    var endorsementFindings: [Finding] {
        verification.findings + validityFindings + revocationFindings
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
