internal import AgentAPI
package import Client
package import Commitments
package import Evidence
package import Keys
internal import Lifecycle
package import Pages
internal import Platform
internal import Primitives
internal import Verification

/// Looks at a session for one participant, again and again, and says what is known of it.
///
/// It does what `attest`, `status`, `review` and `receipt verify` do, and nothing that changes a session: it signs
/// nothing, and sends nothing but questions.
package actor SessionWatch {
    /// Who looks, where somebody's key is read.
    package struct Member: Sendable {
        let participant: Participant
        let keys: PrivateKeys

        /// - Parameter keys: the participant's.
        package init(_ participant: Participant, with keys: PrivateKeys) {
            self.participant = participant
            self.keys = keys
        }
    }

    /// How somebody looks.
    package struct Manner: Sendable {
        let typed: TypedCommand
        let folders: [String]
        /// What time it is; always the same where the verifier judges as of a stated time.
        let clock: @Sendable () throws -> Timestamp
        let isAsOfNow: Bool

        /// - Parameters:
        ///   - typed: what the next commands are made of.
        ///   - folders: of fetches.
        ///   - isAsOfNow: whether evidence is judged as of the moment.
        ///   - clock: what time it is.
        package init(
            typed: TypedCommand, folders: [String], isAsOfNow: Bool, clock: @escaping @Sendable () throws -> Timestamp
        ) {
            self.typed = typed
            self.folders = folders
            self.isAsOfNow = isAsOfNow
            self.clock = clock
        }
    }

    /// How long evidence is believed without being asked for anew.
    private static let attestationSeconds: Int64 = 60

    let manifest: Manifest
    let member: Member?
    let manner: Manner
    let home: Home
    let client: AgentClient
    private var verifier: Verifier
    private let explanation: Page
    private var kept: KeptOutputs
    private var view: MonitorView
    private var session: AffirmedSession?
    private var attestedAt: Timestamp?
    private var review: ReviewSummary?

    /// Begins to look.
    ///
    /// - Parameters:
    ///   - document: what everyone agreed on.
    ///   - address: where the agent listens.
    ///   - member: whose key opens reviews, or nobody's.
    ///   - verifier: whose policy, lists and waivers count.
    ///   - manner: how somebody looks.
    package init(
        at address: AgentAddress, under document: ManifestDocument, as member: Member?, by verifier: Verifier,
        _ manner: Manner
    ) throws(CommandFailure) {
        manifest = document.manifest
        self.member = member
        self.manner = manner
        self.verifier = verifier
        client = AgentClient(address)
        home = try Home()
        kept = KeptOutputs(manner.folders, under: manifest)
        let name = member?.participant.name
        view = MonitorView(of: manifest, agent: address.description, for: name)
        explanation = Page(document, Explanation(of: document, addressBook: try home.addressBook(), reader: name))
    }

    /// Looks for the first time.
    ///
    /// - Throws: what `attest` would refuse: somebody reads it in a terminal, and nothing is shown.
    package func begin() async throws -> MonitorPages {
        let appraisal: Appraisal<AttestedSession>
        let now = try manner.clock()
        do throws(ClientError) {
            appraisal = try await attest(at: now)
        } catch {
            throw CommandFailure(error)
        }
        if case .contraindicated = appraisal { throw CommandFailure(contraindicated: appraisal, at: verifier.time) }
        return try await look()
    }

    /// Looks, and gives the pages of what is known now.
    package func look() async throws -> MonitorPages {
        let now = try manner.clock()
        if manner.isAsOfNow { verifier.time = now }
        do throws(ClientError) {
            let status = try await client.status()
            if mustAttest(status, at: now) { try await attest(at: now) }
            view.word = status.word(of: manifest, at: now)
            view.waiting = try await waiting(status)
            view.next = next(status)
            view.trouble = nil
        } catch {
            view.trouble = error.message
        }
        view.kept = kept.look(by: verifier, asOfRecord: manner.isAsOfNow)
        view.ledger = LedgerFile(home, under: manifest).submissions
        var receipts: Page?
        do throws(CommandFailure) {
            receipts = try kept.receipts(by: "2cvm receipt verify FOLDER ... --manifest SIGNED.json")
            view.chainFault = nil
        } catch {
            view.chainFault = error.error.message
        }
        return MonitorPages(view, explaining: explanation, receipts: receipts)
    }

    // MARK: - Evidence

    /// The agent's word can only make it ask again.
    private func mustAttest(_ status: AgentStatus, at now: Timestamp) -> Bool {
        guard let attestedAt else { return true }
        guard now.unixSeconds - attestedAt.unixSeconds < Self.attestationSeconds else { return true }
        return status.stage != .awaitingManifest && session?.id != status.sessionID
    }

    @discardableResult
    private func attest(at now: Timestamp) async throws(ClientError) -> Appraisal<AttestedSession> {
        let appraisal = try await client.attest(manifest, nonce: randomBytes(), by: verifier) { bundle in
            cachedEndorsements(for: bundle)
        }.appraisal
        attestedAt = now
        let previous = session?.id
        session = nil
        switch appraisal {
        case .contraindicated(let findings):
            view.standing = .contraindicated(findings, at: verifier.time)
        case .affirmed(let attested):
            let words: String
            switch attested {
            case .locked(let affirmed):
                session = affirmed
                words = SessionWords(affirmed.id).description
            case .awaitingManifest(let key): words = SessionWords(key.id).description
            }
            view.standing = .affirmed(
                MonitorView.Affirmed(
                    words: words, isLocked: session != nil,
                    isSimulated: attested.evidence.endorsements.anchor == .simulated,
                    waived: attested.evidence.waived, at: verifier.time))
        }
        if session?.id != previous { review = nil }
        return appraisal
    }

    // MARK: - What waits

    private func waiting(_ status: AgentStatus) async throws(ClientError) -> MonitorView.Waiting {
        guard let session else { return .unvouched }
        guard let member else { return .notAsked }
        let name = member.participant.name
        guard Review.Subject.allCases.contains(where: { manifest.approvers(of: $0).contains(name) }) else {
            return .decidesNothing
        }
        let subject: Review.Subject? =
            switch status.stage {
            case .reviewing: .question
            case .holding: .result
            default: nil
            }
        guard let subject, let run = status.run?.number, manifest.approvers(of: subject).contains(name) else {
            return .nothing
        }
        do {
            let summary = try await summary(on: subject, ofRun: run, of: session, to: member)
            guard !summary.view.isEmpty else {
                return .formality(run: run, command: manner.typed.line("review"))
            }
            return .review(summary.view, manner.typed.answers(to: summary.view.digest))
        } catch let error as ClientError {
            guard case .refused(let problem) = error, problem.isOfPendingReview else { throw error }
            return .nothing
        } catch let error as any ExplainedError {
            return .fault(error.message)
        } catch let failure as CommandFailure {
            return .fault(failure.error.message)
        } catch {
            return .fault("it could not be read")
        }
    }

    /// What was opened before is not fetched again: nothing that is decided on can be exchanged.
    private func summary(
        on subject: Review.Subject, ofRun run: Int, of session: AffirmedSession, to member: Member
    ) async throws -> ReviewSummary {
        if let review, review.view.run == run, review.view.subject == subject { return review }
        let stream = try await client.review(of: member.participant, on: subject, run: run, under: manifest)
        let contents = try ReviewReader.open(
            stream, on: subject, ofRun: run, of: session, under: manifest, to: member.participant,
            openedWith: member.keys.sealing)
        let store = SessionStore(home, of: session)
        // An answer is to what was shown.
        if !contents.index.isEmpty { try store.keep(contents) }
        let summary = try ReviewSummary(contents, under: manifest, knownTo: store)
        review = summary
        return summary
    }

    private func next(_ status: AgentStatus) -> [(why: String, command: String)] {
        guard let member else { return [] }
        guard let session else {
            guard status.stage == .awaitingManifest, view.isAffirmed else { return [] }
            return [("The session waits for its manifest. Any participant sends it:", manner.typed.line("lock"))]
        }
        var steps: [(why: String, command: String)] = []
        if let ended = status.newestEndedRun, !SessionStore.hasReceipt(ofRun: ended, of: session.id, home) {
            steps.append(
                (
                    "Run \(ended) has ended. This brings what is yours of it:",
                    manner.typed.line("fetch", more: ["--run", "\(ended)", "--output", "results-\(ended)"])
                ))
        }
        let open = status.stage == .admitting ? unsent(to: session, by: member.participant.name) : []
        if !open.isEmpty {
            let files = open.flatMap { slot in
                let option = if case .component = slot.promise { "--component" } else { "--data" }
                return [option, "\(slot.name)=FILE"]
            }
            steps.append(
                (
                    "Nothing was submitted from here as \(listed(open.map(\.name))):",
                    manner.typed.line("submit", files)
                ))
        }
        return steps
    }

    /// What the participant promised once for all runs, and the ledger does not have.
    private func unsent(to session: AffirmedSession, by name: Name) -> [Slot] {
        let entries = (try? LedgerFile(home, under: manifest).entries) ?? []
        let sent = Set(entries.filter { $0.session == session.id }.map(\.slot))
        return Slot.all(of: manifest).filter { slot in
            slot.provider == .participant(name) && !slot.isPerRun && !sent.contains(slot.name)
        }
    }
}
