internal import Commitments
internal import Formats
internal import Primitives

/// Gathers consequences of one plan's becoming another.
struct PlanConsequences {
    typealias Effect = Commitments.Consequence.Effect

    private let before: ResolvedPlan
    private let after: ResolvedPlan
    private(set) var found: [PlanDifference.Consequence] = []

    /// What the plans say by themselves. What each session says is added apart.
    init(from before: ResolvedPlan, to after: ResolvedPlan) {
        self.before = before
        self.after = after
        learning()
        sessions()
        flows()
        evidence()
    }

    private mutating func add(_ effect: Effect, _ statement: Statement) {
        found.append(PlanDifference.Consequence(effect: effect, statement: statement))
    }

    private struct Pair: Hashable {
        let owner: Name
        let kind: Disclosure.Kind
        let reader: Name
    }

    private static func told(_ plan: ResolvedPlan) -> [Pair: Capacity] {
        var told: [Pair: Capacity] = [:]
        for telling in PlanReachability(of: plan).tellings {
            for entry in telling.told {
                told[Pair(owner: telling.owner, kind: telling.kind, reader: entry.reader)] = entry.capacity
            }
        }
        return told
    }

    private mutating func learning() {
        let (old, new) = (Self.told(before), Self.told(after))
        let keys = Set(old.keys).union(new.keys).sorted {
            ($0.reader, $0.owner, $0.kind.rawValue) < ($1.reader, $1.owner, $1.kind.rawValue)
        }
        for key in keys {
            let subject = "of \(key.owner)'s \(key.kind == .data ? "data" : "code")"
            switch (old[key], new[key]) {
            case (nil, let capacity?):
                add(.learning, .warning("\(key.reader) can now learn at most \(bits(capacity)) \(subject)."))
            case (.some, nil): add(.stricter, .notice("\(key.reader) can no longer learn anything \(subject)."))
            case (let one?, let other?) where one < other:
                add(
                    .learning,
                    .warning("\(key.reader) can learn at most \(bits(other)) instead of \(bits(one)) \(subject)."))
            case (let one?, let other?) where other < one:
                add(
                    .stricter,
                    .notice("\(key.reader) can learn at most \(bits(other)) instead of \(bits(one)) \(subject)."))
            default: break
            }
        }
    }

    private mutating func sessions() {
        let old = Dictionary(before.plan.sessions.map { ($0.name, $0) }) { first, _ in first }
        let new = Dictionary(after.plan.sessions.map { ($0.name, $0) }) { first, _ in first }
        for session in after.plan.sessions {
            guard let other = old[session.name] else {
                let words = "is a new session, on the platform \(session.platform), with the manifest"
                add(.content, .warning("\(session.name) \(words) \(session.manifest.prefixed)."))
                continue
            }
            if other.attempts != session.attempts {
                let text =
                    "\(session.name) may be tried \(counted(session.attempts, "time")) instead of "
                    + "\(grouped(other.attempts))."
                let isMore = session.attempts > other.attempts
                add(isMore ? .wider : .stricter, isMore ? .warning(text) : .notice(text))
            }
            if other.platform != session.platform {
                add(
                    .other,
                    .notice("\(session.name) runs on the platform \(session.platform) instead of \(other.platform)."))
            }
        }
        for session in before.plan.sessions where new[session.name] == nil {
            add(.content, .notice("The session \(session.name) is gone."))
        }
    }

    private mutating func flows() {
        let (old, new) = (Set(before.plan.flows), Set(after.plan.flows))
        func words(_ flow: Flow) -> String { "\(flow.from)/\(flow.output) flows to \(flow.to)/\(flow.data)" }
        for flow in after.plan.flows where !old.contains(flow) { add(.wider, .warning("New: \(words(flow)).")) }
        for flow in before.plan.flows where !new.contains(flow) { add(.stricter, .notice("Gone: \(words(flow)).")) }
    }

    private mutating func evidence() {
        let (old, new) = (before.plan.evidence, after.plan.evidence)
        if old.revocationNotBefore != new.revocationNotBefore {
            let text =
                "Sessions take revocation lists from \(new.revocationNotBefore) on instead of "
                + "\(old.revocationNotBefore)."
            let isOlder = new.revocationNotBefore < old.revocationNotBefore
            add(isOlder ? .weaker : .stricter, isOlder ? .warning(text) : .notice(text))
        }
        switch (old.policy, new.policy) {
        case (.some, nil): add(.weaker, .warning("No policy file narrows what the machines must prove any more."))
        case (nil, let policy?):
            add(.stricter, .notice("A policy file narrows what the machines must prove: \(policy.prefixed)."))
        case (let one?, let other?) where one != other:
            add(.weaker, .warning("Another policy file holds: \(other.prefixed) instead of \(one.prefixed)."))
        default: break
        }
    }

    private struct Said: Hashable {
        let effect: Effect
        let text: String
        let lines: [String]
    }

    /// What changed in sessions that both plans have. What is the same in several is said once.
    mutating func addSessions(
        _ sessions: some Sequence<(Name, [Commitments.Consequence])>, of plan: ResolvedPlan
    ) {
        var order: [Said] = []
        var members: [Said: (names: [Name], statement: Statement)] = [:]
        for (name, consequences) in sessions {
            for consequence in consequences {
                let statement = consequence.statement
                let said = Said(
                    effect: consequence.effect, text: statement.text, lines: statement.lines.map { "\($0)" })
                if members[said] == nil { order.append(said) }
                members[said, default: ([], statement)].names.append(name)
            }
        }
        for said in order {
            guard let (names, statement) = members[said] else { continue }
            let place =
                names.count == plan.manifests.count && names.count > 1
                ? "every session" : Listing(names, title: "").text
            let placed = Statement(
                text: "In \(place): \(statement.text)", severity: statement.severity, lines: statement.lines,
                details: statement.details)
            add(said.effect, placed)
        }
    }

    /// Adds each change that nothing speaks of.
    ///
    /// - Parameter known: the sessions that both plans have. Through them participants and platforms are compared.
    mutating func complete(with changes: [ManifestDifference.Change], known: Set<Name>) {
        let compared = Set(
            (before.plan.sessions + after.plan.sessions).filter { known.contains($0.name) }.map(\.platform))
        let covered =
            ["sessions[", "flows[", "evidence."] + (known.isEmpty ? [] : ["participants["])
            + compared.map { "platforms[\($0)]" }
        for change in changes {
            let isOrder = change.place.hasSuffix(", order")
            guard isOrder || !covered.contains(where: change.place.hasPrefix) else { continue }
            add(.other, change.statement)
        }
    }
}
