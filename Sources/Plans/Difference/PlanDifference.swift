public import Commitments
internal import Formats
public import Primitives

/// What changed from one plan to another, with their manifests, value by value.
public struct PlanDifference: Equatable, Sendable {
    /// Of the plans, then of each manifest that both have.
    public let changes: [ManifestDifference.Change]
    /// What the changes mean.
    public let consequences: [Consequence]

    /// What a change of values means, where it means the same in several sessions said once.
    public struct Consequence: Equatable, Sendable {
        public let effect: Commitments.Consequence.Effect
        public let statement: Statement
    }

    /// Compares two plans.
    public init(from before: ResolvedPlan, to after: ResolvedPlan) {
        let old = Dictionary(before.manifests.map { ($0.name, $0) }) { first, _ in first }
        let pairs = after.manifests.compactMap { new in old[new.name].map { (old: $0, new: new) } }
        let differences = pairs.map { ManifestDifference(from: $0.old, to: $0.new) }
        let changes = ManifestDifference.changes(
            from: before.plan.canonicalBytes, to: after.plan.canonicalBytes)
        var consequences = PlanConsequences(from: before, to: after)
        consequences.addSessions(zip(pairs.map(\.new.name), differences.map(\.consequences)), of: after)
        consequences.complete(with: changes, known: Set(pairs.map(\.new.name)))
        self.consequences = consequences.found
        self.changes =
            changes
            + zip(pairs, differences).flatMap { pair, difference in
                difference.changes.map { $0.below("manifest of \(pair.new.name)") }
            }
    }

    public var isEmpty: Bool { changes.isEmpty }

    /// What it means, for a terminal or a file: who can learn more first.
    ///
    /// - Parameters:
    ///   - colour: Whether to add ANSI colours.
    ///   - columns: Where lines are broken.
    ///   - paths: Whether each changed value follows, with its place.
    public func text(colour: Bool, columns: Int = 100, paths: Bool = false) -> String {
        guard !isEmpty else { return "" }
        let sections = Commitments.Consequence.Effect.allCases.compactMap { effect -> TitledStatements? in
            var statements = consequences.filter { $0.effect == effect }.map(\.statement)
            if effect == .learning, statements.isEmpty { statements = [.notice("Nobody.")] }
            return statements.isEmpty ? nil : TitledStatements(effect.title, statements)
        }
        return TitledStatements.text(sections, colour: colour, columns: columns, all: true) + "\n"
            + ManifestDifference.Change.text(changes, columns: columns, paths: paths)
    }

    /// Every consequence, and every change with its values in full.
    public var json: JSONValue {
        [
            "version": 1,
            "consequences": .array(
                consequences.map { ["effect": .string($0.effect.rawValue), "statement": $0.statement.json] }),
            "changes": .array(changes.map(\.json)),
        ]
    }
}
