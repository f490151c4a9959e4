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
        let parts = [("people", "Each participant"), ("matrix", "Whose things reach whom"), ("graph", "The drawing")]
        self.init(
            title: "Manifest \(manifest.name): read before you sign", rules: map.rules,
            body: HTML.heading(manifest.name, manifest.purpose.description, manifest.digest)
                + [.contents(parts + Self.sections(explanation).map { ($0.subject.rawValue, $0.title) })]
                + HTML.grave(explanation.statements(of: .danger)) + Self.people(explanation) + map.content
                + Self.rest(explanation)
                + [
                    .closing(
                        "the manifest",
                        ["2cvm manifest explain MANIFEST.json --html PAGE.html", "2cvm manifest digest MANIFEST.json"])
                ])
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
}
