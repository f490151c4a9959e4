package import Commitments
package import Evidence
internal import FoundationEssentials
package import Platform
package import Primitives

/// Where certificates may be taken from, besides the cache.
package struct CertificateSource: Sendable {
    /// For a report that does not say.
    package var product: SEVProduct?
    /// The file of a VLEK's certificate.
    package var providerCertificate: String?
    package var isOffline = false
    /// Whether a list that still holds is fetched all the same.
    package var refreshesList = false

    package init(
        product: SEVProduct?, providerCertificate: String?, isOffline: Bool = false, refreshesList: Bool = false
    ) {
        self.product = product
        self.providerCertificate = providerCertificate
        self.isOffline = isOffline
        self.refreshesList = refreshesList
    }
}

/// The files for one report, from the cache and from the service.
package struct ReportCertificates {
    package let files: KeyDistribution
    package let cache: CertificateCache
    package private(set) var entries: [Entry] = []
    /// All of it, verified, once it is there.
    package private(set) var endorsements: Endorsements?
    /// Why fetching failed, the first time.
    private var fetchError: FetchError?

    package struct Entry {
        package let file: KeyDistributionFile
        package fileprivate(set) var state: State
        package let bytes: [UInt8]
    }

    package enum State: String {
        case kept, fetched, missing
        /// There, and past its time.
        case stale
        /// Fetched, and not kept: what vouches for it is missing, or does not.
        case unverified
    }

    /// Collects and verifies what belongs to a report, and keeps what was fetched.
    ///
    /// - Parameter place: where the report came from, for errors.
    package static func collect(
        for report: AttestationReport, from source: CertificateSource, in place: String
    ) throws(CommandFailure) -> Self {
        let files: KeyDistribution
        do {
            files = try KeyDistribution(report, product: source.product)
        } catch {
            throw CommandFailure(error, in: place)
        }
        var collection = Self(files: files, cache: CertificateCache(try Home()))
        // The chain first: it vouches for the others, and each file is kept as soon as it is vouched for. What one
        // answer refuses, the next try then need not fetch again.
        for file in [files.chain, files.leaf, files.revocationList].compactMap(\.self) {
            try collection.take(file, source)
            try collection.keepLast(of: report)
        }
        guard collection.isThere else { return collection }
        try collection.verify(report, leaf: try collection.leaf(source))
        return collection
    }

    private init(files: KeyDistribution, cache: CertificateCache) {
        (self.files, self.cache) = (files, cache)
    }

    /// Nothing more is needed.
    private var isComplete: Bool { entries.allSatisfy { $0.state == .kept || $0.state == .fetched } }
    /// Everything can be verified, be it out of date.
    private var isThere: Bool { entries.allSatisfy { $0.state != .missing } }

    /// Decodes what was taken. A file that cannot be read is named, with where it came from.
    private func decoded<Value, Failure: CommandFault>(
        _ file: KeyDistributionFile, _ decode: ([UInt8]) throws(Failure) -> Value
    ) throws(CommandFailure) -> Value {
        let entry = entries.first { $0.file == file }
        do {
            return try decode(entry?.bytes ?? [])
        } catch {
            throw CommandFailure(error, in: entry?.state == .fetched ? file.url : cache.path(file))
        }
    }

    /// Takes a file from the cache, else from the service. A stale one is better than none.
    private mutating func take(_ file: KeyDistributionFile, _ source: CertificateSource) throws(CommandFailure) {
        let kept = try cache.read(file)
        if let kept, !isStale(kept, file, source) {
            entries.append(Entry(file: file, state: .kept, bytes: kept))
            return
        }
        if !source.isOffline, fetchError == nil || fetchError == .refused {
            do {
                let bytes = try HTTPSFetch.get(file.url, maximumByteCount: file.maximumByteCount)
                if let kept, let newer = newerList(kept, than: bytes, file) {
                    // Who carries lists can hold back new ones. An older one never takes a newer one's place.
                    entries.append(Entry(file: file, state: newer.isOutdated ? .stale : .kept, bytes: kept))
                } else {
                    entries.append(Entry(file: file, state: .fetched, bytes: bytes))
                }
                return
            } catch {
                fetchError = fetchError ?? error
            }
        }
        entries.append(Entry(file: file, state: kept == nil ? .missing : .stale, bytes: kept ?? []))
    }

    /// A list that does not hold any more, or that shall be replaced. Only the list ages.
    private func isStale(_ bytes: [UInt8], _ file: KeyDistributionFile, _ source: CertificateSource) -> Bool {
        guard file == files.revocationList else { return false }
        guard !source.refreshesList, let list = try? RevocationList(decoding: bytes) else { return true }
        return list.isOutdated
    }

    /// The list that is kept, where what was fetched is an older one of the same issuer.
    private func newerList(_ kept: [UInt8], than fetched: [UInt8], _ file: KeyDistributionFile) -> RevocationList? {
        guard file == files.revocationList, let kept = try? RevocationList(decoding: kept),
            let fetched = try? RevocationList(decoding: fetched)
        else { return nil }
        return kept.issuer == fetched.issuer && kept.thisUpdate > fetched.thisUpdate ? kept : nil
    }

    private func leaf(_ source: CertificateSource) throws(CommandFailure) -> EndorsementCertificate {
        if let leaf = files.leaf { return try decoded(leaf, EndorsementCertificate.init(decoding:)) }
        guard let certificate = source.providerCertificate else {
            throw CommandFailure(CertificatesError.providerCertificate)
        }
        return try readEndorsementCertificate(certificate)
    }

    /// What the service sent must verify up to a pinned root, and its key must have signed this report.
    private mutating func verify(_ report: AttestationReport, leaf: EndorsementCertificate) throws(CommandFailure) {
        let chain = try decoded(files.chain, CertificateChainText.init(decoding:))
        let endorsements = Endorsements(
            leaf: leaf, intermediate: chain.intermediate, root: chain.root,
            revocationList: try decoded(files.revocationList, RevocationList.init(decoding:)))
        switch endorsements.verified() {
        case .refused(_, let findings):
            throw CommandFailure(CertificatesError.notVerified(findings))
        case .verified(let verified):
            guard verified.leaf.hasSigned(report) else {
                throw CommandFailure(CertificatesError.otherKey)
            }
            self.endorsements = endorsements
        }
    }

    /// Keeps the file that was taken last, if it was fetched and something vouches for it.
    private mutating func keepLast(of report: AttestationReport) throws(CommandFailure) {
        guard let entry = entries.last, entry.state == .fetched else { return }
        var state = State.unverified
        if entry.file == files.chain {
            if let chain, isVouchedFor(chain) { state = .fetched }
        } else if let chain, isVouchedFor(chain) {
            if entry.file == files.leaf {
                let leaf = try? EndorsementCertificate(decoding: entry.bytes)
                if let leaf, leaf.certificate.isSigned(by: chain.intermediate), leaf.hasSigned(report) {
                    state = .fetched
                }
            } else if let list = try? RevocationList(decoding: entry.bytes), chain.root.hasSigned(list) {
                if let dropped = try droppedList(for: list, of: chain.root) {
                    try cache.keep(dropped, replacedAs: entry.file)
                }
                // Kept, and still not what is needed.
                state = list.isOutdated ? .stale : .fetched
            }
        }
        if state != .unverified { try cache.write(entry.bytes, as: entry.file) }
        entries[entries.count - 1].state = state
    }

    private var chain: CertificateChainText? {
        entries.first { $0.file == files.chain }.flatMap { try? CertificateChainText(decoding: $0.bytes) }
    }

    private func isVouchedFor(_ chain: CertificateChainText) -> Bool {
        chain.root.publicKeyDigest == files.product.rootKeyDigest && chain.intermediate.isSigned(by: chain.root)
    }

    /// The list that was there before, where it is the root's and has revoked what the new one does not name.
    private func droppedList(
        for list: RevocationList, of root: Certificate
    ) throws(CommandFailure) -> RevocationList? {
        guard let bytes = try cache.read(files.revocationList), let before = try? RevocationList(decoding: bytes),
            !before.revoked.isSubset(of: list.revoked), root.hasSigned(before)
        else { return nil }
        return before
    }

    /// What to end with when something is missing.
    package var failure: CommandFailure? {
        guard !isComplete else { return nil }
        let missing = entries.count { $0.state != .kept && $0.state != .fetched }
        let error = CertificatesError.missing(missing, of: entries.count, because: fetchError)
        return CommandFailure(error)
    }

    /// What there is of each file, and where the rest comes from.
    package var lines: [String] {
        entries.flatMap { entry in
            let state = entry.state.rawValue
            let line = state + String(repeating: " ", count: 11 - state.count) + cache.path(entry.file)
            switch entry.state {
            case .kept, .fetched: return [line]
            case .missing, .stale: return [line, "           fetch it from \(entry.file.url)"]
            case .unverified:
                return [line, "           not kept: nothing here vouches for what \(entry.file.url) sent"]
            }
        }
    }

    package var value: JSONValue {
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

package enum CertificatesError: Error {
    case missing(Int, of: Int, because: FetchError?)
    case notVerified([Finding])
    case otherKey
    case providerCertificate
    case tooManyFiles
}

extension CertificatesError: CommandFault {
    package var status: ExitStatus {
        if case .missing = self { .unavailable } else { .refused }
    }

    package var code: String {
        switch self {
        case .missing: "evidence.certificates.missing"
        case .notVerified: "evidence.certificates.unverified"
        case .otherKey: "evidence.certificates.key"
        case .providerCertificate: "evidence.certificates.provider"
        case .tooManyFiles: "evidence.certificates.count"
        }
    }

    package var message: String {
        switch self {
        case .missing(let count, let all, let error):
            "missing or out of date: \(count) of \(all) files" + (error.map { "; \($0.message)" } ?? "")
        case .notVerified(let findings):
            (findings.first?.message ?? "not verified") + (findings.count > 1 ? ", and \(findings.count - 1) more" : "")
        case .otherKey: "the certified key did not sign this report"
        case .providerCertificate: "AMD gives the certificate of a VLEK to the cloud provider alone"
        case .tooManyFiles: "there are more certificates and revocation lists than are looked through"
        }
    }

    package var hint: String? {
        switch self {
        case .missing(_, _, let error):
            error?.hint ?? "fetch the addresses above elsewhere, and put each file where it is named"
        case .notVerified: "what does not verify was not kept; remove what was put there by hand, and fetch again"
        case .otherKey: "the chip or its firmware's version may be another than the report says"
        case .tooManyFiles: "move certificates away that you do not need; keep the lists, whose names have -crl-"
        case .providerCertificate: "pass it with --certificate; hosts hand it over beside the report"
        }
    }
}

extension RevocationList {
    /// Whether the next one is due by now.
    package var isOutdated: Bool { nextUpdate.unixSeconds < Int64(Date().timeIntervalSince1970) }
}
