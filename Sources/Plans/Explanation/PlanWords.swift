internal import Commitments
internal import Primitives

/// What an explanation of a plan says, subject by subject.
struct PlanWords {
    let plan: ResolvedPlan
    let reachability: PlanReachability
    let groups: [ManifestGroup]
    let voice: Voice
}

// Who can learn what.

extension PlanWords {
    var learning: [Statement] {
        let count = plan.plan.sessions.count
        var statements: [Statement] = [
            .notice(
                "The code decides what flows along the ways that are granted. This program has not read the code and "
                    + "does not judge it: whatever a component is given, it may put into what leaves, and what another "
                    + "session is sent may go on from there.")
        ]
        if let reader = voice.reader { statements.append(.notice("You are \(reader).")) }
        statements.append(
            .notice(
                "Everyone gets the receipt of each session, and learns from it whether its results were released, "
                    + "which is \(counted(count, "bit")) in all."))
        statements += readerFirst(reachability.readings, \.reader).map(lesson)
        if reachability.readings.count(where: { !$0.outputs.isEmpty }) > 1 {
            statements.append(
                .notice(
                    "All who receive something can learn at most \(bits(reachability.capacityOfAll)) together."))
        }
        return statements
    }

    private func lesson(_ reading: PlanReading) -> Statement {
        let name = reading.reader
        guard !reading.outputs.isEmpty else {
            return .notice(
                "\(voice.subject(name, "receive", "receives")) no output and "
                    + "\(name == voice.reader ? "learn" : "learns") nothing else.")
        }
        let listing = Listing(reading.outputs, title: "outputs that \(voice.object(name)) can read")
        return .notice(
            "\(voice.subject(name, "can read", "can read")) \(listing.text), which can tell at most "
                + "\(bits(reading.capacity))\(reading.outputs.count == 1 ? "" : " together").", details: listing.details
        )
    }

    var reach: [Statement] {
        readerFirst(reachability.tellings, \.owner).map { telling in
            let owner = voice.possessive(telling.owner)
            let brought = Listing(telling.sessions, title: "sessions that \(telling.owner) brings it to")
            let subject =
                switch telling.kind {
                case .data: "What the code lets out of \(owner) data, brought to \(brought.text),"
                case .component: "How \(owner) code in \(brought.text) behaves"
                }
            guard !telling.told.isEmpty else {
                return .notice("\(subject) can reach nobody else.", details: brought.details)
            }
            let lines = telling.told.map { told -> Statement.Line in
                .value("\(voice.object(told.reader)): at most \(bits(told.capacity))")
            }
            let together = telling.told.count == 1 ? "" : " to all of them together"
            return Statement(
                text: "\(subject) can reach others, at most \(bits(telling.together))\(together):", severity: .notice,
                lines: Array(lines.prefix(12)), details: Array(lines.dropFirst(12)) + brought.details)
        }
    }

    /// Who reads looks for their own name first.
    private func readerFirst<Element>(_ elements: [Element], _ name: (Element) -> Name) -> [Element] {
        elements.filter { name($0) == voice.reader } + elements.filter { name($0) != voice.reader }
    }
}

// What is agreed, and by whom.

extension PlanWords {
    func agreement(_ document: PlanDocument) -> [Statement] {
        let plan = plan.plan
        var statements: [Statement] = [
            .notice(
                "The plan's name is \(plan.name), its digest \(plan.digest.prefixed).",
                details: [.value("The salt, which keeps the digest from being guessed: \(plan.salt)")]),
            .notice(
                "To compare the digest by telephone, read these words to each other:",
                lines: [.value(plan.digest.words(10))]),
            .notice(
                "Its purpose in the proposer's words. Nothing holds the code to them:",
                lines: [.quote(label: nil, plan.purpose)]),
            .notice("Who signs the plan signs each of its manifests. They are signed by nobody apart."),
        ]
        if document.signers.isEmpty {
            statements.append(.notice("Nobody has signed yet; this is a draft."))
        } else {
            statements.append(.notice("Signed by \(listed(document.signers.map(voice.object)))."))
            if !document.missingSigners.isEmpty {
                statements.append(.notice("Not yet signed by \(listed(document.missingSigners.map(voice.object)))."))
            }
        }
        return statements
    }

    var people: [Statement] {
        plan.plan.participants.flatMap { participant -> [Statement] in
            let name = participant.name
            let tellings = reachability.tellings.filter { $0.owner == name }
            let parts = tellings.map { telling -> String in
                let sessions = Listing(telling.sessions, title: "").text
                return "\(telling.kind == .data ? "data" : "code") to \(sessions)"
            }
            let brings = parts.isEmpty ? "nothing" : listed(parts)
            return [
                .notice(
                    "\(voice.subject(name, "bring", "brings")) \(brings). "
                        + "\(voice.subject(name, "may", "may")) withdraw from every session."),
                Explanation.key(of: participant, voice),
            ]
        }
    }
}

// Which sessions there are, and what the machines see and prove.

extension PlanWords {
    var sessions: [Statement] {
        let sessions = plan.plan.sessions
        var statements: [Statement] = [
            .notice(
                "There are \(counted(sessions.count, "session")) under \(counted(groups.count, "manifest")) that "
                    + "differ in more than names, salts and pins. Each session is one virtual machine that runs once.")
        ]
        for group in groups {
            let platforms = Set(group.members.map(\.name))
            let used = plan.plan.sessions.filter { platforms.contains($0.name) }
            for platform in plan.plan.platforms {
                let names = used.filter { $0.platform == platform.name }.map(\.name)
                guard !names.isEmpty else { continue }
                let listing = Listing(names, title: "sessions on \(platform.name)")
                statements.append(
                    .notice(
                        "\(listing.text) \(names.count == 1 ? "runs" : "run") on the platform \(platform.name).",
                        details: listing.details))
            }
        }
        return statements
    }

    var flows: [Statement] {
        guard !plan.plan.flows.isEmpty else { return [.notice("Nothing flows from one session to another.")] }
        let lines = plan.plan.flows.map { flow -> Statement.Line in
            .value("\(flow.from)/\(flow.output) → \(flow.to)/\(flow.data)")
        }
        return [
            .dozen("An output of one session fills a slot of another, sealed from the one to the other:", lines),
            .notice(
                "A session sends only to a machine that it has appraised, and takes only what such a machine sent. "
                    + "What is sent has one size, whether the sender's run released its results or not. Where it did "
                    + "not, the receiver runs nothing, and releases nothing either."),
        ]
    }

    var attempts: [Statement] {
        let retried = plan.plan.sessions.filter { $0.attempts > 1 }
        guard !retried.isEmpty else {
            return [.notice("Each session may be tried once: if its machine fails, so does all that waits for it.")]
        }
        let lines = retried.map { Statement.Line.value("\($0.name): \(counted($0.attempts, "attempt"))") }
        let copies = plan.copies.filter { $0.machines > 1 }.sorted { $0.machines > $1.machines }
        let ways = copies.map { copies -> Statement.Line in
            .value("\(Self.way(copies.way)): \(grouped(copies.machines)) machines")
        }
        return [
            .dozen(
                "Several machines may take the part of one session, since a scheduler starts some twice. All get the "
                    + "same data and compute the same:", lines),
            .dozen(
                "So many machines may come to hold what a session was given, or what was computed of it. The number is "
                    + "the product of the attempts along the way:", ways),
        ]
    }

    private static func way(_ names: [Name]) -> String {
        guard names.count > 6 else { return names.map(\.description).joined(separator: " → ") }
        let shown =
            names.prefix(3).map(\.description) + ["(\(names.count - 6) more)"] + names.suffix(3).map(\.description)
        return shown.joined(separator: " → ")
    }

    var host: [Statement] {
        [
            .notice(
                "The hosts and whoever moves the bytes between them see how many sessions there are, which of them "
                    + "feed which, the sizes that the manifests fix, how often each is tried, and when each stage "
                    + "begins. They see no name of this plan and no outcome.")
        ]
    }

    var evidence: [Statement] {
        let terms = plan.plan.evidence
        var statements: [Statement] = [
            .notice(
                "A session takes a revocation list of another's processor if it is of \(terms.revocationNotBefore) or "
                    + "newer. Sessions have no clock to trust, so that such a list has run out is not judged.")
        ]
        if let policy = terms.policy {
            statements.append(
                .notice("Sessions hold each other to the policy file with the digest \(policy.prefixed), too."))
        } else {
            statements.append(.notice("No policy file narrows what the platforms below say."))
        }
        return statements
    }

    func platform(_ platform: PlanPlatform) -> [Statement] {
        Explanation.platform(platform.requirements, isPlanned: true) + Explanation.waivers(of: platform.requirements)
    }

    /// What one manifest says that the plan does not say for it.
    func manifest(_ group: ManifestGroup) -> [PlanExplanation.Section] {
        let subjects: Set<Explanation.Subject> = [.code, .data, .outputs, .flows, .limits, .runs]
        let explanation = Explanation(
            of: .draft(group.first), addressBook: voice.addressBook, reader: voice.reader)
        let head = PlanExplanation.Section(
            subject: .manifests, title: "In \(group.title)",
            statements: [
                .notice(
                    "The manifest's purpose in the proposer's words. Nothing holds the code to them:",
                    lines: [.quote(label: nil, group.first.purpose)])
            ] + group.differences)
        return [head]
            + explanation.sections.filter { subjects.contains($0.subject) }.map { section in
                PlanExplanation.Section(
                    subject: .manifests, title: "In \(group.title): \(section.title.lowercasedFirst)",
                    statements: section.statements)
            }
    }
}

extension String {
    fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
