package import Commitments
internal import Evidence
internal import Keys
internal import Lifecycle
internal import Primitives
package import Verification

extension Page {
    /// Receipts that hold, with everything that was compared.
    ///
    /// - Parameters:
    ///   - kept: in the order of the runs, each of which follows from the one before it.
    ///   - manifest: what everyone signed.
    ///   - extent: how many runs there were, as far as the receipts say.
    ///   - command: what verifies them anew.
    package init(_ kept: [KeptReceipt], under manifest: Manifest, saying extent: String?, by command: String) {
        let verdict =
            kept.count == 1
            ? "The receipt holds." : "The \(kept.count) receipts hold, and each follows from the one before it."
        let sections = kept.enumerated().flatMap { index, run in
            run.sections(of: manifest, identifier: "run-\(index + 1)", isOneOfSeveral: kept.count > 1)
        }
        self.init(
            title: "Receipt: \(manifest.name)", rules: [],
            body: [
                .tag("h1", text: "What ran: \(manifest.name)"),
                .tag("p", "good", [], [.tag("b", text: verdict)]),
                .tag("p", text: "What it was for, in the proposer's words. Nothing held the code to them:"),
                .quote(nil, manifest.purpose.description),
            ]
                + (extent.map { [.tag("p", text: "Of the runs: \($0).")] } ?? [])
                + HTML.noProof(command) + sections)
    }

    /// Something that was kept and does not hold. What comes after the first fault was not looked at; of evidence every
    /// finding is told.
    package init(refusing error: OutputsError, under manifest: Manifest, by command: String) {
        var findings: [Finding] = []
        if case .contraindicated(let found) = error { findings = found }
        let fault = Check(
            .fails, error.message, expected: "that it holds", found: "that it does not", code: error.code,
            advice: error.hint)
        let rest = Check(.unseen, "everything after it", expected: "that it holds", found: "nothing")
        self.init(
            title: "Receipt: does not hold", rules: [],
            body: [
                .tag("h1", text: "What was kept of \(manifest.name)"),
                .tag("p", "bad", [], [.tag("b", text: "It does not hold: do not rely on it.")]),
            ] + HTML.noProof(command) + [
                .section(
                    "checks", "What was looked at",
                    [.checks([fault] + findings.map { Check($0) } + [rest], "What fails stands first.")])
            ])
    }
}

extension KeptReceipt {
    fileprivate func sections(of manifest: Manifest, identifier: String, isOneOfSeveral: Bool) -> [HTML] {
        let receipt = verified.receipt
        let simulated = verified.evidence.endorsements.anchor == .simulated
        let warning: [HTML] =
            simulated
            ? [.tag("div", "danger", [], [.tag("p", text: "It is simulated: no processor stands behind it.")])] : []
        return [
            .section(
                identifier,
                isOneOfSeveral
                    ? "Run \(receipt.run.number): the results were \(receipt.ending.words)"
                    : "The results were \(receipt.ending.words)",
                warning + [
                    .facts([
                        ("Manifest", receipt.manifestDigest.prefixed), ("Session", receipt.sessionID.words(6)),
                        ("Launch measurement", "\(verified.evidence.report.measurement)"),
                        ("Engine", receipt.engine), ("Recorded", "\(record.time), by \(signer.name)"),
                        ("Judged as of", "\(time)"),
                    ]),
                    .checks(checks(of: manifest), "What was compared. What nobody asked stands first."),
                    .report(verified.evidence.report),
                ])
        ]
    }

    private func checks(of manifest: Manifest) -> [Check] {
        let receipt = verified.receipt
        let count = manifest.participants.count
        let digest = receipt.reportDigest.prefixed
        let fixed = [
            Check(
                .holds, "the manifest's signatures", expected: "one of each participant",
                found: "\(count) of \(count)"),
            Check(.holds, "the appraisal record", expected: "a participant's signature", found: "\(signer.name)'s"),
            Check(
                .holds, "the recorded evidence, appraised again", expected: "affirmed under this manifest",
                found: "affirmed as of \(time)"),
            Check(
                .holds, "the receipt's signature", expected: "the attested session's key",
                found: receipt.identity.signing.didKey),
            Check(
                .holds, "the receipt's manifest", expected: manifest.digest.prefixed,
                found: receipt.manifestDigest.prefixed),
            Check(.holds, "the evidence beside the receipt", expected: digest, found: digest),
        ]
        let promised = Dictionary(promises(of: manifest)) { first, _ in first }
        let slots = receipt.slots.map { entry in
            Check(
                .holds, "what went in as \(entry.name)",
                expected: promised[entry.name] ?? "whatever its provider brings",
                found: entry.digest.prefixed)
        }
        let outputs = receipt.outputs.map { entry in
            let isHere = compared.contains(entry.name)
            return Check(
                isHere ? .holds : .unseen, "what came out as \(entry.name)", expected: entry.digest.prefixed,
                found: isHere ? entry.digest.prefixed : "no file here", advice: isHere ? nil : "put its file there")
        }
        return fixed + slots + outputs + verified.evidence.waived.map { Check($0) }
    }

    private func promises(of manifest: Manifest) -> [(Name, String)] {
        manifest.components.map { ($0.name, $0.digest.prefixed) }
            + manifest.data.compactMap { entry in
                if case .fixed(let digest) = entry.commitment { (entry.name, digest.prefixed) } else { nil }
            }
    }
}
