internal import Client
package import Commitments
package import Evidence
internal import Platform

/// `ledger.jsonl` in ``Home``: read, asked and written under one lock, so that of two commands at once only one can
/// be the first.
package struct LedgerFile {
    private let home: Home
    private let manifest: Manifest

    /// The ledger, for submissions under a manifest.
    package init(_ home: Home, under manifest: Manifest) {
        self.home = home
        self.manifest = manifest
    }

    /// Notes what is about to leave, or refuses it.
    ///
    /// - Parameters:
    ///   - slots: what is submitted to the session.
    ///   - accepted: the words of a second session that the user insists on.
    package func note(
        _ slots: [Name], to session: AffirmedSession, at time: Timestamp, insistingOn accepted: String?
    ) throws(CommandFailure) {
        let path = home.folder + "/ledger.jsonl"
        do {
            try NamedFile.makeFolders(home.folder)
            let file = try LockedFile(path: path)
            let ledger = try Ledger(decoding: try file.read(upTo: Ledger.maximumByteCount + 1))
            try ledger.permit(session.id, of: manifest.digest, insistingOn: accepted)
            let lines = slots.flatMap { slot in
                Ledger.Entry(time: time, manifestDigest: manifest.digest, session: session.id, slot: slot).line
            }
            try file.append(lines)
        } catch let error as LedgerError {
            throw CommandFailure(error, in: path)
        } catch let error as PlatformError {
            throw CommandFailure(error)
        } catch {
            preconditionFailure("both modules throw errors of their own kind")
        }
    }
}
