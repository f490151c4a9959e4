internal import Commitments
internal import Primitives

/// The rules between a plan's entries, as far as no manifest is needed. The first broken one is thrown, with the path
/// of the value that breaks it.
struct PlanRules {
    private let plan: Plan

    init(_ plan: Plan) {
        self.plan = plan
    }

    func enforce() throws(PlanError) {
        try namesAreUnique()
        try termsAgree()
        try platformsAreUsed()
        try manifestsAreApart()
        try flowsResolve()
        if let cycle = SessionOrder(plan).cycle {
            let path = JSONPath.root.appending("flows").appending(cycle.flow)
            throw .rule(.flowCycle(cycle.names), at: path)
        }
    }

    private func namesAreUnique() throws(PlanError) {
        var seen: Set<Name> = []
        let lists = [
            ("participants", plan.participants.map(\.name)), ("platforms", plan.platforms.map(\.name)),
            ("sessions", plan.sessions.map(\.name)),
        ]
        for (key, names) in lists {
            for (index, name) in names.enumerated() where !seen.insert(name).inserted {
                throw .rule(.nameRepeated(name), at: at(key, index, "name"))
            }
        }
    }

    private func termsAgree() throws(PlanError) {
        do {
            try ManifestRules.requireKeysApart(plan.participants, JSONPath.root.appending("participants"))
            for (index, platform) in plan.platforms.enumerated() {
                try ManifestRules.requireAgreement(of: platform.requirements, at("platforms", index, "platform"))
            }
        } catch {
            throw .terms(error)
        }
    }

    private func platformsAreUsed() throws(PlanError) {
        let names = Set(plan.platforms.map(\.name))
        for (index, session) in plan.sessions.enumerated() where !names.contains(session.platform) {
            throw .rule(.platformUnknown(session.platform), at: at("sessions", index, "platform"))
        }
        let used = Set(plan.sessions.map(\.platform))
        let first = plan.platforms[0]
        for (index, platform) in plan.platforms.enumerated() {
            guard used.contains(platform.name) else {
                throw .rule(.platformUnused(platform.name), at: at("platforms", index, "name"))
            }
            guard platform.requirements.isSimulated == first.requirements.isSimulated else {
                throw .rule(.kindsDiffer(platform.name, first.name), at: at("platforms", index, "platform"))
            }
        }
    }

    private func manifestsAreApart() throws(PlanError) {
        var owners: [SHA256Digest: Name] = [:]
        for (index, session) in plan.sessions.enumerated() {
            if let other = owners.updateValue(session.name, forKey: session.manifest) {
                throw .rule(.manifestRepeated(by: other), at: at("sessions", index, "manifest"))
            }
        }
    }

    private func flowsResolve() throws(PlanError) {
        let names = Set(plan.sessions.map(\.name))
        var sent: Set<[Name]> = []
        var fed: Set<[Name]> = []
        for (index, flow) in plan.flows.enumerated() {
            for (key, name) in [("from", flow.from), ("to", flow.to)] where !names.contains(name) {
                throw .rule(.sessionUnknown(name), at: at("flows", index, key))
            }
            guard sent.insert([flow.from, flow.output, flow.to]).inserted else {
                throw .rule(
                    .flowRepeated(output: flow.output, of: flow.from, to: flow.to), at: at("flows", index, "output"))
            }
            guard fed.insert([flow.to, flow.data]).inserted else {
                throw .rule(.slotFedTwice(flow.data, of: flow.to), at: at("flows", index, "data"))
            }
        }
    }

    private func at(_ key: String, _ index: Int, _ member: String) -> JSONPath {
        JSONPath.root.appending(key).appending(index).appending(member)
    }
}

extension PlatformRequirements {
    /// Whether no processor is asked for.
    package var isSimulated: Bool {
        if case .simulated = self { true } else { false }
    }
}
