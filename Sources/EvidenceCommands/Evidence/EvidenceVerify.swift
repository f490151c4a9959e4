import ArgumentParser
import CommandOptions
import Commitments
import Evidence
import FoundationEssentials
import Pages
import Primitives
import Workbench

struct EvidenceVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verify evidence and appraise it: affirmed, or every reason against it.",
        discussion: """
            A bundle is appraised against a manifest and the nonce that you asked with. A report by itself is \
            verified, and compared with the values that you name here; the rest is listed as waived. Where none is \
            named, the result says that nothing was compared.

            With --html the result is a page: each check with what was expected and found, also those that hold, and \
            the report field by field.

            Exit status: 0 affirmed, 1 contraindicated, 2 a file cannot be decoded, 3 it cannot be opened.

            Example: 2cvm evidence verify evidence.json --manifest manifest.json --nonce 00ff…

            Example: 2cvm evidence verify --report report.bin --certificate vcek.der --intermediate ask.der \
            --root ark.der --crl genoa.crl --at 2026-09-01

            Example: 2cvm evidence verify --report report.bin --certificate vcek.der --chain cert_chain.pem \
            --crl genoa.crl --vmpl 0 --minimum-tcb snp=27,microcode=86 --policy strict.json

            Example: 2cvm evidence verify evidence.json --manifest manifest.json --nonce 00ff… --html evidence.html
            """)

    @Argument(help: "An evidence bundle.", completion: .file(extensions: ["json"]))
    var bundle: String?

    @Option(help: ArgumentHelp("The manifest that the session must run.", valueName: "file"), completion: .file())
    var manifest: String?

    @Option(
        help: ArgumentHelp("The nonce that you asked with: 64 hexadecimal digits.", valueName: "hex"),
        transform: digestArgument)
    var nonce: SHA256Digest?

    @Option(help: ArgumentHelp("A report by itself.", valueName: "file"), completion: .file())
    var report: String?

    @OptionGroup var endorsements: EndorsementOptions

    @OptionGroup(title: "What a report by itself is compared with") var expected: ReferenceOptions

    @OptionGroup(title: "How it is judged") var verifier: VerifierOptions

    @OptionGroup(title: "The result for others") var token: TokenOptions

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        let hasBundle = bundle != nil
        guard hasBundle != (report != nil) else { throw ValidationError("name a bundle, or a report with --report") }
        guard hasBundle == (manifest != nil), hasBundle == (nonce != nil) else {
            throw ValidationError("a bundle needs --manifest and --nonce, and a report takes neither")
        }
        guard hasBundle || endorsements.isComplete else {
            throw ValidationError("a report needs --certificate, and --chain or --intermediate and --root")
        }
        guard hasBundle || !verifier.crl.isEmpty || verifier.revocation == .unchecked else {
            throw ValidationError("a report needs --crl FILE, or --revocation unchecked")
        }
        guard !hasBundle || expected.isEmpty else {
            throw ValidationError("a bundle is compared with what its manifest says: name no values beside it")
        }
    }

    func run() throws {
        let verifier = try verifier.verifier(takesSettings: bundle != nil)
        if let path = bundle, let manifest, let nonce {
            var bundle = try readBundle(path)
            bundle.endorsements = try completed(bundle.endorsements, for: bundle.report)
            let terms = SessionTerms(nonce: nonce, manifest: try readManifest(manifest).manifest)
            try finish(bundle.report, by: verifier) { $0.appraise(bundle, under: terms) }
        } else if let report {
            let claimed = try readReport(report)
            let presented = try endorsements.read()
            let verification = presented.verified(simulatedRoot: verifier.simulatedRoot)
            guard !expected.isEmpty else {
                return try finish(claimed, by: verifier) { $0.appraise(claimed, endorsed: verification) }
            }
            let reference = try expected.reference(of: presented.leaf?.product)
            try finish(claimed, by: verifier) { $0.appraise(claimed, endorsed: verification, against: reference) }
        }
    }

    /// What the bundle lacks comes from the command line, else from what was fetched before.
    private func completed(
        _ presented: Endorsements, for report: AttestationReport
    ) throws(CommandFailure) -> Endorsements {
        let given = presented.completed(from: try endorsements.read())
        guard given.isIncomplete, let home = try? Home(),
            let files = try? KeyDistribution(report, product: given.leaf?.product)
        else { return given }
        return given.completed(from: try CertificateCache(home).endorsements(for: files))
    }

    /// Prints the result, writes token and page, and picks the exit status.
    private func finish<Affirmed>(
        _ report: AttestationReport, by verifier: Verifier, _ appraise: (Verifier) -> Appraisal<Affirmed>
    ) throws {
        let appraisal = appraise(verifier)
        try token.write(appraisal, by: verifier, answering: nonce)
        // A page that people file says also what holds.
        var thorough = verifier
        thorough.listsWhatHolds = true
        let command = "2cvm evidence verify " + (bundle == nil ? "--report REPORT" : "BUNDLE") + " …"
        let isWritten = try token.page.write(
            Page(appraise(thorough), of: report, at: verifier.time, by: command), says: !json)
        if json {
            printJSON(appraisal.json(at: verifier.time))
        } else if !isWritten {
            print(appraisalText(appraisal, at: verifier.time))
        }
        if case .contraindicated = appraisal { throw ExitStatus.refused.code }
    }
}

/// The certificates that come beside the evidence.
struct EndorsementOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The VCEK or VLEK certificate, DER or PEM.", valueName: "file"), completion: .file())
    var certificate: String?

    @Option(help: ArgumentHelp("The ASK or ASVK certificate.", valueName: "file"), completion: .file())
    var intermediate: String?

    @Option(help: ArgumentHelp("The ARK certificate.", valueName: "file"), completion: .file())
    var root: String?

    @Option(
        help: ArgumentHelp("ASK and ARK in one file, as AMD's service sends them (cert_chain).", valueName: "file"),
        completion: .file())
    var chain: String?

    var isComplete: Bool { certificate != nil && (chain != nil || intermediate != nil && root != nil) }

    func validate() throws {
        guard chain == nil || intermediate == nil && root == nil else {
            throw ValidationError("--chain names both: leave out --intermediate and --root")
        }
    }

    func read() throws(CommandFailure) -> Endorsements {
        if let chain {
            let pair = try readFile(
                chain, maximumByteCount: CertificateChainText.maximumByteCount, as: CertificateChainText.init(decoding:)
            )
            return Endorsements(
                leaf: try certificate.map(readEndorsementCertificate), intermediate: pair.intermediate,
                root: pair.root, revocationList: nil)
        }
        return Endorsements(
            leaf: try certificate.map(readEndorsementCertificate), intermediate: try intermediate.map(readCertificate),
            root: try root.map(readCertificate), revocationList: nil)
    }
}
