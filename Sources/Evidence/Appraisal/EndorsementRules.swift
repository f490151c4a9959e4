extension Inspection {
    /// The chain, its time, and its revocation list.
    var endorsementFindings: [Finding] {
        verification.findings + validityFindings + revocationFindings
    }

    private var validityFindings: [Finding] {
        let presented = verification.presented
        return [presented.leaf?.certificate, presented.intermediate, presented.root].compactMap(\.self).flatMap {
            unless(
                $0.validity.contains(verifier.time), .certificateValidity,
                expected: "\($0.subject.commonName) to hold at \(verifier.time)", found: "\($0.validity)")
        }
    }

    private var revocationFindings: [Finding] {
        guard let list = verification.presented.revocationList else {
            return [
                Finding(.revocationMissing, revocationSeverity, expected: "one that holds at the time", found: "none")
            ]
        }
        let times = "\(list.thisUpdate) to \(list.nextUpdate)"
        var findings: [Finding] = []
        if verifier.time < list.thisUpdate {
            let expected = "a list from before \(verifier.time)"
            findings.append(Finding(.revocationEarly, revocationSeverity, expected: expected, found: times))
        }
        if verifier.time > list.nextUpdate {
            let expected = "a list that holds at \(verifier.time)"
            findings.append(Finding(.revocationStale, revocationSeverity, expected: expected, found: times))
        }
        // A list covers what its issuer signed: the intermediate, and the root itself.
        for certificate in [verification.presented.intermediate, verification.presented.root].compactMap(\.self) {
            findings += unless(
                !list.revoked.contains(certificate.serialNumber), .revoked,
                expected: "\(certificate.subject.commonName) not to be revoked",
                found: "serial number \(certificate.serialNumber) on the list")
        }
        return findings
    }

    private var revocationSeverity: Finding.Severity {
        verifier.waivers.contains(.revocation) || reference.isRehearsal ? .waived : .contraindicated
    }
}
