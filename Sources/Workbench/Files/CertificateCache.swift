package import Evidence
internal import Platform
internal import Primitives

/// Files of AMD's key distribution service, kept byte for byte as they came: `certificates` in ``Home``.
///
/// A file that somebody put there by hand counts as much as a fetched one. All of them are verified whenever
/// they are used.
package struct CertificateCache {
    package let folder: String

    package init(_ home: Home) {
        folder = home.folder + "/certificates"
    }

    package func path(_ file: KeyDistributionFile) -> String { folder + "/" + file.name }

    /// The file's bytes, or `nil` when it is not there.
    package func read(_ file: KeyDistributionFile) throws(CommandFailure) -> [UInt8]? {
        do {
            return try readFile(path(file), maximumByteCount: file.maximumByteCount)
        } catch {
            if case PlatformError.system(_, .notFound) = error.error { return nil }
            throw error
        }
    }

    /// Puts a file there, whole, in place of an older one.
    package func write(_ bytes: [UInt8], as file: KeyDistributionFile) throws(CommandFailure) {
        try write(bytes, to: path(file))
    }

    private func write(_ bytes: [UInt8], to path: String) throws(CommandFailure) {
        do {
            try NamedFile.makeFolders(folder)
            try NamedFile.replace(path, bytes, mode: 0o644)
        } catch {
            throw CommandFailure(error)
        }
    }

    /// What is kept for a report, for bundles that came without it.
    package func endorsements(for files: KeyDistribution) throws(CommandFailure) -> Endorsements {
        var endorsements = Endorsements(leaf: nil, intermediate: nil, root: nil, revocationList: nil)
        if let leaf = files.leaf { endorsements.leaf = try decoded(leaf, EndorsementCertificate.init(decoding:)) }
        if let chain = try decoded(files.chain, CertificateChainText.init(decoding:)) {
            endorsements.intermediate = chain.intermediate
            endorsements.root = chain.root
        }
        endorsements.revocationList = try decoded(files.revocationList, RevocationList.init(decoding:))
        return endorsements
    }

    /// Every revocation list that is kept, of whatever product and key: one that is left out could be the one that
    /// revokes.
    package func revocationLists() throws(CommandFailure) -> [RevocationList] {
        guard NamedFile.exists(folder) else { return [] }
        let names: [String]
        do {
            let entries = try Folder(path: folder + "/.").entries(atMost: Self.maximumFileCount + 1)
            guard entries.count <= Self.maximumFileCount else { throw CertificatesError.tooManyFiles }
            names = entries.compactMap(\.name).filter { $0.contains("-crl-") && $0.hasSuffix(".der") }.sorted()
            guard names.count <= Self.maximumListCount else { throw CertificatesError.tooManyFiles }
        } catch let error as PlatformError {
            throw CommandFailure(error)
        } catch {
            throw CommandFailure(CertificatesError.tooManyFiles, in: folder)
        }
        var lists: [RevocationList] = []
        for name in names { lists.append(try readRevocationList(folder + "/" + name)) }
        return lists
    }

    /// Keeps a list that another one takes the place of: what it has revoked stays revoked.
    package func keep(_ list: RevocationList, replacedAs file: KeyDistributionFile) throws(CommandFailure) {
        let digest = SHA256Digest(sha256: list.encoded).description.prefix(16)
        try write(list.encoded, to: folder + "/" + file.name.replacing(".der", with: "-\(digest).der"))
    }

    private static let maximumFileCount = 16_384
    private static let maximumListCount = 256

    private func decoded<Value, Failure: CommandFault>(
        _ file: KeyDistributionFile, _ decode: ([UInt8]) throws(Failure) -> Value
    ) throws(CommandFailure) -> Value? {
        guard let bytes = try read(file) else { return nil }
        do {
            return try decode(bytes)
        } catch {
            throw CommandFailure(error, in: path(file))
        }
    }
}

/// What the bundle lacks comes from what was fetched before. What cannot be read is as good as absent: a finding.
/// Lists that count besides the bundle's own are among the verifier's options.
package func cachedEndorsements(for bundle: EvidenceBundle) -> Endorsements {
    let presented = bundle.endorsements
    guard presented.isIncomplete, let home = try? Home(),
        let files = try? KeyDistribution(bundle.report, product: presented.leaf?.product),
        let known = try? CertificateCache(home).endorsements(for: files)
    else { return presented }
    return presented.completed(from: known)
}
