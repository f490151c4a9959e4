package import Client
package import Commitments
internal import Keys
internal import Lifecycle
package import Pages
package import Primitives

/// What somebody decides on, for people and for machines.
package struct ReviewSummary {
    package let view: ReviewView
    private let review: ReviewedContents

    /// - Parameter store: what was shown in earlier runs.
    package init(
        _ review: ReviewedContents, under manifest: Manifest, knownTo store: SessionStore
    ) throws(CommandFailure) {
        self.review = review
        let earlier = try review.index.shown.map { entry throws(CommandFailure) in
            try store.questions(entry.name, in: review.index.past)
        }
        view = ReviewView(review.index, contents: review.contents, under: manifest, knowing: earlier)
    }

    /// On a terminal.
    package var text: String {
        var lines = [view.title]
        if view.isEmpty {
            lines.append("The run released nothing. There is nothing to decide, and that was answered.")
            return lines.joined(separator: "\n")
        }
        for shown in view.shown {
            lines += ["", "\(shown.name), \(shown.origin), \(shown.byteCount) bytes:"]
            lines += shown.lines.map { "  | \(Self.shown($0))" }
            if let comparison = shown.comparison { lines += Self.lines(of: comparison) }
        }
        lines += [""] + view.lasting + view.outputs + view.outcomes
        lines += ["", "yes: 2cvm approve \(view.digest)", "no:  2cvm refuse \(view.digest)"]
        return lines.joined(separator: "\n")
    }

    private static func lines(of comparison: ReviewView.Comparison) -> [String] {
        if comparison.isSame { return ["the same question as in \(comparison.outcome)"] }
        return ["beside the question of \(comparison.outcome):"]
            + comparison.removed.map { "  - \(shown($0))" } + comparison.added.map { "  + \(shown($0))" }
    }

    private static func shown(_ line: String) -> String { line.showingItself(besides: []) }

    /// For machines. Contents in base64: they are others'.
    package var json: JSONValue {
        let index = review.index
        return [
            "version": 1, "run": .integer(index.run.number), "subject": .string(index.subject.rawValue),
            "empty": .bool(index.isEmpty), "digest": .string(index.digest.description),
            "slots": .array(index.slots.map(\.json)), "outputs": .array(index.outputs.map(\.json)),
            "shown": .array(
                zip(index.shown, review.contents).map { entry, content in
                    ["name": .string(entry.name.description), "content": .base64(content)]
                }),
        ]
    }
}
