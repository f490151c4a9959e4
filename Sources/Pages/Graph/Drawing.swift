internal import Commitments

extension HTML {
    /// A graph as SVG.
    ///
    /// - Parameters:
    ///   - graph: what is drawn.
    ///   - title: what it is, for those who do not see it.
    ///   - identifier: of this drawing in its page.
    static func drawing(_ graph: Graph, _ title: String, _ identifier: String) -> HTML {
        let layout = Layout(graph)
        let groups = [("edges", false), ("edges calls", true)].map { style, isCall in
            let lines = zip(graph.edges, layout.lines).filter { $0.0.isCall == isCall }.map(line)
            return HTML.tag("g", style, [], lines)
        }
        let boxes = zip(graph.nodes, layout.boxes).map(box)
        return .element(
            "svg",
            [
                .init("width", "\(layout.width)"), .init("height", "\(layout.height)"),
                .init("viewBox", "0 0 \(layout.width) \(layout.height)"), .init("role", "img"),
                .init("aria-labelledby", "\(identifier)-title"),
            ],
            [
                .tag("title", nil, [.init("id", "\(identifier)-title")], [.text(title)])
            ] + groups + boxes)
    }

    /// What the lines of all drawings of a page end in, by the style sheet. It takes no room itself.
    static let arrow = HTML.element(
        "svg", [.init("width", "0"), .init("height", "0"), .init("aria-hidden", "true")],
        [
            .element(
                "marker",
                [
                    .init("id", "arrow"), .init("viewBox", "0 0 8 8"), .init("refX", "8"), .init("refY", "4"),
                    .init("markerWidth", "9"), .init("markerHeight", "9"), .init("markerUnits", "userSpaceOnUse"),
                    .init("orient", "auto-start-reverse"),
                ], [.tag("path", "arrow", [.init("d", "M0 0L8 4L0 8Z")])])
        ])

    private static func line(_ edge: Graph.Edge, _ points: [(x: Int, y: Int)]) -> HTML {
        var path = ""
        for (index, point) in points.enumerated() {
            let last = index > 0 ? points[index - 1] : point
            if index == 0 {
                path += "M\(point.x) \(point.y)"
            } else if point.y == last.y {
                // Level pieces that follow one another are one.
                let isLevelNext = index + 1 < points.count && points[index + 1].y == point.y
                if !isLevelNext { path += "H\(point.x)" }
            } else {
                let middle = (last.x + point.x) / 2
                path += "C\(middle) \(last.y),\(middle) \(point.y),\(point.x) \(point.y)"
            }
        }
        return .tag("path", edge.styles.isEmpty ? nil : edge.styles.joined(separator: " "), [.init("d", path)])
    }

    private static func box(_ node: Graph.Node, _ box: Layout.Box) -> HTML {
        let shape: [Attribute] =
            switch node.kind {
            case .data: []
            case .component: [.init("rx", "8")]
            case .output: [.init("stroke-dasharray", "6 3")]
            case .recipient: [.init("rx", "21")]
            }
        var pieces: [HTML] = [
            .tag(
                "rect", node.styles.isEmpty ? nil : node.styles.joined(separator: " "),
                [
                    .init("x", "\(box.x)"), .init("y", "\(box.y)"), .init("width", "\(box.width)"),
                ] + shape),
            label(node.name.description, nil, box.x + 10, box.y + 18), label(node.note, "s", box.x + 10, box.y + 33),
        ]
        if let told = node.told { pieces.append(label(told, "bits", box.right + 5, box.middle - 5)) }
        return .pieces(pieces)
    }

    private static func label(_ text: String, _ style: String?, _ x: Int, _ y: Int) -> HTML {
        .tag("text", style, [.init("x", "\(x)"), .init("y", "\(y)")], [.text(text)])
    }
}
