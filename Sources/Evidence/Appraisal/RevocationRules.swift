internal import Primitives

extension Inspection {
    /// What the lists at hand say of the chain: all of them on who is revoked, the newest on how current that is.
    var revocationFindings: [Finding] {
        foreignFindings + freshnessFindings + notBeforeFindings + revokedFindings
    }

    private var foreignFindings: [Finding] {
        revocationLists.foreign.map {
            Finding(
                .revocationSignature, expected: "a signature by \($0.issuer.commonName)", found: "none that verifies")
        }
    }

    private var freshnessFindings: [Finding] {
        guard let oldest = revocationLists.all.last else {
            return [
                Finding(.revocationMissing, revocationSeverity, expected: "one that holds at the time", found: "none")
            ]
        }
        guard let newest = revocationLists.newest(at: verifier.latestTime) else {
            let expected = "a list from before \(verifier.time)"
            return [Finding(.revocationEarly, revocationSeverity, expected: expected, found: oldest.times)]
        }
        guard verifier.judgesNextUpdate else {
            return [Finding(.revocationStale, .waived, expected: Finding.anything, found: newest.times)]
        }
        let expected = "a list that holds at \(verifier.time)"
        guard verifier.time > newest.nextUpdate else {
            return held(.revocationStale, expected: expected, found: newest.times)
        }
        return [Finding(.revocationStale, revocationSeverity, expected: expected, found: newest.times)]
    }

    /// Who demands a date has waived nothing: a missing list is too old as well.
    private var notBeforeFindings: [Finding] {
        let dates = [verifier.revocationNotBefore, verifier.policy.revocationNotBefore].compactMap(\.self)
        guard let date = dates.max() else { return [] }
        let newest = revocationLists.all.first
        return unless(
            newest.map { $0.thisUpdate >= date } ?? false, .revocationNotBefore,
            expected: "a list from \(date) or later", found: newest?.times ?? "none")
    }

    /// A list covers what its issuer signed: the intermediate, and the root itself. What one list has revoked, no
    /// other can bring back: who shows a list chooses which.
    private var revokedFindings: [Finding] {
        let certificates = [verification.presented.intermediate, verification.presented.root].compactMap(\.self)
        let revoked = certificates.compactMap { certificate -> Finding? in
            guard let list = revocationLists.all.first(where: { $0.revoked.contains(certificate.serialNumber) }) else {
                return nil
            }
            return Finding(
                .revoked, expected: "\(certificate.subject.commonName) not to be revoked",
                found: "serial number \(certificate.serialNumber) on the list of \(list.thisUpdate)")
        }
        guard revoked.isEmpty, !revocationLists.all.isEmpty else { return revoked }
        let count = revocationLists.all.count
        return held(
            .revoked, expected: "no certificate of the chain on a list",
            found: count == 1 ? "none on the one at hand" : "none on the \(count) at hand")
    }

    private var revocationSeverity: Finding.Severity {
        verifier.waivers.contains(.revocation) || reference.isRehearsal ? .waived : .contraindicated
    }
}

/// The lists at hand that speak for one chain's root, whoever brought them.
struct RevocationLists {
    /// Newest first. The one that came with the evidence is among them: whether it is signed is the chain's question.
    let all: [RevocationList]
    /// The verifier's own lists that bear the root's name, and that the root did not sign.
    let foreign: [RevocationList]

    /// - Parameter known: the verifier's, by any issuer. Those of other issuers say nothing here.
    init(_ presented: Endorsements, besides known: [RevocationList]) {
        var signed = [presented.revocationList].compactMap(\.self)
        var foreign: [RevocationList] = []
        for list in known where list.issuer == presented.root?.subject && !signed.contains(list) {
            if presented.root?.hasSigned(list) == true {
                signed.append(list)
            } else {
                foreign.append(list)
            }
        }
        all = signed.sorted { ($0.thisUpdate, $0.nextUpdate) > ($1.thisUpdate, $1.nextUpdate) }
        self.foreign = foreign
    }

    /// The one that freshness is judged by: lists from after the time say nothing of it.
    func newest(at time: Timestamp) -> RevocationList? { all.first { $0.thisUpdate <= time } }
}

extension RevocationList {
    fileprivate var times: String { "\(thisUpdate) to \(nextUpdate)" }
}
