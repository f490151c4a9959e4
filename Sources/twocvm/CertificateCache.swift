import Evidence
import Platform
import Primitives

/// Files of AMD's key distribution service, kept byte for byte as they came: `certificates` in ``Home``.
///
/// A file that somebody put there by hand counts as much as a fetched one. All of them are verified whenever
/// they are used.
struct CertificateCache {
    let folder: String

    init(_ home: Home) {
        folder = home.folder + "/certificates"
    }

    func path(_ file: KeyDistributionFile) -> String { folder + "/" + file.name }

    /// The file's bytes, or `nil` when it is not there.
    func read(_ file: KeyDistributionFile) throws(CommandFailure) -> [UInt8]? {
        do {
            return try readFile(path(file), maximumByteCount: file.maximumByteCount)
        } catch {
            if case PlatformError.system(_, .notFound) = error.error { return nil }
            throw error
        }
    }

    /// Puts a file there, whole, in place of an older one.
    func write(_ bytes: [UInt8], as file: KeyDistributionFile) throws(CommandFailure) {
        do {
            try NamedFile.makeFolders(folder)
            try NamedFile.replace(path(file), bytes, mode: 0o644)
        } catch {
            throw CommandFailure(error)
        }
    }

    /// What is kept for a report, for bundles that came without it.
    func endorsements(for files: KeyDistribution) throws(CommandFailure) -> Endorsements {
        var endorsements = Endorsements(leaf: nil, intermediate: nil, root: nil, revocationList: nil)
        if let leaf = files.leaf { endorsements.leaf = try decoded(leaf, EndorsementCertificate.init(decoding:)) }
        if let chain = try decoded(files.chain, CertificateChainText.init(decoding:)) {
            endorsements.intermediate = chain.intermediate
            endorsements.root = chain.root
        }
        endorsements.revocationList = try decoded(files.revocationList, RevocationList.init(decoding:))
        return endorsements
    }

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
