package import AgentAPI
internal import Client
internal import Evidence
internal import Keys
internal import Lifecycle
internal import Platform
internal import Primitives
package import Scheduling

extension RunLoop {
    /// Does one thing, or starts several machines.
    func perform(_ actions: [Action]) async -> Event {
        if case .ask(let machine)? = actions.first { return .heard(machine, await status(of: machine)) }
        do {
            return .completed(actions, try await attempt(actions), nil)
        } catch let error as ClientError {
            // An agent that refuses says why; one that is away may come back.
            return .completed(actions, Self.outcome(of: error), nil)
        } catch {
            return .completed(actions, .later, error)
        }
    }

    private func attempt(_ actions: [Action]) async throws -> ActionOutcome {
        switch actions[0] {
        case .start:
            try await driver.start(
                actions.compactMap { if case .start(let session) = $0 { session } else { nil } }.sorted())
        case .ask: break
        case .introduce(let pair): try await introduce(pair)
        case .hand(let delivery): return try await hand(delivery)
        case .collect(let machine): try await collect(machine)
        case .end(let machine, let reason):
            // The last word on what it sent. One that does not answer has said it before, or never will.
            if reason == .done { try? await refreshDeliveries(of: machine) }
            try store.end(machine, reason)
        case .cancel(let task): try await driver.cancel(task)
        }
        return .done
    }

    private static func outcome(of error: ClientError) -> ActionOutcome {
        guard case .refused(let problem) = error else { return .later }
        return switch problem.code {
        case AgentError.noSuchPeer.code, AgentError.peerNotWanted.code: .refused
        default: .later
        }
    }

    private func client(of machine: MachineID) throws -> AgentClient {
        let path = store.path(.address, machine)
        guard let bytes = try RunStore.read(path, upTo: RunRecord.maximumByteCount),
            let address = RunRecord.address(bytes, of: machine.attempt)
        else { throw RunStoreError.notARun(path) }
        return AgentClient(try AgentAddress(address))
    }

    /// `nil` from whoever does not answer as an agent does.
    private func status(of machine: MachineID) async -> MachineStatus? {
        guard let client = try? client(of: machine), let status = try? await client.status() else { return nil }
        return MachineStatus(status)
    }

    private func introduce(_ pair: Action.Introduction) async throws {
        var bundle = try await client(of: pair.newcomer).evidence(nonce: pair.nonce)
        bundle.endorsements = complete(bundle)
        try await client(of: pair.host)
            .introduce(bundle, boundTo: store.schedule.sessions[pair.newcomer.session].bound)
    }

    /// Keeps the stream in the folder until its receiver has it: the sender may be gone by then.
    private func hand(_ delivery: Action.Delivery) async throws -> ActionOutcome {
        let edge = store.schedule.edges[delivery.edge]
        let path = store.path(
            RunPath.stream(edge.edge, from: delivery.senderSession, to: delivery.receiverSession))
        try NamedFile.makeFolders(store.path(RunPath.edge(edge.edge)))
        if !NamedFile.exists(path) {
            try await fetch(
                edge.token(for: delivery.receiverSession), edge.byteCount, from: delivery.sender, as: path)
        }
        let file = try RegularFile(path: path)
        if let refusal = try await post(file, to: delivery.receiver) {
            // What lies there is no stream for this session: it is fetched anew.
            if refusal.code.hasPrefix("sealing.") { try? NamedFile.remove(path) }
            return .later
        }
        try RunStore.publish(
            RunRecord.handed(from: delivery.senderSession),
            as: store.path(RunPath.handed(edge.edge, to: delivery.receiverSession)))
        try? NamedFile.remove(path)
        if NamedFile.exists(store.path(.deliveries, delivery.sender)) {
            try? await refreshDeliveries(of: delivery.sender)
        }
        return .done
    }

    private func refreshDeliveries(of machine: MachineID) async throws {
        let deliveries = try await client(of: machine).deliveries()
        try NamedFile.replace(store.path(.deliveries, machine), deliveries.encoded, mode: 0o600)
    }

    /// - Returns: why it was refused; `nil` where the receiver has what it wants, be it another attempt's.
    private func post(_ file: RegularFile, to machine: MachineID) async throws -> AgentProblem? {
        let source = ContentSource(byteCount: file.byteCount) { count, offset in
            try file.read(upTo: count, at: offset)
        }
        do {
            _ = try await client(of: machine).submit(stream: source)
            return nil
        } catch let error as ClientError {
            guard case .refused(let problem) = error else { throw error }
            let taken = [AgentError.slotFilled.code, AgentError.notAdmitting.code]
            return taken.contains(problem.code) ? nil : problem
        }
    }

    private func fetch(
        _ token: SHA256Digest, _ byteCount: Int, from machine: MachineID, as path: String
    ) async throws {
        let file = try GrowingFile("\(path).\(Program.identifier).part")
        try await client(of: machine).peerStream(token, byteCount: byteCount) { piece in try file.append(piece) }
        // Where it was fetched before, that one stays.
        _ = try file.finish(ifFree: path)
    }

    /// Each participant's stream, and then what the session says that it sent: with that it is complete.
    private func collect(_ machine: MachineID) async throws {
        let session = store.schedule.sessions[machine.session]
        try NamedFile.makeFolders(store.path(.outputs, machine))
        for output in session.outputs {
            let path = store.path(RunPath.output(output.token, machine.attempt, of: session.bound))
            guard !NamedFile.exists(path) else { continue }
            try await fetch(output.token, output.byteCount, from: machine, as: path)
        }
        try await refreshDeliveries(of: machine)
    }
}

extension MachineStatus {
    /// What an agent says, as far as a scheduler has to know.
    package init(_ status: AgentStatus) {
        let stage: Stage =
            switch status.stage {
            case .awaitingManifest: .awaitingLock
            case .admitting: .admitting
            case .reviewing, .executing, .holding, .waiting: .working
            case .finished: .finished
            case .ended: status.end == .withdrawn ? .withdrawn : .ended
            }
        self.init(stage: stage, bound: status.bound, session: status.sessionID, peerNonce: status.peerNonce)
    }
}
