internal import Commitments
internal import Formats

/// What a drawing shows: data, components, outputs and recipients, and the ways between them.
///
/// An edge points to where results go. A call carries arguments the other way too, which its line says by an arrow at
/// either end.
struct Graph {
    /// What a node stands for, and so how it is drawn.
    enum Kind { case data, component, output, recipient }

    struct Node {
        let kind: Kind
        let name: Name
        let note: String
        /// What stands at its edges: of an output the bits.
        let told: String?
        /// Classes by which it is highlighted.
        var styles: [String] = []
        /// From the left.
        var layer = 0
    }

    struct Edge {
        let from: Int
        let to: Int
        let isCall: Bool
        var styles: [String] = []
    }

    private(set) var nodes: [Node] = []
    private(set) var edges: [Edge] = []

    /// - Parameter part: which names are drawn; all where it is `nil`. In a part an output's box says who receives it,
    ///   and of recipients those stand apart that are named.
    init(_ manifest: Manifest, _ reachability: Reachability, keeping part: Set<Name>? = nil) {
        func isKept(_ name: Name) -> Bool { part?.contains(name) ?? true }
        for entry in manifest.data where isKept(entry.name) {
            nodes.append(Node(kind: .data, name: entry.name, note: "data of \(entry.provider)", told: nil))
        }
        for component in manifest.components where isKept(component.name) {
            nodes.append(
                Node(kind: .component, name: component.name, note: "code of \(component.provider)", told: nil))
        }
        for output in manifest.outputs where isKept(output.name) {
            let told = "at most " + bits(reachability.capacity(of: [output.name]))
            let note = part == nil ? output.gate.format.shortName : "to " + output.shortRecipients
            nodes.append(Node(kind: .output, name: output.name, note: note, told: told))
        }
        // Who decides on an output reads it too.
        let readers = Set(manifest.outputs.flatMap(\.readers))
        for participant in manifest.participants where readers.contains(participant.name) && isKept(participant.name) {
            let receives = manifest.outputs.contains { $0.participants.contains(participant.name) }
            let note = receives ? "receives" : "reads, and decides"
            nodes.append(Node(kind: .recipient, name: participant.name, note: note, told: nil))
        }
        connect(manifest)
        place(manifest)
    }

    private mutating func connect(_ manifest: Manifest) {
        let numbers = Dictionary(nodes.enumerated().map { ($0.element.name, $0.offset) }) { first, _ in first }
        var seen: Set<[Int]> = []
        func edge(_ from: Name, _ to: Name, isCall: Bool = false) -> Edge? {
            guard let from = numbers[from], let to = numbers[to], seen.insert([from, to]).inserted else { return nil }
            return Edge(from: from, to: to, isCall: isCall)
        }
        for channel in manifest.channels {
            let found: Edge? =
                switch channel {
                case .mount(let mount): edge(mount.data, mount.component)
                case .link(let link): edge(link.exporter, link.importer, isCall: true)
                case .release(let release): edge(release.component, release.output)
                case .log(let log): edge(log.component, log.output)
                }
            if let found { edges.append(found) }
        }
        for output in manifest.outputs {
            edges += output.readers.compactMap { edge(output.name, $0) }
        }
    }

    /// Layers by the longest way of calls. Links form no cycle, which every manifest was held against.
    private mutating func place(_ manifest: Manifest) {
        var open = nodes.indices.filter { nodes[$0].kind == .component }
        for node in open { nodes[node].layer = 1 }
        let calls = edges.filter(\.isCall)
        var waiting = nodes.indices.map { node in calls.count { $0.to == node } }
        let followers = Dictionary(grouping: calls, by: \.from)
        open.removeAll { waiting[$0] > 0 }
        while let node = open.popLast() {
            for edge in followers[node] ?? [] {
                nodes[edge.to].layer = max(nodes[edge.to].layer, nodes[node].layer + 1)
                waiting[edge.to] -= 1
                if waiting[edge.to] == 0 { open.append(edge.to) }
            }
        }
        let last = nodes.map(\.layer).max() ?? 1
        for node in nodes.indices {
            switch nodes[node].kind {
            case .component: break
            case .data:
                let readers = edges.filter { $0.from == node }.map { nodes[$0.to].layer }
                nodes[node].layer = (readers.min() ?? 1) - 1
            case .output: nodes[node].layer = last + 1
            case .recipient: nodes[node].layer = last + 2
            }
        }
    }

    /// Marks nodes, and the edges between two of them, so that a choice can highlight them.
    mutating func mark(_ names: Set<Name>, _ style: String) {
        for node in nodes.indices where names.contains(nodes[node].name) { nodes[node].styles.append(style) }
        for edge in edges.indices
        where names.contains(nodes[edges[edge].from].name) && names.contains(nodes[edges[edge].to].name) {
            edges[edge].styles.append(style)
        }
    }
}

extension Output {
    /// Who receives it: as many as a box holds.
    fileprivate var shortRecipients: String {
        let all = listed(recipients)
        guard all.utf8.count > 44, let first = recipients.first else { return all }
        return "\(first) and \(grouped(recipients.count - 1)) more"
    }
}

extension Format {
    /// What it is, to stand in a box.
    fileprivate var shortName: String {
        switch self {
        case .any: "whatever bytes"
        case .csv(let table): "table, \(counted(table.maximumRows, "row"))"
        case .json: "JSON of one shape"
        case .text(let text): "text, \(counted(text.maximumCharacters, "character"))"
        }
    }
}
