import ArgumentParser
import CommandOptions
import Commitments
import Evidence
import Primitives
import Workbench

struct EvidenceCertificates: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certificates",
        abstract: "Fetch and keep the certificates that belong to a report.",
        discussion: """
            Asks AMD's key distribution service for the chip's certificate, its chain and the revocation list, by curl \
            and over https. Each file is kept as it comes, once it verifies up to AMD's root. The chip's certificate \
            must also have signed the report. If the service asks to wait, the command waits. The service learns which \
            chip the report is from.

            Without a network, --offline says which files to put where. Verification itself never touches the network.

            Exit status: 0 all are there, 1 they do not verify, 2 a file cannot be decoded, 3 some are missing, or \
            the report cannot be opened.

            Example: 2cvm evidence certificates report.bin
            """)

    @Argument(help: "The report: 1184 bytes.", completion: .file())
    var report: String

    @OptionGroup var options: CollectionOptions

    func run() throws {
        let report = try readFile(self.report, maximumByteCount: AttestationReport.byteCount) {
            bytes throws(ReportError) in
            try AttestationReport(decoding: bytes.span)
        }
        let collection = try ReportCertificates.collect(
            for: report, from: options.source, in: self.report)
        options.show(collection)
        if let failure = collection.failure { throw failure }
    }
}

/// How certificates are looked for, and how what was found is shown.
struct CollectionOptions: ParsableArguments {
    @OptionGroup var certificates: CertificateOptions

    @Flag(help: "Fetch the revocation list again, though the one that is there still holds.")
    var refresh = false

    @Flag(help: "Print JSON.")
    var json = false

    var source: CertificateSource { certificates.source(refreshesList: refresh) }

    func show(_ collection: ReportCertificates) {
        if json { return printJSON(collection.value) }
        collection.lines.forEach { print($0) }
    }
}
