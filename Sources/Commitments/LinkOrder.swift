internal import Primitives

/// The links as a graph from importer to exporter.
struct LinkOrder {
    private struct Edge {
        let exporter: Name
        let channelIndex: Int
    }

    private let edges: [Name: [Edge]]
    private let components: [Name]

    init(_ manifest: Manifest) {
        var edges: [Name: [Edge]] = [:]
        for (index, channel) in manifest.channels.enumerated() {
            guard case .link(let link) = channel else { continue }
            edges[link.importer, default: []].append(Edge(exporter: link.exporter, channelIndex: index))
        }
        self.edges = edges
        components = manifest.components.map(\.name)
    }

    /// Instances are made exporters first, so a cycle could never be.
    func enforce() throws(ManifestError) {
        var finished: Set<Name> = []
        for component in components {
            var path: [Name] = []
            try visit(component, &path, &finished)
        }
    }

    /// Everything that can be called, directly or not.
    func reachable(from start: Name) -> Set<Name> {
        var found: Set<Name> = [start]
        var open = [start]
        while let next = open.popLast() {
            for edge in edges[next] ?? [] where found.insert(edge.exporter).inserted { open.append(edge.exporter) }
        }
        return found
    }

    /// Depth first; at most as deep as there are components (256).
    private func visit(
        _ component: Name, _ path: inout [Name], _ finished: inout Set<Name>
    ) throws(ManifestError) {
        guard !finished.contains(component) else { return }
        path.append(component)
        for edge in edges[component] ?? [] {
            if let start = path.firstIndex(of: edge.exporter) {
                let place = JSONPath.root.appending("channels").appending(edge.channelIndex).appending("exporter")
                throw .rule(.linkCycle(path[start...] + [edge.exporter]), at: place)
            }
            try visit(edge.exporter, &path, &finished)
        }
        path.removeLast()
        finished.insert(component)
    }
}
