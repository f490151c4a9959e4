public import Commitments
public import Formats

/// Who can learn what over all sessions of a plan, and how much at most, from the manifests alone.
///
/// In one session each thing can reach every output, since all code there is linked. An output that fills a slot of
/// another session goes on from there. So what one session was given can reach the outputs of each session that it
/// feeds, whether at once or through others.
///
/// The bounds are cuts: what comes to somebody passed the outputs that they read, and it also passed each flow on its
/// way. Of all the cuts that are tried the narrowest holds.
public struct PlanReachability: Equatable, Sendable {
    /// For each participant, what they bring: data, then code. Who brings none of a kind has no entry of that kind.
    public let tellings: [Telling]
    /// What each participant gets to read, in the plan's order.
    public let readings: [PlanReading]
    /// At most how much everybody who reads something can learn together.
    public let capacityOfAll: Capacity

    /// Follows the flows from each session.
    public init(of plan: ResolvedPlan) {
        let graph = PlanGraph(plan)
        let names = plan.plan.participants.map(\.name)
        let bounds = names.map { name in graph.bounds { $0.contains(name) } }
        readings = names.map { name in
            let read = graph.outputs.filter { $0.readers.contains(name) }
            return PlanReading(
                reader: name, outputs: read.map { PlanOutput(session: graph.names[$0.session], output: $0.name) },
                capacity: read.reduce(.none) { $0 + $1.capacity })
        }
        tellings = names.enumerated().flatMap { index, owner -> [Telling] in
            let others = graph.bounds { $0.contains { $0 != owner } }
            return [Disclosure.Kind.data, .component].compactMap { kind in
                let brought = graph.sessions(bringing: kind, of: owner)
                guard !brought.isEmpty else { return nil }
                let told = names.indices.compactMap { reader -> Telling.Told? in
                    guard reader != index else { return nil }
                    let capacity = graph.capacity(from: brought, bounds[reader]) { $0.contains(names[reader]) }
                    return capacity.map { Telling.Told(reader: names[reader], capacity: $0) }
                }
                let together = graph.capacity(from: brought, others) { $0.contains { $0 != owner } }
                return Telling(
                    owner: owner, kind: kind, sessions: brought.map { graph.names[$0] }, told: told,
                    together: together ?? .none)
            }
        }
        capacityOfAll = graph.outputs.reduce(.none) { $1.readers.isEmpty ? $0 : $0 + $1.capacity }
    }
}

/// How far one participant's data, or code, can reach over all sessions that they bring it to.
public struct Telling: Equatable, Sendable {
    public let owner: Name
    public let kind: Disclosure.Kind
    /// Where it is brought, in the plan's order.
    public let sessions: [Name]
    /// Whom it can reach besides its owner, in the plan's order.
    public let told: [Told]
    /// At most how much all of them can learn together.
    public let together: Capacity

    /// One of those whom it can reach.
    public struct Told: Equatable, Sendable {
        public let reader: Name
        public let capacity: Capacity
    }
}

/// What one participant gets to read over all sessions.
public struct PlanReading: Equatable, Sendable {
    public let reader: Name
    public let outputs: [PlanOutput]
    /// At most how much all of it can tell.
    public let capacity: Capacity
}

/// An output of one session.
public struct PlanOutput: Hashable, Sendable, CustomStringConvertible {
    public let session: Name
    public let output: Name

    /// `pool/coefficients`.
    public var description: String { "\(session)/\(output)" }
}

/// The outputs of all sessions and the ways between them, numbered.
private struct PlanGraph {
    struct Source {
        let session: Int
        let name: Name
        let readers: Set<Name>
        let capacity: Capacity
        /// The sessions that it fills a slot of.
        var receivers: [Int] = []
    }

    let names: [Name]
    private(set) var outputs: [Source] = []
    private var outputsOfSession: [[Int]]
    private let order: SessionOrder
    private let manifests: [Manifest]

    init(_ plan: ResolvedPlan) {
        manifests = plan.manifests
        names = manifests.map(\.name)
        order = SessionOrder(plan.plan)
        outputsOfSession = Array(repeating: [], count: names.count)
        for (session, manifest) in manifests.enumerated() {
            let receivers = Dictionary(grouping: order.leaving[session]) { plan.plan.flows[$0].output }
            for output in manifest.outputs {
                outputsOfSession[session].append(outputs.count)
                outputs.append(
                    Source(
                        session: session, name: output.name, readers: Set(output.readers),
                        capacity: output.gate.count.capacity,
                        receivers: (receivers[output.name] ?? []).map { order.receivers[$0] }))
            }
        }
    }

    func sessions(bringing kind: Disclosure.Kind, of owner: Name) -> [Int] {
        manifests.indices.filter { index in
            switch kind {
            case .data: manifests[index].data.contains { $0.provider == .participant(owner) }
            case .component: manifests[index].components.contains { $0.provider == owner }
            }
        }
    }

    /// For each session, at most how much of what it is given can come to outputs with such readers.
    ///
    /// What somebody reads tells what it can tell. What nobody of them reads tells no more than what can come of it in
    /// the sessions that it fills a slot of, nor more than it holds itself.
    func bounds(of isRead: (Set<Name>) -> Bool) -> [Capacity] {
        var bounds = [Capacity](repeating: .none, count: names.count)
        for session in order.senderFirst.reversed() {
            bounds[session] = outputsOfSession[session].reduce(.none) { sum, index in
                let output = outputs[index]
                if isRead(output.readers) { return sum + output.capacity }
                return sum + min(output.capacity, output.receivers.reduce(.none) { $0 + bounds[$1] })
            }
        }
        return bounds
    }

    /// At most how much of what some sessions are given can come to such readers; `nil` where nothing can.
    func capacity(
        from sessions: [Int], _ bounds: [Capacity], of isRead: (Set<Name>) -> Bool
    ) -> Capacity? {
        let isReached = order.reached(from: sessions)
        let read = outputs.filter { isReached[$0.session] && isRead($0.readers) }
        guard !read.isEmpty else { return nil }
        return min(read.reduce(.none) { $0 + $1.capacity }, sessions.reduce(.none) { $0 + bounds[$1] })
    }
}
