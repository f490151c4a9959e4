import ArgumentParser
import CommandOptions
import Evidence
import Keys
import Primitives
import Verification
import Workbench

/// Groups the commands on evidence.
struct EvidenceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evidence",
        abstract: "Read, verify and appraise the evidence of a machine.",
        discussion: "docs/EVIDENCE.md describes the files, and every finding by its code.",
        subcommands: [
            EvidenceShow.self, EvidenceCompare.self, EvidenceVerify.self, EvidenceWrap.self, EvidenceToken.self,
            EvidenceCertificates.self, EvidenceEndorse.self,
        ])
}

struct EvidenceShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a report field by field, each bit spelled out.",
        discussion: """
            FILE is an attestation report of 1,184 bytes or an evidence bundle. Nothing is verified: this is what the \
            file claims.

            Example: 2cvm evidence show report.bin
            """)

    @Argument(help: "A report or a bundle.", completion: .file())
    var file: String

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        switch try readEvidence(file) {
        case .report(let report):
            if json {
                printJSON(["fields": .array(report.listing.map(\.json))])
            } else {
                print(text(of: report))
            }
        case .bundle(let bundle):
            if json {
                printJSON(["claims": claims(of: bundle), "fields": .array(bundle.report.listing.map(\.json))])
            } else {
                print(text(of: bundle) + "\n\n" + text(of: bundle.report))
            }
        }
    }

    private func text(of report: AttestationReport) -> String {
        report.listing.map { field in
            let bits = field.bits.map { "\n" + column("") + "\($0.isSet ? 1 : 0) \($0.name): \($0.meaning)" }
            return column(field.name) + field.value + "\n" + column("") + field.meaning + bits.joined()
        }.joined(separator: "\n")
    }

    private func column(_ name: String) -> String {
        name + String(repeating: " ", count: max(1, 20 - name.utf8.count))
    }

    private func text(of bundle: EvidenceBundle) -> String {
        let endorsements = bundle.endorsements
        let bound = bundle.session.bound
        var lines = [
            column("manifest") + (bound.isNone ? "none yet" : "\(bound)"),
            column("session") + "\(sessionID(of: bundle))",
            column("nonce") + "\(bundle.answer.nonce)",
            column("nonces answered") + "\(bundle.answer.path.size)",
        ]
        let certificates = [endorsements.leaf?.certificate, endorsements.intermediate, endorsements.root]
        for certificate in certificates.compactMap(\.self) {
            lines.append(column("certificate") + "\(certificate.subject.commonName), \(certificate.validity)")
        }
        if let list = endorsements.revocationList {
            lines.append(column("revocation list") + "\(list.issuer.commonName), until \(list.nextUpdate)")
        }
        return lines.joined(separator: "\n")
    }

    private func claims(of bundle: EvidenceBundle) -> JSONValue {
        [
            "manifestDigest": .string(bundle.session.bound.description),
            "sessionID": .string(sessionID(of: bundle).description), "nonce": .string(bundle.answer.nonce.description),
            "noncesAnswered": .integer(bundle.answer.path.size),
        ]
    }

    private func sessionID(of bundle: EvidenceBundle) -> SHA256Digest {
        bundle.session.keys.sessionID(boundTo: bundle.session.bound)
    }
}
