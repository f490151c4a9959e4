internal import AgentAPI
internal import Client
package import Commitments
package import Evidence
package import Keys
internal import Lifecycle
internal import Platform
package import Plans
package import Primitives
internal import Verification

/// Brings home what a plan's sessions have for a participant, as they finish: outputs, receipts and deliveries.
package struct PlanFetch {
    private let plan: ResolvedPlan
    private let participant: Participant
    private let keys: PrivateKeys
    private let verifier: Verifier
    private let run: RunAddresses
    private let progress: Progress
    private var fetched: FetchedSessions
    private let records: PlanRecords
    /// What each session sends on.
    private let leaving: [Name: Set<Flow>]
    /// Machines of which everything is here, or nothing more can come.
    private var settled: Set<Machine> = []
    /// How often in a row a machine was found gone that left something which was never attested here.
    private var absences: [Machine: Int] = [:]
    /// Sessions whose machine was gone before it was attested here: what it left cannot be opened.
    private var lost: Set<Name> = []
    /// So often, since an answer can fail once.
    private static let absencesOfTheGone = 20

    private struct Machine: Hashable {
        let session: Name
        let machine: RunAddresses.Machine
    }

    /// What came of one machine.
    package struct Fetched: Sendable {
        package let session: Name
        package let attempt: Int
        package let id: SHA256Digest
        package let folder: String
        package let isReleased: Bool
    }

    /// - Parameters:
    ///   - plan: everyone signed it.
    ///   - participant: who fetches, with their keys.
    ///   - verifier: at least as strict as the plan.
    ///   - run: where machines listen, and what was kept of those that are gone.
    ///   - folder: for the files. What lies there already is not fetched again.
    package init(
        _ plan: ResolvedPlan, as participant: Participant, _ keys: PrivateKeys, by verifier: Verifier,
        from run: RunAddresses, into folder: String, _ progress: Progress
    ) throws(CommandFailure) {
        self.plan = plan
        self.participant = participant
        self.keys = keys
        self.verifier = verifier
        self.run = run
        self.progress = progress
        fetched = try FetchedSessions(folder, plan.plan.sessions.map(\.name))
        records = PlanRecords(try Home())
        leaving = Dictionary(grouping: plan.plan.flows, by: \.from).mapValues(Set.init)
    }

    /// The sessions of which nothing is here.
    package var missing: [Name] { plan.plan.sessions.map(\.name).filter { fetched.count(of: $0) == 0 } }

    /// The sessions of which nothing can come any more.
    package var missed: [Name] { missing.filter(lost.contains) }

    /// Fetches what there is; with `waits`, until something of each session is here, or nothing more can come.
    ///
    /// - Parameter tell: gets each machine whose files were kept.
    package mutating func fetch(waits: Bool, _ tell: (Fetched) -> Void) async throws {
        var isLast = false
        while true {
            for (manifest, session) in zip(plan.manifests, plan.plan.sessions) {
                for found in try run.machines(of: manifest.bound, attempts: session.attempts) {
                    let machine = Machine(session: session.name, machine: found)
                    guard !settled.contains(machine) else { continue }
                    if try await take(machine, manifest, tell) { settled.insert(machine) }
                }
            }
            if missing.isEmpty {
                // What was sent to the last of them may have been told after it was asked for.
                guard !isLast else { break }
                isLast = true
                continue
            }
            guard waits, missed != missing else { break }
            let sessions = plan.plan.sessions.count
            progress.step("\(sessions - missing.count) of \(sessions) sessions are here; waiting")
            // Machines that have little to do are soon gone, and are attested before that or never.
            try await Task.sleep(for: .milliseconds(min(500, 50 * sessions)))
        }
        progress.finish()
    }

    // MARK: - One machine

    /// - Returns: whether nothing more can come of it.
    private mutating func take(
        _ machine: Machine, _ manifest: Manifest, _ tell: (Fetched) -> Void
    ) async throws -> Bool {
        let client = AgentClient(machine.machine.address)
        do {
            let status = try await client.status()
            absences[machine] = nil
            guard status.bound == manifest.bound else { return false }
            switch status.stage {
            case .awaitingManifest: return false
            case .ended: return try await takeStored(machine, manifest, tell)
            case .finished: break
            default:
                if !records.hasRecord(of: status.sessionID) { _ = try await attest(client, manifest) }
                return false
            }
            if fetched.places[status.sessionID] == nil {
                let (session, attestation) = try await attest(client, manifest)
                let record = AppraisalRecord(attestation, of: session, by: verifier).signed(by: keys.signing).encoded
                let participant = participant
                try await keep(machine, manifest, session, attestation.bundle.endorsements, record, tell) { body in
                    try await client.outputs(of: participant, run: 1, under: manifest, body)
                }
            }
            return try await takeDeliveries(of: status.sessionID, from: client, machine.session)
        } catch let failure as CommandFailure where failure.error is PlannedMachineRefused {
            // Another machine of the session may be better.
            progress.finish()
            Report.show(failure)
            return true
        } catch let error as ClientError where error.isPassing {
            return try await takeStored(machine, manifest, tell)
        } catch let error as any CommandFault {
            throw CommandFailure(error, in: machine.session.description)
        }
    }

    private func attest(
        _ client: AgentClient, _ manifest: Manifest
    ) async throws -> (session: AffirmedSession, attestation: Attestation) {
        progress.step("attesting \(client.address) as \(manifest.name)")
        let attestation = try await client.attest(
            manifest, nonce: randomBytes(), by: verifier, completing: cachedEndorsements(for:))
        progress.finish()
        switch attestation.appraisal {
        case .affirmed(.locked(let session)):
            try records.keep(AppraisalRecord(attestation, of: session, by: verifier), by: keys.signing)
            return (session, attestation)
        case .affirmed(.awaitingManifest): throw CommandFailure(SessionCommandError.notLocked)
        case .contraindicated:
            throw CommandFailure(
                PlannedMachineRefused(session: manifest.name), in: client.address.description,
                findings: CommandFailure.Findings(attestation.appraisal, at: verifier.time))
        }
    }

    /// Opens a stream, verifies all of it, and gives the files their names.
    private mutating func keep(
        _ machine: Machine, _ manifest: Manifest, _ session: AffirmedSession, _ known: Endorsements,
        _ record: [UInt8], _ tell: (Fetched) -> Void,
        _ read: (@escaping @Sendable ([UInt8]) async throws -> Void) async throws -> Void
    ) async throws {
        let place = fetched.place(of: machine.session, attempt: machine.machine.attempt)
        let reader = try OutputsReader(
            ofRun: 1, of: session, under: manifest, to: participant, openedWith: keys.sealing, by: verifier,
            knowing: known)
        let outputs = OutputsIndex.outputs(of: participant.name, under: manifest)
        let files = try OutputFiles(place, outputs: outputs, reader: reader)
        let count = OutputsReader.streamByteCount(for: participant.name, under: manifest, run: 1)
        let meter = Meter("fetching \(machine.session)", byteCount: count, progress)
        try await read { piece in
            try await files.append(piece)
            meter.add(piece.count)
        }
        let verified = try await files.finish(record: record)
        progress.finish()
        fetched.note(session.id, of: machine.session, in: place)
        tell(
            Fetched(
                session: machine.session, attempt: machine.machine.attempt, id: session.id, folder: place,
                isReleased: verified.receipt.receipt.ending == .completed))
    }

    /// - Returns: whether at least one delivery of each flow is here. While the machine goes on there may be more.
    private mutating func takeDeliveries(
        of id: SHA256Digest, from client: AgentClient, _ session: Name
    ) async throws -> Bool {
        guard let flows = leaving[session] else { return true }
        return flows.isSubset(of: try fetched.keep(try await client.deliveries(), of: id))
    }

    // MARK: - What was kept of a machine that is gone

    /// Opens the stream that the run's folder keeps, where this participant appraised the machine while it was there.
    ///
    /// - Returns: whether nothing more can come of it.
    private mutating func takeStored(
        _ machine: Machine, _ manifest: Manifest, _ tell: (Fetched) -> Void
    ) async throws -> Bool {
        let token = OutputsIndex.token(of: participant.name, under: manifest, run: 1)
        let attempt = machine.machine.attempt
        guard let path = run.stream(token, attempt: attempt, of: manifest.bound) else { return false }
        for known in try records.sessions(under: manifest, by: verifier) {
            if fetched.places[known.session.id] == nil {
                let file = try openFile(path, upTo: maximumPipeByteCount)
                do {
                    try await keep(
                        machine, manifest, known.session, known.record.bundle.endorsements, known.file, tell
                    ) { body in
                        var offset = 0
                        while case let piece = try file.read(upTo: 1 << 20, at: offset), !piece.isEmpty {
                            offset += piece.count
                            try await body(piece)
                        }
                    }
                } catch is OutputsError {
                    // Another machine's of the same session: the stream is for one of them.
                    continue
                }
            }
            if let list = try run.deliveries(attempt: attempt, of: manifest.bound) {
                _ = try fetched.keep(list, of: known.session.id)
            }
        }
        guard fetched.count(of: machine.session) == 0 else { return true }
        absences[machine, default: 0] += 1
        guard absences[machine, default: 0] >= Self.absencesOfTheGone else { return false }
        lost.insert(machine.session)
        return true
    }
}
