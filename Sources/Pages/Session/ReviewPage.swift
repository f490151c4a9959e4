internal import Commitments
internal import Lifecycle
internal import Primitives

extension Page {
    /// What waits for an answer, for whoever decides.
    ///
    /// - Parameters:
    ///   - review: what was opened and compared with its commitments.
    ///   - commands: what answers it.
    package init(_ review: ReviewView, answeredBy commands: AnswerCommands) {
        self.init(
            title: "Run \(review.run): \(review.subject.words) of \(review.manifest.name)", rules: [],
            body: [.tag("h1", text: "Yes or no? \(review.title.capitalisedFirst)")] + HTML.review(review, commands)
                + [
                    .tag(
                        "footer", nil, [],
                        [
                            .tag(
                                "p",
                                text: "This page proves nothing: the sender could have written it. `2cvm review` "
                                    + "makes it anew from what the session sealed to you.")
                        ])
                ])
    }
}

/// What answers a review, as it is typed.
package struct AnswerCommands: Sendable {
    package let yes: String
    package let no: String

    /// Takes both commands, each with the digest.
    package init(yes: String, no: String) {
        self.yes = yes
        self.no = no
    }
}

extension HTML {
    /// What is decided on and what answers it, the commands first.
    static func review(_ review: ReviewView, _ commands: AnswerCommands) -> [HTML] {
        guard !review.isEmpty else {
            return [
                .tag(
                    "p",
                    text: "The run released nothing. There is nothing to decide, and `2cvm review` answers that by "
                        + "itself, so that nobody sees from outside how it ended.")
            ]
        }
        return [
            .tag("p", text: "What it is for, in the proposer's words. Nothing holds the code to them:"),
            .quote(nil, review.manifest.purpose.description),
            .section("answer", "Your answer", answer(review, commands)),
        ]
            + review.shown.enumerated().map { index, shown in
                .section(
                    "shown-\(index)", "\(shown.name), \(shown.origin)",
                    [.tag("p", text: "\(counted(shown.byteCount, "byte")), in somebody else's words:")]
                        + content(shown.content, "\(shown.name)", "content-\(index)") + comparison(shown.comparison))
            } + [
                .section("around", "What stands around it", [list(review.lasting.map(\.capitalisedFirst))]),
                .section(
                    "outputs", "Who receives what",
                    [list(review.outputs)]
                        + (review.outcomes.isEmpty
                            ? [] : [.tag("p", text: "Earlier runs:"), list(review.outcomes)])),
            ]
    }

    /// The two commands, and what they cover.
    static func answer(_ review: ReviewView, _ commands: AnswerCommands) -> [HTML] {
        [
            .tag(
                "p",
                text:
                    "Your answer covers all of it, and the session takes it once. You type it in a terminal: a page "
                    + "does not sign."),
            .facts([
                ("Yes", commands.yes), ("No", commands.no), ("What both name", review.digest.description),
            ]),
        ]
    }

    /// Lines of the program's own, with names of others.
    static func list(_ lines: [String]) -> HTML { .tag("ul", nil, [], lines.map { .tag("li", text: $0) }) }

    private static func comparison(_ comparison: ReviewView.Comparison?) -> [HTML] {
        guard let comparison else { return [] }
        if comparison.isSame {
            return [
                .tag("div", "warning", [], [.tag("p", text: "It is the same question as in \(comparison.outcome).")])
            ]
        }
        func lines(_ title: String, _ lines: [String]) -> [HTML] {
            guard !lines.isEmpty else { return [] }
            return [
                .tag("p", text: title), .tag("ul", "v", [], lines.map { .tag("li", nil, [], [.tag("bdi", text: $0)]) }),
            ]
        }
        return [
            .tag(
                "div", "warning", [],
                [
                    .tag(
                        "p", nil, [],
                        [
                            .tag("b", text: "Look twice: "),
                            .text(
                                "it differs little from the question of \(comparison.outcome). Whoever has both "
                                    + "answers can subtract one from the other."),
                        ])
                ] + lines("Taken out:", comparison.removed) + lines("Come in:", comparison.added))
        ]
    }
}

extension String {
    /// As the first word of a sentence.
    var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}
