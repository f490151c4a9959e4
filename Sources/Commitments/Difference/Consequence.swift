/// What a change of values means for those who sign.
public struct Consequence: Equatable, Sendable {
    public let effect: Effect
    public let statement: Statement
    /// The values that it speaks of, by their places: what lies below a place is spoken of too.
    let places: [String]

    /// For whom or what, in the order in which one should read. Raw values are stable.
    public enum Effect: String, CaseIterable, Sendable {
        case learning, people, content, wider, weaker, stricter, other

        /// For people.
        public var title: String {
            switch self {
            case .learning: "Who can learn more"
            case .people: "Who takes part"
            case .content: "What else runs, or is brought"
            case .wider: "Which bounds widened"
            case .weaker: "What the machine need no longer prove"
            case .stricter: "What is narrower, or demanded more"
            case .other: "What else changed"
            }
        }
    }
}

/// Gathers consequences of one manifest's becoming another.
struct Consequences {
    let before: Manifest
    let after: Manifest
    private(set) var found: [Consequence] = []

    /// Everything that can be said of a direction. What it leaves unsaid is told value by value.
    init(from before: Manifest, to after: Manifest) {
        self.before = before
        self.after = after
        learning()
        participants()
        components()
        data()
        outputs()
        channels()
        limits()
        platform()
    }

    /// Adds what is not there yet for changes that nothing speaks of.
    mutating func complete(with changes: [ManifestDifference.Change]) {
        let places = Set(found.flatMap(\.places))
        for change in changes where !Self.ancestors(of: change.place).contains(where: places.contains) {
            found.append(Consequence(effect: .other, statement: change.statement, places: [change.place]))
        }
    }

    /// The place itself, and each that it lies below.
    private static func ancestors(of place: String) -> [String] {
        [place] + place.indices.filter { place[$0] == "." || place[$0] == "[" }.map { String(place[..<$0]) }
    }

    mutating func add(_ effect: Consequence.Effect, _ statement: Statement, at places: String...) {
        found.append(Consequence(effect: effect, statement: statement, places: places))
    }

    /// A bound that grew, or shrank. Grown is wider.
    mutating func bound(_ place: String, _ subject: String, _ old: String, _ new: String, grew: Bool?) {
        guard let grew else { return }
        let text = "\(subject) \(new) instead of \(old)."
        if grew { add(.wider, .warning(text), at: place) } else { add(.stricter, .notice(text), at: place) }
    }

    /// Entries of one name before and after, those that are new, and those that are gone.
    func paired<Entry>(
        _ old: [Entry], _ new: [Entry], by name: (Entry) -> Name
    ) -> (both: [(old: Entry, new: Entry)], new: [Entry], gone: [Entry]) {
        let oldOnes = Dictionary(old.map { (name($0), $0) }) { first, _ in first }
        let newOnes = Dictionary(new.map { (name($0), $0) }) { first, _ in first }
        return (
            new.compactMap { entry in oldOnes[name(entry)].map { ($0, entry) } },
            new.filter { oldOnes[name($0)] == nil }, old.filter { newOnes[name($0)] == nil }
        )
    }
}

/// `nil` for what did not change.
func grew<Value: Comparable>(_ old: Value, _ new: Value) -> Bool? {
    old == new ? nil : old < new
}
