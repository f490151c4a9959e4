internal import Commitments
internal import Lifecycle
public import Plans
internal import Primitives
internal import Sealing

extension Schedule {
    /// What a scheduler is told of a plan.
    public init(_ resolved: ResolvedPlan) {
        let plan = resolved.plan
        let order = Self.receiversFirst(plan)
        var places: [Name: Int] = [:]
        for (place, session) in order.enumerated() { places[plan.sessions[session].name] = place }
        var edges: [ScheduledEdge] = []
        for flow in plan.flows {
            guard let from = places[flow.from], let to = places[flow.to],
                let output = resolved.manifests[order[from]].outputs.first(where: { $0.name == flow.output })
            else { preconditionFailure("a resolved plan's flows meet") }
            let byteCount = StreamFormat.streamByteCount(
                ofContent: PeerContent.byteCount(ofOutput: output.maximumBytes))
            let token = FlowToken(flow, plan: plan.digest)
            edges.append(ScheduledEdge(edge: token.edge, from: from, to: to, byteCount: byteCount))
        }
        self.init(
            plan: plan.digest,
            sessions: order.map { ScheduledSession(resolved.manifests[$0], attempts: plan.sessions[$0].attempts) },
            edges: edges)
    }

    /// The places of the plan's sessions, each after all that it feeds, else in the plan's order.
    private static func receiversFirst(_ plan: Plan) -> [Int] {
        let places = Dictionary(plan.sessions.enumerated().map { ($0.element.name, $0.offset) }) { first, _ in first }
        var waiting = [Int](repeating: 0, count: plan.sessions.count)
        var senders = [[Int]](repeating: [], count: plan.sessions.count)
        for flow in plan.flows {
            guard let from = places[flow.from], let to = places[flow.to] else { continue }
            waiting[from] += 1
            senders[to].append(from)
        }
        var order = waiting.indices.filter { waiting[$0] == 0 }
        var next = 0
        while next < order.count {
            for sender in senders[order[next]] {
                waiting[sender] -= 1
                if waiting[sender] == 0 { order.append(sender) }
            }
            next += 1
        }
        return order
    }
}

extension ScheduledSession {
    init(_ manifest: Manifest, attempts: Int) {
        bound = manifest.bound
        self.attempts = attempts
        binding = manifest.platform.binding
        let limits = manifest.limits
        admissionSeconds = limits.admissionSeconds
        runSeconds = limits.compileSeconds + limits.wallTimeSeconds
        retentionSeconds = limits.retentionSeconds
        outputs = manifest.participants.map { participant in
            ScheduledOutput(
                token: OutputsIndex.token(of: participant.name, under: manifest, run: 1),
                byteCount: StreamFormat.streamByteCount(
                    ofContent: OutputsIndex.contentByteCount(for: participant.name, under: manifest, run: 1)))
        }
        memoryMiB = Self.memoryMiB(manifest, streams: outputs.reduce(0) { $0 + $1.byteCount })
    }

    /// Kernel, agent and worker.
    private static let baseMiB = 512
    /// What compiling takes for each byte of code.
    private static let compiling = 48

    /// A bound for scheduling. What a machine really has is for its agent to judge at the lock.
    private static func memoryMiB(_ manifest: Manifest, streams: Int) -> Int {
        let code = manifest.components.reduce(0) { $0 + $1.maximumBytes }
        let content =
            manifest.data.reduce(0) { $0 + $1.maximumBytes } + manifest.outputs.reduce(0) { $0 + $1.maximumBytes }
        let components = manifest.components.reduce(0) { $0 + $1.memoryMiB + ($1.temporaryMiB ?? 0) }
        // Content lies there twice: as it came or was written, and where the run has it.
        let bytes = compiling * code + 2 * content + streams
        return min(maximumMemoryMiB, baseMiB + components + (bytes + (1 << 20) - 1) >> 20)
    }

    static let maximumMemoryMiB = 1 << 24
}
