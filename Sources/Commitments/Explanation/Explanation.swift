public import Primitives

/// A manifest in plain words, for the people who sign it: everything that they sign is said here.
///
/// A value, which ``text(colour:columns:all:)`` and ``json(of:)`` and pages show. How much there is follows from the
/// manifest's own size: no list of it grows faster.
public struct Explanation: Equatable, Sendable {
    public let sections: [Section]
    /// What concerns each participant, the reader's first. The same statements stand in ``sections``.
    public let shares: [Share]

    /// What one participant brings, receives and learns, and how far what they bring can reach.
    public struct Share: Equatable, Sendable {
        public let participant: Name
        public let isReader: Bool
        public let statements: [Statement]
    }

    /// Statements on one subject.
    public struct Section: Equatable, Sendable {
        public let subject: Subject
        public let statements: [Statement]

        public var title: String { subject.title }
    }

    /// What a section is about, in the order in which one should read. Raw values are stable.
    public enum Subject: String, CaseIterable, Sendable {
        case learning, reach, agreement, people, code, data, outputs, flows, runs, platform, waivers, limits
    }

    /// Explains `document` to somebody who knows the keys in `addressBook`.
    ///
    /// - Parameters:
    ///   - document: The manifest, signed or not.
    ///   - addressBook: Whose keys the reader knows.
    ///   - reader: The participant who reads, who is then spoken to as "you".
    public init(of document: ManifestDocument, addressBook: AddressBook, reader: Name? = nil) {
        let manifest = document.manifest
        let isNamed = manifest.participants.contains { $0.name == reader }
        let voice = Voice(reader: isNamed ? reader : nil, addressBook: addressBook)
        let reachability = Reachability(of: manifest)
        // Once for both: in the largest manifest these are most of what is said.
        let reach = reachability.disclosures.map { Self.disclosure($0, reachability, in: manifest, voice) }
        let shares = Self.shares(of: manifest, reachability, reach, voice)
        let sections = Subject.allCases.map { subject -> Section in
            let statements =
                switch subject {
                case .learning: Self.learning(manifest, reachability, voice)
                case .reach: reach.flatMap(\.self)
                case .agreement: Self.agreement(document, voice)
                case .people: manifest.participants.flatMap { Self.participant($0, in: manifest, voice) }
                case .code: Self.running(manifest, voice)
                case .data: manifest.data.flatMap { Self.data($0, voice) }
                case .outputs: manifest.outputs.flatMap { Self.output($0, in: manifest, voice) }
                case .flows: manifest.channels.map { Self.channel($0, in: manifest, voice) }
                case .platform: Self.platform(manifest.platform)
                case .waivers: Self.waivers(of: manifest.platform)
                case .runs: Self.runs(manifest, voice)
                case .limits: manifest.limits.sentences.map { Statement.notice($0) }
                }
            return Section(subject: subject, statements: statements)
        }
        self.sections = sections.filter { !$0.statements.isEmpty }
        self.shares = shares
    }

    /// Statements of one severity, over all sections.
    public func statements(of severity: Severity) -> [Statement] {
        sections.flatMap(\.statements).filter { $0.severity == severity }
    }
}

extension Explanation.Subject {
    /// For people.
    public var title: String {
        switch self {
        case .learning: "Who can learn what"
        case .reach: "How far each thing can reach"
        case .agreement: "The agreement"
        case .people: "Who takes part"
        case .code: "What runs"
        case .data: "What data is brought"
        case .outputs: "What leaves"
        case .flows: "What may flow"
        case .platform: "What the machine must prove"
        case .waivers: "What is not demanded, the gravest first"
        case .runs: "Who asks, and who decides"
        case .limits: "Until when"
        }
    }
}

/// One thought in the program's own words, how loudly it should be read, and what belongs to it.
public struct Statement: Equatable, Sendable {
    /// Names, numbers and digests of the manifest stand in it, and no foreign text.
    public let text: String
    public let severity: Severity
    /// What stands below it: at most a dozen.
    public let lines: [Line]
    /// More of them, which ``text`` only counts: shown on demand.
    public let details: [Line]

    /// A line below a statement.
    public enum Line: Equatable, Sendable {
        /// A digest, names, or a way: of the program's own alphabet.
        case value(String)
        /// What somebody else wrote. The label is the program's own.
        case quote(label: String?, ForeignText)
    }

    /// States the four.
    package init(text: String, severity: Severity, lines: [Line], details: [Line]) {
        self.text = text
        self.severity = severity
        self.lines = lines
        self.details = details
    }

    /// What deserves no second look.
    package static func notice(_ text: String, lines: [Line] = [], details: [Line] = []) -> Statement {
        Statement(text: text, severity: .notice, lines: lines, details: details)
    }

    /// The first four lines are shown, the rest on demand.
    package static func few(_ text: String, _ lines: [Line]) -> Statement {
        .notice(text, lines: Array(lines.prefix(4)), details: Array(lines.dropFirst(4)))
    }

    /// What deserves a second look.
    package static func warning(_ text: String, lines: [Line] = []) -> Statement {
        Statement(text: text, severity: .warning, lines: lines, details: [])
    }

    /// The first dozen lines are shown, the rest on demand.
    package static func dozen(_ text: String, _ lines: [Line], _ severity: Severity = .notice) -> Statement {
        Statement(
            text: text, severity: severity, lines: Array(lines.prefix(12)), details: Array(lines.dropFirst(12)))
    }

    /// What deserves a reason.
    package static func danger(_ text: String, lines: [Line] = []) -> Statement {
        Statement(text: text, severity: .danger, lines: lines, details: [])
    }
}
