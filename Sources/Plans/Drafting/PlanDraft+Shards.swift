public import Commitments
internal import Primitives

// One session's work as many sessions', each on its own part of the data.

extension PlanDraft {
    /// Goes on from a plan that is there.
    public init(_ plan: ResolvedPlan) {
        let value = Self.value(ofCanonical: plan.plan.canonicalBytes)
        self.init(
            name: plan.plan.name, purpose: plan.plan.purpose.description, salt: plan.plan.salt,
            revocationNotBefore: plan.plan.evidence.revocationNotBefore, policy: plan.plan.evidence.policy)
        participants = plan.plan.participants
        platforms = zip(plan.plan.platforms, value.member("platforms")?.elements ?? []).map {
            ($0.name, $1.member("platform") ?? .null)
        }
        sessions = zip(plan.plan.sessions, plan.manifests).map { session, manifest in
            Session(
                name: session.name, manifest: Self.value(of: manifest), platform: session.platform,
                attempts: session.attempts)
        }
        flows = plan.plan.flows
    }

    /// Replaces a session by `count` of its kind, named `site-1`, `site-2` and so on.
    ///
    /// Each has a salt of its own. In every session that the one fed, a slot becomes as many, each with its mounts:
    /// what was at `/data/part.json` is then at `/data/part-1.json` and so on.
    /// - Throws: ``PlanDraftError`` for a session that another feeds, and for names that would be too long.
    public mutating func split(_ session: Name, into count: Int) throws(PlanDraftError) {
        guard let index = sessions.firstIndex(where: { $0.name == session }) else { throw .noSession(session) }
        if let feeding = flows.first(where: { $0.to == session }) {
            throw .sessionFed(session, by: feeding.from)
        }
        var names: [Name] = []
        for number in 1...max(1, count) { names.append(try Self.numbered(session, number)) }
        for name in names where sessions.contains(where: { $0.name == name }) { throw .sessionRepeated(name) }
        let template = sessions[index]
        sessions.replaceSubrange(
            index...index,
            with: names.map { name in
                let manifest = template.manifest.setting("name", .string(name.description))
                    .setting("salt", .string(shardSalt(name).description))
                return Session(
                    name: name, manifest: manifest, platform: template.platform, attempts: template.attempts)
            })
        var flows: [Flow] = []
        for flow in self.flows {
            guard flow.from == session else {
                flows.append(flow)
                continue
            }
            for (number, name) in names.enumerated() {
                flows.append(
                    Flow(
                        from: name, output: flow.output, to: flow.to, data: try Self.numbered(flow.data, number + 1)))
            }
            guard let receiver = sessions.firstIndex(where: { $0.name == flow.to }) else { throw .noSession(flow.to) }
            sessions[receiver].manifest = try Self.multiplied(
                sessions[receiver].manifest, flow.data, from: names)
        }
        self.flows = flows
    }

    /// The slot and its mounts once for each of the senders.
    private static func multiplied(
        _ manifest: JSONValue, _ data: Name, from senders: [Name]
    ) throws(PlanDraftError) -> JSONValue {
        var slots: [Name] = []
        for number in senders.indices { slots.append(try numbered(data, number + 1)) }
        let entries = (manifest.member("data")?.elements ?? []).flatMap { entry -> [JSONValue] in
            guard entry.text("name") == data.description else { return [entry] }
            return zip(slots, senders).map { slot, sender in
                entry.setting("name", .string(slot.description))
                    .setting("provider", ["session": .string(sender.description)])
            }
        }
        let channels = (manifest.member("channels")?.elements ?? []).flatMap { channel -> [JSONValue] in
            guard channel.text("mount") == data.description, let path = channel.text("path") else { return [channel] }
            return slots.enumerated().map { number, slot in
                channel.setting("mount", .string(slot.description))
                    .setting("path", .string(Self.numbered(path: path, number + 1)))
            }
        }
        return manifest.setting("data", .array(entries)).setting("channels", .array(channels))
    }

    private static func numbered(_ name: Name, _ number: Int) throws(PlanDraftError) -> Name {
        let text = "\(name)-\(number)"
        guard let name = Name(text) else { throw .nameTooLong(text) }
        return name
    }

    /// The number stands before the first dot of the last segment.
    private static func numbered(path: String, _ number: Int) -> String {
        let segment = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        let place = path[segment...].firstIndex(of: ".") ?? path.endIndex
        return path[..<place] + "-\(number)" + path[place...]
    }

    private static func value(ofCanonical bytes: [UInt8]) -> JSONValue {
        do {
            return try JSONValue(parsing: bytes, maximumByteCount: Plan.maximumByteCount)
        } catch {
            preconditionFailure("canonical bytes are JSON")
        }
    }
}
