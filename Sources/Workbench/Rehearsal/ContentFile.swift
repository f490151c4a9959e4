package import Client
package import Commitments
package import Evidence
package import Keys
package import Platform
package import Primitives

/// One file for one slot.
package struct ContentFile {
    package let slot: Name
    package let path: String
    package let file: RegularFile
    package let salt: FixedBytes<32>?
    /// Whether it is brought for one run.
    package let isPerRun: Bool

    package init(slot: Name, path: String, file: RegularFile, salt: FixedBytes<32>?, isPerRun: Bool) {
        self.slot = slot
        self.path = path
        self.file = file
        self.salt = salt
        self.isPerRun = isPerRun
    }

    /// Compares the file with the manifest. It stays open: what is sent is what was compared, or it is refused.
    ///
    /// - Parameters:
    ///   - session: where it goes.
    ///   - manifest: what the session runs.
    ///   - sender: the provider's key.
    ///   - run: the next one, where it is brought for one.
    package func submission(
        to session: AffirmedSession, under manifest: Manifest, as sender: SigningKey, for run: RunReference?
    ) throws(CommandFailure) -> Submission {
        let file = file
        let meter = Meter("comparing \(slot)", byteCount: file.byteCount, Progress(isQuiet: Report.isJSON))
        defer { meter.end() }
        let source = ContentSource(byteCount: file.byteCount) { count, offset in
            meter.showLate(offset)
            return try file.read(upTo: count, at: offset)
        }
        do {
            return try Submission(
                of: source, to: slot, in: session, under: manifest, as: sender, salt: salt,
                run: isPerRun ? run : nil)
        } catch {
            throw CommandFailure(error, in: path)
        }
    }
}

/// The commitment to a file's content under a salt, the content's plain digest, and how long it is.
///
/// The length comes first in the commitment, so a file that changes meanwhile gives none.
package func contentCommitment(
    to path: String, salt: FixedBytes<32>
) throws(CommandFailure) -> (commitment: SHA256Digest, digest: SHA256Digest, byteCount: Int) {
    let maximum = 1 << 40  // The format's own bound of data.
    let file = try openFile(path, upTo: maximum)
    let byteCount = file.byteCount
    guard byteCount <= maximum else { throw CommandFailure(CommandError.tooLarge(maximum: maximum), in: path) }
    var hasher = ContentHasher(salt: salt, byteCount: byteCount)
    var plain = SHA256Hasher()
    _ = try readPieces(of: file) { piece, total throws(CommandFailure) in
        guard total <= byteCount else { throw CommandFailure(CommandError.contentChanged, in: path) }
        hasher.update(piece)
        plain.update(piece)
    }
    guard let commitment = hasher.finalize() else { throw CommandFailure(CommandError.contentChanged, in: path) }
    return (commitment, plain.finalize(), byteCount)
}
