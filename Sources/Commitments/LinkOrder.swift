internal import Primitives

/// The links as a graph from importer to exporter.
struct LinkOrder {
    private struct Edge {
        let importer: Name
        let exporter: Name
        let channelIndex: Int
    }

    /// In the manifest's order.
    private let edges: [Edge]

    init(_ manifest: Manifest) {
        edges = manifest.channels.enumerated().compactMap { index, channel in
            guard case .link(let link) = channel else { return nil }
            return Edge(importer: link.importer, exporter: link.exporter, channelIndex: index)
        }
    }

    /// Refuses the first link that closes a cycle with those before it: instances are made exporters
    /// first, so a cycle could never be.
    func enforce() throws(ManifestError) {
        var exporters: [Name: [Name]] = [:]
        for edge in edges {
            if let way = Self.way(from: edge.exporter, to: edge.importer, exporters) {
                let place = JSONPath.root.appending("channels").appending(edge.channelIndex).appending("exporter")
                throw .rule(.linkCycle([edge.importer] + way), at: place)
            }
            exporters[edge.importer, default: []].append(edge.exporter)
        }
    }

    /// Everything that can be called, directly or not.
    func reachable(from start: Name) -> Set<Name> {
        let exporters = Dictionary(grouping: edges, by: \.importer).mapValues { $0.map(\.exporter) }
        return Set(Self.search(from: start, exporters).keys)
    }

    /// A shortest way, both ends included.
    private static func way(from start: Name, to end: Name, _ exporters: [Name: [Name]]) -> [Name]? {
        let previous = search(from: start, exporters)
        guard previous[end] != nil else { return nil }
        var way = [end]
        while let step = way.last.flatMap({ previous[$0] ?? nil }) { way.append(step) }
        return way.reversed()
    }

    /// Breadth first: each component that can be reached, and the one before it.
    private static func search(from start: Name, _ exporters: [Name: [Name]]) -> [Name: Name?] {
        var previous: [Name: Name?] = [:]
        previous.updateValue(nil, forKey: start)
        var open = [start]
        var next = 0
        while next < open.count {
            let component = open[next]
            next += 1
            for exporter in exporters[component] ?? [] where previous[exporter] == nil {
                previous.updateValue(component, forKey: exporter)
                open.append(exporter)
            }
        }
        return previous
    }
}
