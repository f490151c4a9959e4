import Keys
import Plans
import Primitives
import Scheduling

/// A folder, an engine and machines in memory, which do what a reconciler says, and lie where a test wants it.
struct SimulatedRun {
    var reconciler: Reconciler
    var folder: [MachineID: MachineRecord] = [:]
    var handed: Set<Handover> = []
    var tasks: [EngineTask] = []
    /// What answers at a machine's address; none for silence.
    var answers: [MachineID: MachineStatus] = [:]
    var now = 0
    /// Everything that was begun, in order.
    var history: [Action] = []
    /// What becomes of an action, where it is not simply done.
    var outcome: (Action) -> ActionOutcome = { _ in .done }
    var options: Reconciler.Options
    private var count = 0

    init(_ schedule: Schedule, _ options: Reconciler.Options = Reconciler.Options()) {
        self.options = options
        reconciler = Reconciler(schedule, options)
    }

    var schedule: Schedule { reconciler.schedule }

    /// The scheduler is killed, and another one begins.
    mutating func restart() { reconciler = Reconciler(schedule, options) }

    /// Looks, decides, and does what was decided.
    mutating func step(_ times: Int = 1, lookingAtEngine: Bool = true) {
        for _ in 0..<times {
            now += 200
            reconciler.observe(folder, handed: handed, tasks: lookingAtEngine ? tasks : nil, began: now)
            now += 1
            for action in reconciler.next(at: now) {
                history.append(action)
                perform(action)
            }
        }
    }

    private mutating func perform(_ action: Action) {
        if case .ask(let machine) = action {
            return reconciler.hear(answers[machine], from: machine, at: now)
        }
        let outcome = outcome(action)
        if case .done = outcome {
            switch action {
            case .start(let session): boot(session)
            case .hand(let delivery): take(delivery)
            case .collect(let machine): folder[machine]?.isCollected = true
            case .end(let machine, let reason):
                folder[machine]?.end = reason
                vanish(machine)
            case .cancel(let task): tasks.removeAll { $0.id == task }
            case .ask, .introduce: break
            }
        }
        reconciler.complete(action, outcome, at: now)
    }

    /// A machine comes, locks at once, and admits.
    mutating func boot(_ session: Int, task: String? = nil) {
        let attempt = (folder.keys.filter { $0.session == session }.map(\.attempt).max() ?? 0) + 1
        let machine = MachineID(session: session, attempt: attempt)
        count += 1
        let name = task ?? "task \(count)"
        folder[machine] = MachineRecord(task: name, address: "http://10.0.0.1:\(count)")
        tasks.removeAll { $0.id == name }
        tasks.append(EngineTask(id: name, session: session, isRunning: true))
        answers[machine] = status(of: session, .admitting, number: count)
    }

    func status(of session: Int, _ stage: MachineStatus.Stage, number: Int) -> MachineStatus {
        MachineStatus(
            stage: stage, bound: schedule.sessions[session].bound, session: SHA256Digest(sha256: [UInt8(number)]),
            peerNonce: FixedBytes(repeating: UInt8(number)))
    }

    /// A machine's session goes on.
    mutating func go(_ machine: MachineID, _ stage: MachineStatus.Stage) {
        guard let old = answers[machine] else { return }
        answers[machine] = MachineStatus(
            stage: stage, bound: old.bound, session: old.session, peerNonce: old.peerNonce)
    }

    /// A machine, and the task that stayed with it, are gone.
    mutating func vanish(_ machine: MachineID) {
        answers[machine] = nil
        tasks.removeAll { $0.id == folder[machine]?.task }
    }

    /// A receiver takes a stream, and works when it has all of them.
    private mutating func take(_ delivery: Action.Delivery) {
        handed.insert(Handover(edge: delivery.edge, receiver: delivery.receiverSession))
        let edges = schedule.arriving[delivery.receiver.session]
        if edges.allSatisfy({ handed.contains(Handover(edge: $0, receiver: delivery.receiverSession)) }) {
            go(delivery.receiver, .finished)
        }
    }

    func count(_ isMeant: (Action) -> Bool) -> Int { history.count(where: isMeant) }

    var starts: [Int] { history.compactMap { if case .start(let session) = $0 { session } else { nil } } }

    var deliveries: [Action.Delivery] {
        history.compactMap { if case .hand(let delivery) = $0 { delivery } else { nil } }
    }

    var endings: [MachineID: EndReason] { folder.compactMapValues(\.end) }
}

/// A pool at place 0, and so many sites that feed it.
func star(_ sites: Int, attempts: Int = 2, poolAttempts: Int = 1) throws -> Schedule {
    func session(_ number: Int, _ attempts: Int) -> JSONValue {
        [
            "bound": .string(FixedBytes<32>(repeating: UInt8(100 + number)).description),
            "attempts": .integer(attempts), "memoryMiB": 600, "binding": "lock", "admissionSeconds": 60,
            "runSeconds": 60, "retentionSeconds": 60,
            "outputs": [["token": .string(FixedBytes<32>(repeating: UInt8(100 + number)).description), "bytes": 9]],
        ]
    }
    let edges: [JSONValue] = (1...sites).map { site in
        [
            "edge": .string(FixedBytes<32>(repeating: UInt8(site)).description), "from": .integer(site), "to": 0,
            "bytes": 9,
        ]
    }
    let value: JSONValue = [
        "version": 1, "plan": .string(SHA256Digest(sha256: []).prefixed),
        "sessions": .array([session(0, poolAttempts)] + (1...sites).map { session($0, attempts) }),
        "edges": .array(edges),
    ]
    return try Schedule(decoding: value.canonicalBytes)
}

func machine(_ session: Int, _ attempt: Int = 1) -> MachineID { MachineID(session: session, attempt: attempt) }
