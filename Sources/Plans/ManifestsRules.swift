internal import Commitments
internal import Formats
internal import Primitives

/// The rules that only all manifests of a plan break together. Each one fits the plan by itself already.
struct ManifestsRules {
    private let plan: Plan
    /// In the plan's order.
    private let manifests: [Manifest]

    init(_ plan: Plan, _ manifests: [Manifest]) {
        self.plan = plan
        self.manifests = manifests
    }

    func enforce() throws(PlanError) {
        try saltsAreApart()
        try flowsFit()
        try retriesAreAlike()
    }

    private func saltsAreApart() throws(PlanError) {
        var owners: [FixedBytes<32>: Name] = [:]
        for (index, manifest) in manifests.enumerated() {
            let path = plan.path(ofSession: index, "manifest")
            guard manifest.salt != plan.salt else { throw .rule(.saltRepeated(manifest.name, like: nil), at: path) }
            if let other = owners.updateValue(manifest.name, forKey: manifest.salt) {
                throw .rule(.saltRepeated(manifest.name, like: other), at: path)
            }
        }
    }

    private func flowsFit() throws(PlanError) {
        var outputs: [[Name]: Output] = [:]
        var data: [[Name]: DataEntry] = [:]
        for manifest in manifests {
            for output in manifest.outputs { outputs[[manifest.name, output.name]] = output }
            for entry in manifest.data { data[[manifest.name, entry.name]] = entry }
        }
        for (index, flow) in plan.flows.enumerated() {
            let path = JSONPath.root.appending("flows").appending(index)
            guard let output = outputs[[flow.from, flow.output]], let entry = data[[flow.to, flow.data]] else {
                preconditionFailure("each manifest was held against the flows")
            }
            guard output.maximumBytes <= entry.maximumBytes else {
                throw .rule(
                    .outputTooLarge(output.name, found: output.maximumBytes, maximum: entry.maximumBytes), at: path)
            }
            // Data without a format takes whatever comes. Else the two say the same, so that no run is spent in vain.
            guard entry.format == nil || entry.format == .any || entry.format == output.gate.format else {
                throw .rule(.formatsDiffer(output: output.name, data: entry.name), at: path)
            }
        }
    }

    private func retriesAreAlike() throws(PlanError) {
        let order = SessionOrder(plan)
        // Of each session, the first thing there or in a session that it feeds that could differ.
        var causes = [PlanRule.Unsteadiness?](repeating: nil, count: manifests.count)
        for session in order.senderFirst.reversed() {
            causes[session] =
                manifests[session].unsteadiness
                ?? order.leaving[session].lazy.compactMap { causes[order.receivers[$0]] }.first
        }
        for (index, session) in plan.sessions.enumerated() where session.attempts > 1 {
            guard let cause = causes[index] else { continue }
            throw .rule(.retriesDiffer(session.name, because: cause), at: plan.path(ofSession: index, "attempts"))
        }
    }
}

extension Manifest {
    /// The first thing by which two runs on the same content could differ.
    fileprivate var unsteadiness: PlanRule.Unsteadiness? {
        for component in components {
            if component.clock == .real { return .clock(component.name, of: name) }
            if component.randomness == .real { return .randomness(component.name, of: name) }
        }
        return outputs.first { $0.approval != nil }.map { .approval($0.name, of: name) }
    }
}
