package import AgentAPI
package import Client
package import Commitments
package import Evidence
package import Keys
internal import Lifecycle
package import Plans
internal import Platform
internal import Primitives
internal import Verification

/// Brings a participant's files to each session of a plan, as its machines appear.
package struct PlanSubmission: Sendable {
    private let signed: FullySignedPlan
    private let plan: ResolvedPlan
    private let contents: PlannedContents
    private let sender: PrivateKeys
    private let verifier: Verifier
    /// The policy file that the plan names.
    private let policy: [UInt8]?
    private let run: RunAddresses
    private let progress: Progress

    /// What went to one machine.
    package struct Given: Sendable {
        package let session: Name
        package let attempt: Int
        package let words: SessionWords
        package let slot: Name
        package let rows: Int?
        package let meter: Meter
        /// After it was taken; `nil` where the machine had it before.
        package let status: AgentStatus?
    }

    /// - Parameters:
    ///   - signed: by everyone.
    ///   - plan: the same with its manifests.
    ///   - contents: what is brought.
    ///   - sender: whose keys they are, compared before.
    ///   - verifier: at least as strict as the plan.
    ///   - policy: the policy file that the plan names, where it names one.
    ///   - run: where machines listen.
    package init(
        _ signed: FullySignedPlan, _ plan: ResolvedPlan, contents: PlannedContents, as sender: PrivateKeys,
        by verifier: Verifier, policy: [UInt8]?, in run: RunAddresses, _ progress: Progress
    ) {
        self.signed = signed
        self.plan = plan
        self.contents = contents
        self.sender = sender
        self.verifier = verifier
        self.policy = policy
        self.run = run
        self.progress = progress
    }

    private enum Outcome {
        case given
        /// It may take something later.
        case later
        /// It takes nothing more, and may have taken nothing.
        case over
        case refused(CommandFailure)
    }

    private struct Machine: Hashable {
        let session: Name
        let machine: RunAddresses.Machine
    }

    /// Waits for machines, and serves each, until every session has one that has everything.
    ///
    /// - Parameters:
    ///   - stays: whether to go on for machines that start later, until each session has one that has finished.
    ///   - tell: gets each slot that was filled.
    /// - Throws: what no later machine could change. Of a machine that is not affirmed it is told, and the next one is
    ///   waited for, while the plan allows one.
    package func serve(stays: Bool, _ tell: (Given) -> Void) async throws {
        var settled: Set<Machine> = []
        var served: Set<Name> = []
        var refusals: [Name: [CommandFailure]] = [:]
        let attempts = Dictionary(plan.plan.sessions.map { ($0.name, $0.attempts) }) { first, _ in first }
        let manifests = plan.manifests.filter { contents.sessions.contains($0.name) }
        while true {
            for manifest in manifests {
                let most = attempts[manifest.name] ?? 1
                for found in try run.machines(of: manifest.bound, attempts: most) {
                    let machine = Machine(session: manifest.name, machine: found)
                    guard !settled.contains(machine) else { continue }
                    switch try await give(to: found, manifest, attempts: most, tell) {
                    case .given:
                        settled.insert(machine)
                        served.insert(manifest.name)
                    case .later: break
                    case .over: settled.insert(machine)
                    case .refused(let failure):
                        settled.insert(machine)
                        refusals[manifest.name, default: []].append(failure)
                        // As many machines as there may be, and none of them can be trusted.
                        if refusals[manifest.name]?.count == most { throw failure }
                        Report.show(failure)
                    }
                }
            }
            let isServed = manifests.allSatisfy { served.contains($0.name) }
            if isServed {
                guard stays else { break }
                if try await haveFinished(manifests, attempts) { break }
            }
            progress.step("\(served.count) of \(manifests.count) sessions have everything; waiting for machines")
            try await Task.sleep(for: .milliseconds(500))
        }
        progress.finish()
    }

    /// Whether each session has a machine that has come to its end, by its agent's word.
    private func haveFinished(_ manifests: [Manifest], _ attempts: [Name: Int]) async throws -> Bool {
        for manifest in manifests {
            var hasFinished = false
            for machine in try run.machines(of: manifest.bound, attempts: attempts[manifest.name] ?? 1) {
                guard let status = try? await AgentClient(machine.address).status() else { continue }
                if status.bound == manifest.bound, status.stage == .finished || status.end == .retentionOver {
                    hasFinished = true
                }
            }
            if !hasFinished { return false }
        }
        return true
    }

    // MARK: - One machine

    private func give(
        to machine: RunAddresses.Machine, _ manifest: Manifest, attempts: Int, _ tell: (Given) -> Void
    ) async throws -> Outcome {
        do {
            let client = AgentClient(machine.address)
            var status = try await client.status()
            switch status.stage {
            case .ended: return .over
            case .awaitingManifest, .admitting: break
            // Every slot was filled, and nobody else could fill these.
            default: return .given
            }
            var (attested, attestation) = try await attest(client, manifest)
            if status.stage == .awaitingManifest {
                status = try await lock(client, attested, manifest)
                (attested, attestation) = try await attest(client, manifest)
            }
            guard case .locked(let session) = attested else { return .later }
            progress.finish()
            // What comes later may have to be opened when the machine is gone.
            try PlanRecords(Home()).keep(AppraisalRecord(attestation, of: session, by: verifier), by: sender.signing)
            announce(session, of: manifest.name, progress)
            for submission in try submissions(to: session, manifest, attempts: attempts) {
                try await send(submission, to: client, session, machine, tell)
            }
            return .given
        } catch let failure as CommandFailure where failure.error is PlannedMachineRefused {
            return .refused(failure)
        } catch let error as ClientError where error.isPassing {
            return .later
        } catch let error as any CommandFault {
            throw CommandFailure(error, in: "\(manifest.name)")
        }
    }

    private func attest(
        _ client: AgentClient, _ manifest: Manifest
    ) async throws -> (AttestedSession, Attestation) {
        progress.step("attesting \(client.address) as \(manifest.name)")
        let attestation = try await client.attest(
            manifest, nonce: randomBytes(), by: verifier, completing: cachedEndorsements(for:))
        guard case .affirmed(let session) = attestation.appraisal else {
            throw CommandFailure(
                PlannedMachineRefused(session: manifest.name), in: client.address.description,
                findings: CommandFailure.Findings(attestation.appraisal, at: verifier.time))
        }
        return (session, attestation)
    }

    /// Locks, or finds that another participant was first.
    private func lock(
        _ client: AgentClient, _ session: AttestedSession, _ manifest: Manifest
    ) async throws -> AgentStatus {
        let lock: PlannedLock
        do {
            lock = try PlannedLock(signed, manifest.name, manifest: manifest.canonicalBytes, policy: policy)
        } catch {
            throw CommandFailure(error)
        }
        do throws(ClientError) {
            return try await client.lock(session, to: lock, as: sender.signing)
        } catch {
            guard case .refused(let problem) = error, problem.isOfLockedSession else { throw error }
            return try await client.status()
        }
    }

    private struct Prepared {
        let submission: Submission
        let entry: PlannedContents.Entry
        let salt: FixedBytes<32>?
    }

    /// Compares each file with the manifest and with what the ledger pins, and notes all before any leaves.
    private func submissions(
        to session: AffirmedSession, _ manifest: Manifest, attempts: Int, isSecond: Bool = false
    ) throws -> [Prepared] {
        let ledger = LedgerFile(try Home(), under: manifest)
        let pins = try ledger.pins
        let prepared = try (contents.entries[manifest.name] ?? []).map { entry throws(CommandFailure) in
            let pin = pins[entry.slot]
            // Data that is left open still gets a salt, and each machine of a session the same.
            let salt: FixedBytes<32>? = entry.isData ? entry.salt ?? pin?.salt ?? randomBytes() : nil
            let submission: Submission
            do throws(ClientError) {
                submission = try Submission(
                    of: entry.content, to: entry.slot, in: session, under: manifest, as: sender.signing, salt: salt)
            } catch {
                throw CommandFailure(error, in: entry.path)
            }
            guard pin == nil || pin?.content == submission.contentDigest, pin == nil || pin?.salt == salt else {
                throw CommandFailure(LedgerError.contentDiffers(entry.slot), in: entry.path)
            }
            return Prepared(submission: submission, entry: entry, salt: salt)
        }
        do throws(CommandFailure) {
            try ledger.note(
                prepared.map { ($0.submission, $0.salt) }, to: session, at: verifier.time, attempts: attempts)
        } catch {
            // The same command in another terminal may have drawn a salt since the ledger was read: that one counts.
            guard case LedgerError.contentDiffers = error.error, !isSecond else { throw error }
            return try submissions(to: session, manifest, attempts: attempts, isSecond: true)
        }
        return prepared
    }

    private func send(
        _ prepared: Prepared, to client: AgentClient, _ session: AffirmedSession, _ machine: RunAddresses.Machine,
        _ tell: (Given) -> Void
    ) async throws {
        let submission = prepared.submission
        let name = plan.manifests.first { $0.bound == session.bound }?.name ?? submission.slot
        let meter = Meter(
            "\(name): \(submission.slot)", byteCount: submission.byteCount, content: submission.contentByteCount,
            progress)
        let status: AgentStatus?
        do throws(ClientError) {
            status = try await client.submit(submission) { meter.show($0) }
        } catch {
            // By an earlier attempt of this command: nobody else can fill it.
            guard case .refused(let problem) = error, problem.isOfFilledSlot else { throw error }
            status = nil
        }
        progress.finish()
        tell(
            Given(
                session: name, attempt: machine.attempt, words: SessionWords(session.id), slot: submission.slot,
                rows: prepared.entry.rows, meter: meter, status: status))
    }
}

/// What a person should see before anything leaves to one machine of several.
func announce(_ session: AffirmedSession, of name: Name, _ progress: Progress) {
    let mark = session.evidence.endorsements.anchor == .simulated ? ", SIMULATED: no processor protects it" : ""
    progress.note("\(name) is session \(SessionWords(session.id))\(mark)")
}

extension ClientError {
    /// Whether the same may succeed with the same machine later.
    var isPassing: Bool {
        switch self {
        case .unreachable, .timeout, .slow, .answer: true
        case .refused(let problem): problem.isTemporary || problem.isOfClosedAdmission
        default: false
        }
    }
}

extension PlannedLockError: CommandFault {
    package var status: ExitStatus { .refused }
}

/// A machine that is not what the plan demands of the session whose part it takes.
struct PlannedMachineRefused: CommandFault {
    let session: Name

    var status: ExitStatus { .refused }
    var code: String { "appraisal.contraindicated" }
    var message: String { "the evidence does not meet what the plan demands for \(session)" }
    var hint: String? { "each line marked !! above is a reason not to trust it; nothing was sent to it" }
}
