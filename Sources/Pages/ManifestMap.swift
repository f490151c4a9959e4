internal import Commitments
internal import Primitives

/// Whose things reach whom, as a table and as drawings.
struct ManifestMap {
    private let manifest: Manifest
    private let reachability: Reachability
    private let reader: Name?
    /// Whether one drawing shows everything.
    private let isWhole: Bool
    private let wholeGraph: Graph

    /// The most components that one drawing can show so that people can read it.
    static let wholeComponentCount = 12
    /// What a drawing of one participant's part has at most.
    static let partNodeCount = 48

    init(_ manifest: Manifest, reader: Name?) {
        self.manifest = manifest
        self.reader = reader
        reachability = Reachability(of: manifest)
        wholeGraph = Graph(manifest, reachability)
        isWhole =
            manifest.components.count <= Self.wholeComponentCount && manifest.participants.count <= 16
            && wholeGraph.nodes.count <= 80 && wholeGraph.edges.count <= 200
    }

    /// In the manifest's order, whoever reads first.
    private var participants: [Name] {
        let names = manifest.participants.map(\.name)
        return names.filter { $0 == reader } + names.filter { $0 != reader }
    }

    var content: [HTML] {
        [.section("matrix", "Whose things can reach whom, at most", matrix), .section("graph", "The drawing", drawing)]
    }

    // MARK: - The table

    private var matrix: [HTML] {
        let recipients = participants.filter { name in manifest.outputs.contains { $0.readers.contains(name) } }
        let head = HTML.tag(
            "tr", nil, [],
            [.tag("th", nil, [.init("scope", "col")], ["What is brought"])]
                + recipients.map { .tag("th", nil, [.init("scope", "col")], [.text("\($0)")]) })
        let rows = participants.flatMap { owner in
            [Disclosure.Kind.data, .component].compactMap { row(owner, $0, recipients) }
        }
        return [
            .tag(
                "p",
                text: "A row is what one participant brings, a column is who receives outputs. A cell says at most how "
                    + "much of the one can reach the other, over all outputs together, whatever the code does."),
            .wide(
                "Table: whose things can reach whom, at most",
                [.tag("table", "bits", [], [.tag("thead", nil, [], [head]), .tag("tbody", nil, [], rows)])]),
        ]
    }

    private func row(_ owner: Name, _ kind: Disclosure.Kind, _ recipients: [Name]) -> HTML? {
        let sources = reachability.disclosures.filter { $0.provider == .participant(owner) && $0.kind == kind }
        guard !sources.isEmpty else { return nil }
        let told = reachability.told(of: owner, kind, in: manifest)
        let title = "\(owner)'s \(kind == .data ? "data" : "code")"
        let cells = recipients.map { recipient -> HTML in
            if recipient == owner { return .tag("td", text: "their own") }
            return .tag("td", text: told[recipient].map { bits($0) } ?? "nothing")
        }
        return .tag("tr", nil, [], [.tag("th", nil, [.init("scope", "row")], [.text(title)])] + cells)
    }

    // MARK: - The drawings

    /// By which fields' choice what is highlighted, or shown.
    var rules: [Page.StyleRule] {
        participants.indices.flatMap { index -> [Page.StyleRule] in
            guard isWhole else {
                return [.init(whileChosen: "pick-p\(index)", "p\(index)", "display:block")]
            }
            return ["t\(index)", "f\(index)"].map {
                .init(whileChosen: "pick-\($0)", $0, "stroke:var(--accent);stroke-width:3.5")
            }
        }
    }

    private var drawing: [HTML] { isWhole ? whole : parts }

    private static let legend =
        "Data stands left, then code, then what may leave (dashed) with the bits that it can tell, then who receives "
        + "it. A line with an arrow at either end is a call: arguments go one way, results the other. The section "
        + "“What may flow” says the same in words."

    private var whole: [HTML] {
        var graph = wholeGraph
        for (index, participant) in participants.enumerated() {
            graph.mark(reaching(participant), "t\(index)")
            graph.mark(reached(from: participant), "f\(index)")
        }
        let choices = participants.enumerated().flatMap { index, participant in
            [
                choice("t\(index)", "what can reach \(participant)", isChosen: participant == reader),
                choice("f\(index)", "where \(participant)'s things can go", isChosen: false),
            ]
        }
        let none = choice("none", "nothing", isChosen: reader == nil)
        return [
            .tag("p", text: Self.legend),
            .tag(
                "fieldset", nil, [],
                [.tag("legend", text: "Highlight"), .tag("div", "pick", [], [none] + choices)]),
            .wide(
                "All of it, drawn",
                [.arrow, .drawing(graph, "How data, code, outputs and recipients are connected", "whole")]),
        ]
    }

    private var parts: [HTML] {
        let choices = participants.enumerated().map { index, participant in
            choice("p\(index)", "\(participant)", isChosen: index == 0)
        }
        let drawings = participants.enumerated().map { index, participant -> HTML in
            let names = part(of: participant)
            let graph = Graph(manifest, reachability, keeping: Set(names.prefix(Self.partNodeCount)))
            let omitted = names.count - Self.partNodeCount
            return .tag(
                "div", "part p\(index)", [],
                [
                    .wide(
                        "The drawing of \(participant)'s part",
                        [.drawing(graph, "What \(participant) brings and receives, and its shortest ways", "p\(index)")]
                    )
                ]
                    + (omitted > 0
                        ? [.tag("p", text: "\(grouped(omitted)) more of this part are not drawn.")] : []))
        }
        return [
            .tag(
                "p",
                text: "A drawing of everything would have too many lines to follow, so each shows one participant's "
                    + "part: what they bring and receive, and the shortest way of each thing to an output. More ways "
                    + "can exist: the table above counts all of them. " + Self.legend),
            .tag(
                "fieldset", nil, [],
                [.tag("legend", text: "Whose part"), .tag("div", "pick", [], choices)]),
            .arrow,
        ] + drawings
    }

    private func choice(_ style: String, _ words: String, isChosen: Bool) -> HTML {
        let field: [HTML.Attribute] = [
            .init("type", "radio"), .init("name", "chosen"), .init("id", "pick-\(style)"),
        ]
        return .tag(
            "label", nil, [],
            [.tag("input", nil, field + (isChosen ? [.init("checked", "")] : [])), .text(" " + words)])
    }

    // MARK: - What is highlighted

    private func reaching(_ participant: Name) -> Set<Name> {
        let received = manifest.outputs.filter { $0.readers.contains(participant) }.map(\.name)
        guard !received.isEmpty else { return [participant] }
        let sources = reachability.disclosures.filter { $0.learners.contains(participant) }
        return Set(sources.map(\.source)).union(received).union([participant])
    }

    private func reached(from participant: Name) -> Set<Name> {
        reachability.disclosures.filter { $0.provider == .participant(participant) }.reduce(into: []) {
            names, disclosure in
            names.formUnion([disclosure.source] + disclosure.readers + disclosure.reached)
            names.formUnion(disclosure.outputs + disclosure.learners.filter { $0 != participant })
        }
    }

    /// What one participant brings and receives, and the shortest ways, the nearest first.
    private func part(of participant: Name) -> [Name] {
        let own = reachability.disclosures.filter { $0.provider == .participant(participant) }
        let received = manifest.outputs.filter { $0.readers.contains(participant) }.map(\.name)
        var names: [Name] = []
        var seen: Set<Name> = []
        func add(_ more: [Name]) { for name in more where seen.insert(name).inserted { names.append(name) } }
        add(own.map(\.source))
        add([participant] + received)
        add(
            manifest.channels.compactMap { channel in
                switch channel {
                case .release(let release) where received.contains(release.output): release.component
                case .log(let log) where received.contains(log.output): log.component
                default: nil
                }
            })
        for disclosure in own {
            add(disclosure.kind == .data ? disclosure.readers : [])
            for route in disclosure.routes.prefix(1) { add(route.steps) }
        }
        return names
    }
}
