public import Commitments
internal import Formats
internal import Keys
public import Primitives

/// A plan in plain words, for the people who sign it: everything that they sign is said here.
///
/// Manifests that say the same are explained once. So how much there is follows from how many different ones there are,
/// and not from how many sessions.
public struct PlanExplanation: Equatable, Sendable {
    public let sections: [Section]

    /// Statements on one subject.
    public struct Section: Equatable, Sendable {
        public let subject: Subject
        public let title: String
        public let statements: [Statement]
    }

    /// What a section is about, in the order in which one should read. Raw values are stable.
    public enum Subject: String, CaseIterable, Sendable {
        case learning, reach, agreement, people, sessions, flows, attempts, host, evidence, platform, manifests
    }

    /// Explains a plan to somebody who knows the keys in `addressBook`.
    ///
    /// - Parameters:
    ///   - plan: The plan with all its manifests.
    ///   - document: The same plan as its file has it, signed or not.
    ///   - addressBook: Whose keys the reader knows.
    ///   - reader: The participant who reads, who is then spoken to as "you".
    public init(of plan: ResolvedPlan, in document: PlanDocument, addressBook: AddressBook, reader: Name? = nil) {
        let isNamed = plan.plan.participants.contains { $0.name == reader }
        let words = PlanWords(
            plan: plan, reachability: PlanReachability(of: plan), groups: ManifestGroup.all(of: plan),
            voice: Voice(reader: isNamed ? reader : nil, addressBook: addressBook))
        var sections = [
            Section(subject: .learning, title: "Who can learn what, over all sessions", statements: words.learning),
            Section(subject: .reach, title: "How far each one's things can reach", statements: words.reach),
            Section(subject: .agreement, title: "The agreement", statements: words.agreement(document)),
            Section(subject: .people, title: "Who takes part", statements: words.people),
            Section(subject: .sessions, title: "Which sessions there are", statements: words.sessions),
            Section(subject: .flows, title: "What flows between them", statements: words.flows),
            Section(subject: .attempts, title: "What can be tried again", statements: words.attempts),
            Section(subject: .host, title: "What the hosts see", statements: words.host),
            Section(subject: .evidence, title: "What sessions demand of each other", statements: words.evidence),
        ]
        for platform in plan.plan.platforms {
            sections.append(
                Section(
                    subject: .platform, title: "What the platform \(platform.name) must prove",
                    statements: words.platform(platform)))
        }
        for group in words.groups {
            sections += words.manifest(group)
        }
        self.sections = sections.filter { !$0.statements.isEmpty }
    }

    /// Statements of one severity, over all sections.
    public func statements(of severity: Severity) -> [Statement] {
        sections.flatMap(\.statements).filter { $0.severity == severity }
    }

    /// The explanation for a terminal or a file, as that of a manifest is written.
    ///
    /// - Parameters:
    ///   - colour: Whether to add ANSI colours: yellow for warnings, red for dangers.
    ///   - columns: Where lines are broken.
    ///   - all: Whether to print also the values that the statements only count.
    public func text(colour: Bool, columns: Int = 100, all: Bool = false) -> String {
        TitledStatements.text(
            sections.map { TitledStatements($0.title, $0.statements) }, colour: colour, columns: columns, all: all)
    }

    /// The explanation for machines, who can learn what included.
    public func json(of plan: ResolvedPlan) -> JSONValue {
        let reachability = PlanReachability(of: plan)
        let sessions = zip(plan.plan.sessions, plan.manifests).map { session, manifest -> JSONValue in
            [
                "name": .string(session.name.description), "manifest": .string(session.manifest.prefixed),
                "bound": .string(manifest.bound.description), "platform": .string(session.platform.description),
                "attempts": .integer(session.attempts),
            ]
        }
        let sections = sections.map { section -> JSONValue in
            [
                "subject": .string(section.subject.rawValue), "title": .string(section.title),
                "statements": .array(section.statements.map(\.json)),
            ]
        }
        return [
            "version": 1, "name": .string(plan.plan.name.description), "digest": .string(plan.plan.digest.prefixed),
            "sessions": .array(sessions), "tellings": .array(reachability.tellings.map(\.json)),
            "recipients": .array(reachability.readings.map(\.json)),
            "maximumBitsOfAll": .integer(Int(reachability.capacityOfAll.bits)), "sections": .array(sections),
        ]
    }
}

extension Telling {
    /// Whose things, where they are brought, and whom they can reach.
    fileprivate var json: JSONValue {
        [
            "owner": .string(owner.description), "kind": .string(kind.rawValue),
            "sessions": .array(sessions.map { .string($0.description) }),
            "told": .array(
                told.map { told in
                    ["reader": .string(told.reader.description), "maximumBits": .integer(Int(told.capacity.bits))]
                }),
            "maximumBitsOfOthers": .integer(Int(together.bits)),
        ]
    }
}

extension PlanReading {
    fileprivate var json: JSONValue {
        [
            "name": .string(reader.description), "maximumBits": .integer(Int(capacity.bits)),
            "outputs": .array(outputs.map { .string($0.description) }),
        ]
    }
}
