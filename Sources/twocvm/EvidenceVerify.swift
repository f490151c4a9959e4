import ArgumentParser
import Commitments
import Evidence
import FoundationEssentials
import Primitives

struct EvidenceVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verify evidence and appraise it: affirmed, or every reason against it.",
        discussion: """
            A bundle is appraised against a manifest and the nonce that you asked with. A report by itself is \
            verified, and appraised as far as no reference value is needed; the rest is listed as waived.

            Exit status: 0 affirmed, 1 contraindicated, 2 a file cannot be decoded, 3 it cannot be opened.

            Example: 2cvm evidence verify evidence.json --manifest manifest.json --nonce 00ff…

            Example: 2cvm evidence verify --report report.bin --certificate vcek.der --intermediate ask.der \
            --root ark.der --crl genoa.crl --at 2026-09-01
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

    @OptionGroup var verifier: VerifierOptions

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        let hasBundle = bundle != nil
        guard hasBundle != (report != nil) else { throw ValidationError("name a bundle, or a report with --report") }
        guard hasBundle == (manifest != nil), hasBundle == (nonce != nil) else {
            throw ValidationError("a bundle needs --manifest and --nonce, and a report takes neither")
        }
        guard hasBundle || endorsements.isComplete else {
            throw ValidationError("a report needs --certificate, --intermediate and --root")
        }
        guard hasBundle || endorsements.crl != nil || verifier.revocation == .unchecked else {
            throw ValidationError("a report needs --crl FILE, or --revocation unchecked")
        }
    }

    func run() throws {
        let verifier = try verifier.verifier(takesSettings: bundle != nil)
        if let bundle, let manifest, let nonce {
            try finish(try appraise(bundle, under: manifest, nonce: nonce, by: verifier), at: verifier.time)
        } else if let report {
            let claimed = try readReport(report)
            let verification = try endorsements.read().verified(simulatedRoot: verifier.simulatedRoot)
            try finish(verifier.appraise(claimed, endorsed: verification), at: verifier.time)
        }
    }

    private func appraise(
        _ path: String, under manifest: String, nonce: SHA256Digest, by verifier: Verifier
    ) throws -> Appraisal<AttestedSession> {
        var bundle = try readBundle(path)
        bundle.endorsements = try completed(bundle.endorsements, for: bundle.report)
        return verifier.appraise(
            bundle, under: SessionTerms(nonce: nonce, manifest: try readManifest(manifest).manifest))
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

    /// Prints the result and picks the exit status.
    private func finish<Affirmed>(_ appraisal: Appraisal<Affirmed>, at time: Timestamp) throws {
        if json {
            printJSON(appraisal.json(at: time))
        } else {
            print(appraisalText(appraisal, at: time))
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

    @Option(help: ArgumentHelp("AMD's revocation list.", valueName: "file"), completion: .file())
    var crl: String?

    var isComplete: Bool { certificate != nil && intermediate != nil && root != nil }

    func read() throws(CommandFailure) -> Endorsements {
        Endorsements(
            leaf: try certificate.map(readEndorsementCertificate), intermediate: try intermediate.map(readCertificate),
            root: try root.map(readCertificate), revocationList: try crl.map(readRevocationList))
    }
}

/// How evidence is judged.
struct VerifierOptions: ParsableArguments {
    enum Revocation: String, CaseIterable, ExpressibleByArgument {
        case checked, unchecked
    }

    /// What is refused unless it is named.
    enum Acceptance: String, CaseIterable, ExpressibleByArgument {
        case milan
    }

    @Option(help: ArgumentHelp("Whether a missing or stale revocation list is taken.", valueName: "checked|unchecked"))
    var revocation: Revocation = .checked

    @Option(help: ArgumentHelp("Take \"milan\", whose keys can be extracted by software.", valueName: "product"))
    var accept: [Acceptance] = []

    @Option(
        help: ArgumentHelp("Judge as of this time: 2026-09-01 or 2026-09-01T12:00:00Z. Else now.", valueName: "date"),
        transform: timeArgument)
    var at: Timestamp?

    @Option(help: ArgumentHelp("Your policy file, which can only narrow.", valueName: "file"), completion: .file())
    var policy: String?

    @Option(
        help: ArgumentHelp(
            "Take this root besides AMD's, for manifests that say simulated: the SHA-256 of its public key. Without "
                + "it: TWOCVM_SIMULATED_ROOT, or your settings.", valueName: "hex"),
        transform: digestArgument)
    var simulatedRoot: SHA256Digest?

    /// - Parameter takesSettings: whether a simulated root may come from the settings. A report by itself is judged
    ///   without a manifest that would say simulated, so there it must be named.
    func verifier(takesSettings: Bool = true) throws(CommandFailure) -> Verifier {
        let policy =
            if let policy {
                try readFile(
                    policy, maximumByteCount: VerifierPolicy.maximumByteCount, as: VerifierPolicy.init(decoding:))
            } else {
                VerifierPolicy.none
            }
        var verifier = Verifier(at: try time(), policy: policy)
        if revocation == .unchecked { verifier.waivers.insert(.revocation) }
        if accept.contains(.milan) { verifier.waivers.insert(.milan) }
        verifier.simulatedRoot = simulatedRoot
        if takesSettings {
            verifier.simulatedRoot = try Setting.simulatedRoot.value(
                simulatedRoot, as: "64 hexadecimal digits, perhaps after sha256:"
            ) { SHA256Digest(prefixed: $0) ?? SHA256Digest(hex: $0) }
        }
        return verifier
    }

    private func time() throws(CommandFailure) -> Timestamp {
        if let at { return at }
        guard let now = Timestamp(unixSeconds: Int64(Date.now.timeIntervalSince1970)) else {
            throw CommandFailure(CommandError.noClock)
        }
        return now
    }
}
