internal import Commitments
internal import Primitives

/// The ends of a plan's flows by session, for holding one manifest against them.
struct FlowEnds {
    private let flows: [Flow]
    private var leaving: [Name: [Int]] = [:]
    private var arriving: [Name: [Int]] = [:]

    init(_ plan: Plan) {
        flows = plan.flows
        for (index, flow) in flows.enumerated() {
            leaving[flow.from, default: []].append(index)
            arriving[flow.to, default: []].append(index)
        }
    }

    /// Each end of the manifest that is a session is met by exactly one flow, and each flow meets such an end.
    ///
    /// - Parameter path: of the session's manifest in the plan, for ends without a flow.
    func requireMet(by manifest: Manifest, _ path: JSONPath) throws(PlanError) {
        try requireOutputs(of: manifest, path)
        try requireData(of: manifest, path)
    }

    private func requireOutputs(of manifest: Manifest, _ path: JSONPath) throws(PlanError) {
        let outputs = Dictionary(manifest.outputs.map { ($0.name, Set($0.sessions)) }) { first, _ in first }
        var taken: Set<[Name]> = []
        for index in leaving[manifest.name] ?? [] {
            let flow = flows[index]
            guard let receivers = outputs[flow.output] else {
                throw .rule(.outputUnknown(flow.output, of: flow.from), at: place(index, "output"))
            }
            guard receivers.contains(flow.to) else {
                throw .rule(
                    .outputNotFor(flow.output, of: flow.from, receiver: flow.to), at: place(index, "output"))
            }
            taken.insert([flow.output, flow.to])
        }
        for output in manifest.outputs {
            for receiver in output.sessions where !taken.contains([output.name, receiver]) {
                throw .rule(.outputUnsent(output.name, of: manifest.name, receiver: receiver), at: path)
            }
        }
    }

    private func requireData(of manifest: Manifest, _ path: JSONPath) throws(PlanError) {
        let providers = Dictionary(manifest.data.map { ($0.name, $0.provider) }) { first, _ in first }
        var fed: Set<Name> = []
        for index in arriving[manifest.name] ?? [] {
            let flow = flows[index]
            guard let provider = providers[flow.data] else {
                throw .rule(.dataUnknown(flow.data, of: flow.to), at: place(index, "data"))
            }
            guard provider == .session(flow.from) else {
                throw .rule(.dataNotFrom(flow.data, of: flow.to, sender: flow.from), at: place(index, "data"))
            }
            fed.insert(flow.data)
        }
        for entry in manifest.data {
            guard case .session(let sender) = entry.provider, !fed.contains(entry.name) else { continue }
            throw .rule(.dataUnfed(entry.name, of: manifest.name, sender: sender), at: path)
        }
    }

    private func place(_ flow: Int, _ member: String) -> JSONPath {
        JSONPath.root.appending("flows").appending(flow).appending(member)
    }
}
