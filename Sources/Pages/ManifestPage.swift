package import Commitments
internal import Primitives

extension Page {
    /// A manifest for whoever decides whether to sign it, from the values that its explanation in text is made of.
    ///
    /// - Parameters:
    ///   - document: the manifest, signed or not.
    ///   - explanation: what `2cvm manifest explain` says of it.
    package init(_ document: ManifestDocument, _ explanation: Explanation) {
        let manifest = document.manifest
        let map = ManifestMap(manifest, reader: explanation.shares.first { $0.isReader }?.participant)
        self.init(
            title: "Manifest \(manifest.name): read before you sign", rules: map.rules,
            body: Self.heading(manifest) + [Self.contents(explanation)] + Self.grave(explanation)
                + Self.people(explanation) + map.content + Self.rest(explanation)
                + [Self.closing(manifest)])
    }

    private static func heading(_ manifest: Manifest) -> [HTML] {
        [
            .tag("h1", text: "Read before you sign: \(manifest.name)"),
            .tag("p", text: "What it is for, in the proposer's words. Nothing holds the code to them:"),
            .quote(nil, manifest.purpose.description),
            .tag("p", nil, [], ["Its digest is ", .tag("code", text: manifest.digest.prefixed), "."]),
            .tag(
                "p", nil, [],
                [
                    "To compare it by telephone, read these words to each other: ",
                    .tag("code", "words", [], [.text(manifest.digest.words(10).replacing("-", with: " "))]), ".",
                ]),
        ]
    }

    private static func contents(_ explanation: Explanation) -> HTML {
        let parts = [("people", "Each participant"), ("matrix", "Whose things reach whom"), ("graph", "The drawing")]
        let links = parts + sections(explanation).map { ($0.subject.rawValue, $0.title) }
        return .tag(
            "nav", nil, [.init("aria-label", "On this page")],
            [
                .tag(
                    "ul", nil, [],
                    links.map { identifier, title in
                        .tag("li", nil, [], [.tag("a", nil, [.init("href", "#\(identifier)")], [.text(title)])])
                    })
            ])
    }

    /// What stands further down with a reason, told first.
    private static func grave(_ explanation: Explanation) -> [HTML] {
        let statements = explanation.statements(of: .danger)
        guard !statements.isEmpty else { return [] }
        return [.section("grave", "What is grave", [.statements(statements)])]
    }

    private static func people(_ explanation: Explanation) -> [HTML] {
        let shares = explanation.shares
        let learning = explanation.sections.first { $0.subject == .learning }?.statements ?? []
        let general = learning.filter { statement in !shares.contains { $0.statements.contains(statement) } }
        return [
            .section(
                "people", "Each participant: what they bring, what they learn",
                [.statements(general)]
                    + shares.map { share in
                        .tag(
                            "section", share.isReader ? "you" : nil, [],
                            [
                                .tag("h3", text: share.isReader ? "You, \(share.participant)" : "\(share.participant)")
                            ] + [.statements(share.statements)])
                    })
        ]
    }

    /// What the participants' paragraphs do not say: what is weak first.
    private static func sections(_ explanation: Explanation) -> [Explanation.Section] {
        let order: [Explanation.Subject] = [
            .waivers, .limits, .platform, .outputs, .code, .data, .flows, .agreement,
        ]
        return order.compactMap { subject in explanation.sections.first { $0.subject == subject } }
    }

    private static func rest(_ explanation: Explanation) -> [HTML] {
        sections(explanation).map { .section($0.subject.rawValue, $0.title, [.statements($0.statements)]) }
    }

    private static func closing(_ manifest: Manifest) -> HTML {
        .tag(
            "footer", nil, [],
            [
                .tag(
                    "p",
                    text:
                        "This page proves nothing: its sender could have changed it. These commands make it anew "
                        + "from the manifest, and print the digest that you sign:"),
                .tag("p", nil, [], [.tag("code", text: "2cvm manifest explain MANIFEST.json --html PAGE.html")]),
                .tag("p", nil, [], [.tag("code", text: "2cvm manifest digest MANIFEST.json")]),
            ])
    }
}
