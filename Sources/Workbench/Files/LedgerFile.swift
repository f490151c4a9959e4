package import Client
package import Commitments
package import Evidence
package import Pages
internal import Platform
internal import Primitives

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

    private var path: String { home.folder + "/ledger.jsonl" }

    /// Every submission from this home to a session of the manifest; none before the first.
    package var entries: [Ledger.Entry] {
        get throws(CommandFailure) {
            guard NamedFile.exists(path) else { return [] }
            let bytes = try readFile(path, maximumByteCount: Ledger.maximumByteCount)
            do {
                return try Ledger(decoding: bytes).entries.filter { $0.bound == manifest.bound }
            } catch {
                throw CommandFailure(error, in: path)
            }
        }
    }

    /// The same for a page.
    package var submissions: Result<[MonitorView.Submitted], MonitorView.LedgerFault> {
        do throws(CommandFailure) {
            return .success(
                try entries.map { entry in
                    MonitorView.Submitted(
                        at: entry.time, to: SessionWords(entry.session).description, slot: entry.slot,
                        content: entry.content)
                })
        } catch {
            return .failure(MonitorView.LedgerFault(error.error.message))
        }
    }

    /// Notes what is about to leave, or refuses it. Says so where the same data went to a session that is bound to
    /// something else.
    ///
    /// - Parameters:
    ///   - submissions: what is submitted to the session.
    ///   - accepted: the words of a second session that the user insists on.
    package func note(
        _ submissions: [Submission], to session: AffirmedSession, at time: Timestamp, insistingOn accepted: String?
    ) throws(CommandFailure) {
        do {
            try NamedFile.makeFolders(home.folder)
            let file = try LockedFile(path: path)
            let ledger = try Ledger(decoding: try file.read(upTo: Ledger.maximumByteCount + 1))
            try ledger.permit(session.id, boundTo: session.bound, insistingOn: accepted)
            let entries = submissions.map { submission in
                Ledger.Entry(
                    time: time, bound: session.bound, session: session.id, slot: submission.slot,
                    content: submission.contentDigest)
            }
            try file.append(entries.flatMap(\.line))
            for entry in entries where manifest.data.contains(where: { $0.name == entry.slot }) {
                guard let use = ledger.latestUse(of: entry.content, besides: entry.bound) else { continue }
                Progress(isQuiet: Report.isJSON).note(
                    "the same content as \(entry.slot) went to session \(SessionWords(use.session)) of another "
                        + "manifest, as \(use.slot), at \(use.time): results of both can be put together")
            }
        } catch let error as LedgerError {
            throw CommandFailure(error, in: path)
        } catch let error as PlatformError {
            throw CommandFailure(error)
        } catch {
            preconditionFailure("both modules throw errors of their own kind")
        }
    }
}
