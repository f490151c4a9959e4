package import Commitments
internal import Primitives

extension Page {
    /// What one manifest's becoming another means, from the values that `2cvm manifest diff` prints.
    package init(from before: Manifest, to after: Manifest, _ difference: ManifestDifference) {
        let sections = Consequence.Effect.allCases.compactMap { effect -> HTML? in
            var statements = difference.consequences.filter { $0.effect == effect }.map(\.statement)
            // Whoever decides asks this first, and silence is no answer.
            if effect == .learning, statements.isEmpty { return .section("learning", effect.title, [.nobody]) }
            guard !statements.isEmpty else { return nil }
            statements.sort { $0.severity > $1.severity }
            return .section(effect.rawValue, effect.title, [.statements(statements)])
        }
        let values = HTML.tag(
            "details", nil, [],
            [.tag("summary", text: "\(counted(difference.changes.count, "changed value"))")]
                + [.statements(difference.changes.map(\.statement))])
        self.init(
            title: "What changed: \(after.name)", rules: [],
            body: [
                .tag("h1", text: "What changed: \(after.name)"),
                .tag("p", nil, [], ["Before: ", .tag("code", text: before.digest.prefixed)]),
                .tag("p", nil, [], ["After: ", .tag("code", text: after.digest.prefixed)]),
            ]
                + (difference.isEmpty
                    ? [.tag("p", text: "They are the same manifest: nothing changed.")]
                    : sections + [.section("values", "Value by value", [values])])
                + [
                    .tag(
                        "footer", nil, [],
                        [
                            .tag(
                                "p",
                                text:
                                    "This page proves nothing: its sender could have changed it. This command "
                                    + "makes it anew from the two manifests:"),
                            .tag(
                                "p", nil, [],
                                [.tag("code", text: "2cvm manifest diff BEFORE.json AFTER.json --html PAGE.html")]),
                        ])
                ])
    }
}

extension HTML {
    fileprivate static let nobody = HTML.tag("p", text: "Nobody.")
}
