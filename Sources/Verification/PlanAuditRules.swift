internal import Commitments
internal import Keys
internal import Lifecycle
internal import Plans
internal import Primitives

/// What parts of a plan must agree on. Nothing is thrown: everything that is wrong is told.
struct PlanAuditRules {
    typealias Machine = PlanAudit.Machine

    let plan: ResolvedPlan
    private(set) var parts: [PlanPart] = []
    private(set) var faults: [PlanAudit.Fault] = []
    private(set) var gaps: [PlanAudit.Gap] = []
    private(set) var differences: [PlanAudit.Difference] = []

    private var byID: [SHA256Digest: PlanPart] = [:]
    /// Each session's machines, in the order of ``parts``.
    private var machines: [Name: [PlanPart]] = [:]
    private let attempts: [Name: Int]
    private let flows: Set<Flow>
    private let arriving: [Name: [Flow]]
    private let leaving: [Name: [Flow]]
    private let manifests: [Name: Manifest]

    init(_ plan: ResolvedPlan, _ parts: [PlanPart]) {
        self.plan = plan
        attempts = Dictionary(plan.plan.sessions.map { ($0.name, $0.attempts) }) { first, _ in first }
        flows = Set(plan.plan.flows)
        arriving = Dictionary(grouping: plan.plan.flows, by: \.to)
        leaving = Dictionary(grouping: plan.plan.flows, by: \.from)
        manifests = Dictionary(plan.manifests.map { ($0.name, $0) }) { first, _ in first }
        take(parts)
    }

    /// One part for each machine: of several copies the one with the most beside it.
    private mutating func take(_ parts: [PlanPart]) {
        for part in parts where part.name.map({ attempts[$0] != nil }) == true {
            guard let known = byID[part.sessionID] else {
                byID[part.sessionID] = part
                continue
            }
            if known.receipt != part.receipt {
                let fault = PlanAudit.Fault.receiptsDiffer(machine(of: part))
                if !faults.contains(fault) { faults.append(fault) }
            }
            byID[part.sessionID] = known.joined(with: part)
        }
        let grouped = Dictionary(grouping: byID.values, by: \.name)
        for session in plan.plan.sessions {
            let own = (grouped[session.name] ?? []).sorted { $0.place < $1.place }
            machines[session.name] = own
            self.parts += own
        }
    }

    private func machine(of part: PlanPart) -> Machine {
        guard let name = part.name else { preconditionFailure("parts of the plan alone were taken") }
        return Machine(name, part.sessionID)
    }

    mutating func apply() {
        keysAreApart()
        for session in plan.plan.sessions {
            let own = machines[session.name] ?? []
            if own.isEmpty { gaps.append(.noReceipt(session.name)) }
            if own.count > session.attempts {
                faults.append(.machinesTooMany(session.name, found: own.count, attempts: session.attempts))
            }
            for part in own {
                slotsCameFromSenders(part)
                deliveriesFit(part)
            }
            attemptsAgree(own)
        }
    }

    private mutating func keysAreApart() {
        var known: [SigningPublicKey: Machine] = [:]
        for part in parts {
            let machine = machine(of: part)
            guard let other = known.updateValue(machine, forKey: part.receipt.identity.signing) else { continue }
            faults.append(.machineRepeated(other, machine))
        }
    }

    /// What a session took from another is what that one released.
    private mutating func slotsCameFromSenders(_ part: PlanPart) {
        let receiver = machine(of: part)
        for flow in arriving[receiver.session] ?? [] {
            // A receipt without the slot, or without who filled it, was refused when it was verified.
            guard let entry = part.slots[flow.data], let id = entry.session else { continue }
            guard let other = byID[id] else {
                gaps.append(.senderUnknown(flow, id, receiver: receiver))
                continue
            }
            let sender = machine(of: other)
            guard sender.session == flow.from else {
                faults.append(.senderDiffers(flow, by: sender))
                continue
            }
            switch other.receipt.ending {
            case .completed where other.outputs[flow.output] != entry.digest:
                faults.append(.flowDiffers(flow, sender: sender, receiver: receiver))
            case .failed where part.receipt.ending == .completed:
                faults.append(.flowWithoutOutput(flow, sender: sender, receiver: receiver))
            case .completed, .failed: break
            }
        }
    }
}

// MARK: - Deliveries

extension PlanAuditRules {
    private mutating func deliveriesFit(_ part: PlanPart) {
        let sender = machine(of: part)
        guard let own = leaving[sender.session], !own.isEmpty else {
            for number in (part.deliveries ?? []).indices {
                faults.append(.delivery(.foreign, of: sender, number: number + 1))
            }
            return
        }
        guard let envelopes = part.deliveries else {
            gaps.append(.noDeliveries(sender))
            return
        }
        var counts: Set<Int> = []
        var told: Set<Told> = []
        for (index, envelope) in envelopes.enumerated() {
            let delivery: Delivery
            do {
                delivery = try Delivery(verifying: envelope, from: part.receipt.identity.signing)
            } catch {
                faults.append(.delivery(.refused(error.message), of: sender, number: index + 1))
                continue
            }
            let fault = fault(of: delivery, by: part, sender)
            if let fault { faults.append(.delivery(fault, of: sender, number: delivery.count)) }
            if fault == .foreign { continue }
            if !counts.insert(delivery.count).inserted {
                faults.append(.delivery(.countRepeated, of: sender, number: delivery.count))
            }
            if !told.insert(Told(flow: delivery.flow, receiver: delivery.receiver.session)).inserted {
                faults.append(.delivery(.repeated, of: sender, number: delivery.count))
            }
            if byID[delivery.receiver.session] == nil {
                gaps.append(.receiverUnknown(delivery.flow, delivery.receiver.session, sender: sender))
            }
        }
        receiversAreCounted(told, sender)
        nothingIsLeftOut(counts, told, sender, own)
    }

    /// That an output went to a machine.
    private struct Told: Hashable {
        let flow: Flow
        let receiver: SHA256Digest
    }

    private func fault(of delivery: Delivery, by part: PlanPart, _ sender: Machine) -> PlanAudit.DeliveryFault? {
        guard delivery.plan == plan.plan.digest, delivery.session == part.sessionID,
            delivery.flow.from == sender.session, flows.contains(delivery.flow)
        else { return .foreign }
        if part.receipt.ending == .completed, part.outputs[delivery.flow.output] != delivery.commitment {
            return .outputDiffers
        }
        if let size = size(of: delivery.flow), size != delivery.byteCount {
            return .sizeDiffers(expected: size, found: delivery.byteCount)
        }
        guard let receiver = byID[delivery.receiver.session] else { return nil }
        // Its report is the one that answered this sender's question, and not the one of the lock.
        guard receiver.name == delivery.flow.to else { return .receiverDiffers }
        // Another machine of this sender's session may have been the first to fill the slot.
        guard let entry = receiver.slots[delivery.flow.data], entry.session == part.sessionID,
            entry.digest != delivery.commitment
        else { return nil }
        return .slotDiffers
    }

    private func size(of flow: Flow) -> Int? {
        manifests[flow.from]?.outputs.first { $0.name == flow.output }
            .map { PeerContent.byteCount(ofOutput: $0.maximumBytes) }
    }

    private mutating func receiversAreCounted(_ told: Set<Told>, _ sender: Machine) {
        let receivers = Dictionary(grouping: told, by: \.flow.to).mapValues { Set($0.map(\.receiver)).count }
        for (receiver, found) in receivers.sorted(by: { $0.key < $1.key }) {
            guard let attempts = attempts[receiver], found > attempts else { continue }
            faults.append(.deliveriesTooMany(sender, to: receiver, found: found, attempts: attempts))
        }
    }

    /// A machine counts what it sends, and what a receiver took was sent.
    private mutating func nothingIsLeftOut(
        _ counts: Set<Int>, _ told: Set<Told>, _ sender: Machine, _ own: [Flow]
    ) {
        var untold = 0
        for flow in own {
            for receiver in machines[flow.to] ?? [] where receiver.slots[flow.data]?.session == sender.id {
                if !told.contains(Told(flow: flow, receiver: receiver.sessionID)) { untold += 1 }
            }
        }
        // One that is missing may be found both ways.
        let missing = max((counts.max() ?? 0) - counts.count, untold)
        if missing > 0 { gaps.append(.deliveriesMissing(sender, count: missing)) }
    }
}

// MARK: - Attempts

extension PlanAuditRules {
    /// Each machine of a session against the first: all were given the same, and made the same of it.
    private mutating func attemptsAgree(_ own: [PlanPart]) {
        guard let first = own.first else { return }
        for other in own.dropFirst() {
            for entry in first.receipt.slots {
                // What came from two machines was committed to under two salts: those are compared themselves.
                guard let found = other.slots[entry.name], found.session == entry.session,
                    found.digest != entry.digest
                else { continue }
                faults.append(.contentDiffers(entry.name, machine(of: first), machine(of: other)))
            }
            switch (first.receipt.ending, other.receipt.ending) {
            case (.completed, .completed): outputsAgree(first, other)
            case (.completed, .failed):
                differences.append(.endings(released: machine(of: first), failed: machine(of: other)))
            case (.failed, .completed):
                differences.append(.endings(released: machine(of: other), failed: machine(of: first)))
            case (.failed, .failed): break
            }
        }
    }

    private mutating func outputsAgree(_ first: PlanPart, _ other: PlanPart) {
        for entry in first.receipt.outputs where other.outputs[entry.name] != entry.digest {
            let pair = (machine(of: first), machine(of: other))
            guard let left = first.contents[entry.name], let right = other.contents[entry.name] else {
                differences.append(.outputUnknown(entry.name, pair.0, pair.1))
                continue
            }
            if left != right { faults.append(.outputDiffers(entry.name, pair.0, pair.1)) }
        }
    }
}
