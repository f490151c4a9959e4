package import Client
package import Commitments
package import Evidence
package import Pages
internal import Platform
package import Primitives

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

    /// What each slot of a planned session was given first.
    package var pins: [Name: Ledger.Entry] {
        get throws(CommandFailure) {
            Dictionary(try entries.map { ($0.slot, $0) }) { first, _ in first }
        }
    }

    /// Notes what is about to leave to a machine of a planned session, or refuses it.
    ///
    /// - Parameters:
    ///   - submissions: what is submitted, with the salts of data.
    ///   - attempts: how many machines the plan allows for the session.
    package func note(
        _ submissions: [(submission: Submission, salt: FixedBytes<32>?)], to session: AffirmedSession,
        at time: Timestamp, attempts: Int
    ) throws(CommandFailure) {
        // A plan's sessions are meant to be put together: that its data goes to several of them is no news.
        try change(tellsOtherUses: false) { ledger throws(LedgerError) in
            try ledger.permit(session.id, boundTo: session.bound, attempts: attempts)
            var entries: [Ledger.Entry] = []
            for (submission, salt) in submissions {
                let entry = Ledger.Entry(
                    time: time, bound: session.bound, session: session.id, slot: submission.slot,
                    content: submission.contentDigest, salt: salt)
                // Another command of the same person may have pinned the slot since it was asked for.
                let pin = ledger.pin(of: entry.slot, boundTo: entry.bound) ?? entry
                guard pin.content == entry.content, pin.salt == entry.salt else {
                    throw LedgerError.contentDiffers(entry.slot)
                }
                // A command that goes on says again what it said before.
                let isKnown = ledger.entries.contains { $0.session == entry.session && $0.slot == entry.slot }
                if !isKnown { entries.append(entry) }
            }
            return entries
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
        try change { ledger throws(LedgerError) in
            try ledger.permit(session.id, boundTo: session.bound, insistingOn: accepted)
            return submissions.map { submission in
                Ledger.Entry(
                    time: time, bound: session.bound, session: session.id, slot: submission.slot,
                    content: submission.contentDigest)
            }
        }
    }

    /// Appends what `body` makes of the ledger, under its lock.
    ///
    /// - Parameter tellsOtherUses: whether to say where else the same data went.
    private func change(
        tellsOtherUses: Bool = true, _ body: (Ledger) throws(LedgerError) -> [Ledger.Entry]
    ) throws(CommandFailure) {
        do {
            try NamedFile.makeFolders(home.folder)
            let file = try LockedFile(path: path)
            let ledger = try Ledger(decoding: try file.read(upTo: Ledger.maximumByteCount + 1))
            let entries = try body(ledger)
            try file.append(entries.flatMap(\.line))
            for entry in entries where tellsOtherUses && manifest.data.contains(where: { $0.name == entry.slot }) {
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
