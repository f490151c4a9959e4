import ArgumentParser
import Commitments
import Evidence
import FoundationEssentials
import Platform
import Primitives

struct EvidenceCertificates: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certificates",
        abstract: "Fetch and keep the certificates that belong to a report.",
        discussion: """
            Asks AMD's key distribution service for the chip's certificate, its chain and the revocation list, by \
            curl and over https. They are kept only once they verify up to AMD's root and the chip's key has signed \
            the report. The service learns which chip the report is from.

            Without a network, --offline says what to put where. Verification itself never touches the network.

            Exit status: 0 all are there, 1 they do not verify, 2 a file cannot be read, 3 some are missing.

            Example: 2cvm evidence certificates report.bin
            """)

    @Argument(help: "The report: 1184 bytes.", completion: .file())
    var report: String

    @Option(
        help: "Milan, Genoa or Turin, for a report of version 2, which does not say.",
        completion: .list(SEVProduct.allCases.map(\.rawValue)), transform: productArgument)
    var product: SEVProduct?

    @Option(
        help: "The certificate of a cloud provider's key (VLEK), which AMD gives to the provider alone.",
        completion: .file())
    var certificate: String?

    @Flag(help: "Fetch nothing; say what is there and what to put where.")
    var offline = false

    @Flag(help: "Fetch the revocation list again, though the one that is kept still holds.")
    var refresh = false

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let report = try readFile(self.report, maximumByteCount: AttestationReport.byteCount) {
            bytes throws(ReportError) in
            try AttestationReport(decoding: bytes.span)
        }
        let files: KeyDistribution
        do {
            files = try KeyDistribution(report, product: product)
        } catch {
            throw CommandFailure(.refused, error, in: self.report)
        }
        let cache = CertificateCache(try Home())
        var collection = ReportCertificates(files: files, cache: cache)
        for file in [files.leaf, files.chain, files.revocationList].compactMap(\.self) {
            try collection.take(file, offline: offline, stale: isStale(file, of: files, in: cache))
        }
        if collection.isThere {
            try collection.verify(report, leaf: try leaf(of: files, in: collection))
            try collection.keep()
        }
        show(collection)
        if let failure = collection.failure { throw failure }
    }

    /// A list that does not hold any more, or that shall be replaced. Only the list ages.
    private func isStale(
        _ file: KeyDistributionFile, of files: KeyDistribution, in cache: CertificateCache
    ) throws(CommandFailure) -> Bool {
        guard file == files.revocationList else { return false }
        if refresh { return true }
        guard let bytes = try cache.read(file), let list = try? RevocationList(decoding: bytes) else { return true }
        let now = Int64(Date().timeIntervalSince1970)
        return list.nextUpdate.unixSeconds < now
    }

    private func leaf(
        of files: KeyDistribution, in collection: ReportCertificates
    ) throws(CommandFailure) -> EndorsementCertificate {
        if let leaf = files.leaf { return try collection.decoded(leaf, EndorsementCertificate.init(decoding:)) }
        guard let certificate else {
            throw CommandFailure(.refused, CertificatesError.providerCertificate)
        }
        return try readEndorsementCertificate(certificate)
    }

    private func show(_ collection: ReportCertificates) {
        if json {
            printJSON(collection.value)
            return
        }
        for entry in collection.entries {
            let padding = String(repeating: " ", count: 9 - entry.state.rawValue.count)
            print("\(entry.state.rawValue)\(padding)\(collection.cache.path(entry.file))")
            if entry.state == .missing || entry.state == .stale { print("         fetch it from \(entry.file.url)") }
        }
    }
}

/// The files for one report, from the cache and from the service.
private struct ReportCertificates {
    let files: KeyDistribution
    let cache: CertificateCache
    var entries: [Entry] = []
    /// Why fetching failed, the first time.
    var fetchError: FetchError?

    struct Entry {
        let file: KeyDistributionFile
        let state: State
        let bytes: [UInt8]
    }

    enum State: String {
        case kept, fetched, missing
        /// There, and past its time.
        case stale
    }

    /// Nothing more is needed.
    var isComplete: Bool { entries.allSatisfy { $0.state == .kept || $0.state == .fetched } }
    /// Everything can be verified, be it out of date.
    var isThere: Bool { entries.allSatisfy { $0.state != .missing } }

    /// Decodes what was taken. A file that cannot be read is named, with where it came from.
    func decoded<Value, Failure: ExplainedError>(
        _ file: KeyDistributionFile, _ decode: ([UInt8]) throws(Failure) -> Value
    ) throws(CommandFailure) -> Value {
        let entry = entries.first { $0.file == file }
        do {
            return try decode(entry?.bytes ?? [])
        } catch {
            throw CommandFailure(.unreadable, error, in: entry?.state == .fetched ? file.url : cache.path(file))
        }
    }

    /// Takes a file from the cache, else from the service. A stale one is better than none.
    mutating func take(_ file: KeyDistributionFile, offline: Bool, stale: Bool) throws(CommandFailure) {
        let kept = try cache.read(file)
        if let kept, !stale {
            entries.append(Entry(file: file, state: .kept, bytes: kept))
            return
        }
        if !offline, fetchError == nil {
            do {
                let bytes = try HTTPSFetch.get(file.url, maximumByteCount: file.maximumByteCount)
                entries.append(Entry(file: file, state: .fetched, bytes: bytes))
                return
            } catch {
                fetchError = error
            }
        }
        entries.append(Entry(file: file, state: kept == nil ? .missing : .stale, bytes: kept ?? []))
    }

    /// What the service sent must verify up to a pinned root, and its key must have signed this report.
    func verify(_ report: AttestationReport, leaf: EndorsementCertificate) throws(CommandFailure) {
        let chain = try decoded(files.chain, CertificateChainText.init(decoding:))
        let endorsements = Endorsements(
            leaf: leaf, intermediate: chain.intermediate, root: chain.root,
            revocationList: try decoded(files.revocationList, RevocationList.init(decoding:)))
        switch endorsements.verified() {
        case .refused(_, let findings):
            throw CommandFailure(.refused, CertificatesError.notVerified(findings))
        case .verified(let verified):
            guard verified.leaf.hasSigned(report) else {
                throw CommandFailure(.refused, CertificatesError.otherKey)
            }
        }
    }

    func keep() throws(CommandFailure) {
        for entry in entries where entry.state == .fetched { try cache.write(entry.bytes, as: entry.file) }
    }

    /// What to end with when something is missing.
    var failure: CommandFailure? {
        guard !isComplete else { return nil }
        let missing = entries.count { $0.state == .missing || $0.state == .stale }
        let error = CertificatesError.missing(missing, of: entries.count, because: fetchError)
        return CommandFailure(.unavailable, error)
    }

    var value: JSONValue {
        [
            "product": .string(files.product.rawValue), "key": .string(files.key.rawValue),
            "complete": .bool(isComplete),
            "files": .array(
                entries.map { entry in
                    [
                        "path": .string(cache.path(entry.file)), "url": .string(entry.file.url),
                        "state": .string(entry.state.rawValue),
                    ]
                }),
        ]
    }
}

private enum CertificatesError: Error {
    case missing(Int, of: Int, because: FetchError?)
    case notVerified([Finding])
    case otherKey
    case providerCertificate
}

extension CertificatesError: ExplainedError {
    var code: String {
        switch self {
        case .missing: "evidence.certificates.missing"
        case .notVerified: "evidence.certificates.unverified"
        case .otherKey: "evidence.certificates.key"
        case .providerCertificate: "evidence.certificates.provider"
        }
    }

    var message: String {
        switch self {
        case .missing(let count, let all, let error):
            "missing or out of date: \(count) of \(all) files" + (error.map { "; \($0.message)" } ?? "")
        case .notVerified(let findings):
            (findings.first?.message ?? "not verified") + (findings.count > 1 ? ", and \(findings.count - 1) more" : "")
        case .otherKey: "the certified key did not sign this report"
        case .providerCertificate: "AMD gives the certificate of a VLEK to the cloud provider alone"
        }
    }

    var hint: String? {
        switch self {
        case .missing(_, _, let error):
            error?.hint ?? "fetch the addresses above elsewhere, and put each file where it is named"
        case .notVerified: "nothing new was kept; remove what was put there by hand, and fetch again"
        case .otherKey: "the chip or its firmware's version may be another than the report says"
        case .providerCertificate: "pass it with --certificate; hosts hand it over beside the report"
        }
    }
}

private func productArgument(_ text: String) throws(ValidationError) -> SEVProduct {
    guard let product = SEVProduct(rawValue: text) else {
        throw ValidationError("expected Milan, Genoa or Turin, found \"\(text)\"")
    }
    return product
}
