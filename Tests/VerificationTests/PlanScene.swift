import Commitments
import Keys
import Lifecycle
import Plans
import Primitives
import TestSupport
import Verification

/// What three machines of the example's plan left: two sites and a pool. Each test changes one thing.
struct PlanScene {
    let plan: ResolvedPlan
    var machines: [Machine]

    /// One machine, what its receipt says, and what lies beside it.
    struct Machine {
        let session: String
        let party: Party
        var released = true
        /// Each slot's content, and the machine that filled it where one did.
        var slots: [(name: String, content: String, sender: SHA256Digest?)]
        var outputs: [(name: String, content: String)]
        var deliveries: [Envelope]? = []
        var contents: [String: String] = [:]
        var place: String { "results/\(party.name)" }
    }

    init(attempts: Int = 2) throws {
        plan = try PlanExample().plan("sessions.2.attempts", to: .integer(attempts)).resolved()
        machines = []
        let sites = [Self.site("site-a", Party("one", 11)), Self.site("site-b", Party("two", 12))]
        let pool = try Self.pool(Party("three", 13), fedBy: sites.map { try id($0) })
        machines = sites + [pool]
        for index in sites.indices { machines[index].deliveries = [try delivery(from: index, to: 2)] }
    }

    static func site(_ session: String, _ party: Party) -> Machine {
        Machine(
            session: session, party: party,
            slots: [("summary", "code", nil), ("patients", "rows of \(session)", nil)],
            outputs: [("moments", "moments of \(session)")])
    }

    static func pool(_ party: Party, fedBy senders: [SHA256Digest]) -> Machine {
        Machine(
            session: "pool", party: party,
            slots: [
                ("regression", "code", nil), ("moments-a", "moments of site-a", senders[0]),
                ("moments-b", "moments of site-b", senders[1]),
            ], outputs: [("coefficients", "coefficients")], deliveries: nil)
    }

    static func digest(_ text: String) -> SHA256Digest { SHA256Digest(sha256: Array(text.utf8)) }

    static func name(_ text: String) throws -> Name {
        guard let name = Name(text) else { throw Unexpected() }
        return name
    }

    struct Unexpected: Error {}

    private func manifest(_ session: String) throws -> Manifest {
        guard let manifest = plan.manifests.first(where: { $0.name.description == session }) else { throw Unexpected() }
        return manifest
    }

    func id(_ machine: Machine) throws -> SHA256Digest {
        machine.party.publicKeys.sessionID(boundTo: try manifest(machine.session).bound)
    }

    /// `site-a/moments → pool/moments-a`, by the sender's name.
    func flow(from session: String) throws -> Flow {
        guard let flow = plan.plan.flows.first(where: { $0.from.description == session }) else { throw Unexpected() }
        return flow
    }

    /// Which machine a test's finding is about.
    func told(_ index: Int) throws -> PlanAudit.Machine {
        PlanAudit.Machine(try Self.name(machines[index].session), try id(machines[index]))
    }

    /// What a machine says that it sent to another, with one thing perhaps not as it was.
    func delivery(
        from sender: Int, to receiver: Int, count: Int = 1, commitment: String? = nil, byteCount: Int = 841,
        plan digest: SHA256Digest? = nil, flow other: Flow? = nil, session: SHA256Digest? = nil,
        signedBy signer: Party? = nil
    ) throws -> Envelope {
        let (from, to) = (machines[sender], machines[receiver])
        let content = commitment ?? from.outputs.first?.content ?? "nothing"
        return Delivery(
            of: try other ?? flow(from: from.session), in: digest ?? plan.plan.digest,
            commitment: Self.digest(content), byteCount: byteCount, count: count, from: try session ?? id(from),
            to: Delivery.Receiver(session: try id(to), reportDigest: Self.digest("a report"))
        ).signed(by: (signer ?? from.party).signing)
    }

    func receipt(_ machine: Machine) throws -> Receipt {
        let manifest = try manifest(machine.session)
        let keys = machine.party.publicKeys
        let value: JSONValue = [
            "version": 1, "manifest": .string(manifest.digest.prefixed), "plan": .string(plan.plan.digest.prefixed),
            "name": .string(machine.session), "session": .string(try id(machine).description),
            "sealingKey": .string(keys.sealing.text), "signingKey": .string(keys.signing.didKey),
            "report": .string(Self.digest("the report of the lock").prefixed), "engine": "wasmtime 50.0.1", "run": 1,
            "last": true, "outcome": .string(machine.released ? "completed" : "failed"),
            "slots": .array(
                machine.slots.map { slot in
                    let members = [
                        JSONMember("name", .string(slot.name)),
                        JSONMember("digest", .string(Self.digest(slot.content).prefixed)),
                    ]
                    return .object(
                        members + (slot.sender.map { [JSONMember("session", .string($0.description))] } ?? []))
                }),
            "outputs": .array(
                machine.released
                    ? machine.outputs.map { output in
                        [
                            "name": .string(output.name), "digest": .string(Self.digest(output.content).prefixed),
                        ]
                    } : []),
        ]
        let envelope = Envelope(
            signing: value.canonicalBytes, as: Receipt.payloadType, by: machine.party.signing)
        return try Receipt(verifying: envelope, from: keys)
    }

    func part(_ machine: Machine) throws -> PlanPart {
        var contents: [Name: SHA256Digest] = [:]
        for (name, content) in machine.contents { contents[try Self.name(name)] = Self.digest(content) }
        return PlanPart(
            try receipt(machine), in: machine.place, isSimulated: true, deliveries: machine.deliveries,
            contents: contents)
    }

    func audit() throws -> PlanAudit { PlanAudit(of: plan, try machines.map(part)) }
}
