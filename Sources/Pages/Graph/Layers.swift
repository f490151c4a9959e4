/// The order of a graph's nodes in their layers, with few crossings.
///
/// A long edge passes a place of its own in each layer between its ends, so that it runs through no node. Orders are by
/// medians of neighbours (Gansner and others, *A Technique for Drawing Directed Graphs*, 1993), to and fro.
struct Layers {
    /// Each layer's places, from the top. A place below the number of nodes is that node, the others are on an edge.
    private(set) var order: [[Int]]
    /// Each edge's places, its ends included.
    let ways: [[Int]]
    /// Each place's layer.
    let layerOf: [Int]
    private let before: [[Int]]
    private let after: [[Int]]

    private static let sweepCount = 12

    init(_ graph: Graph) {
        var layerOf = graph.nodes.map(\.layer)
        var ways: [[Int]] = []
        for edge in graph.edges {
            var way = [edge.from]
            for layer in layerOf[edge.from] + 1..<max(layerOf[edge.to], layerOf[edge.from] + 1) {
                way.append(layerOf.count)
                layerOf.append(layer)
            }
            ways.append(way + [edge.to])
        }
        var before = [[Int]](repeating: [], count: layerOf.count)
        var after = before
        for way in ways {
            for (from, to) in zip(way, way.dropFirst()) {
                after[from].append(to)
                before[to].append(from)
            }
        }
        var order = [[Int]](repeating: [], count: (layerOf.max() ?? 0) + 1)
        for place in layerOf.indices { order[layerOf[place]].append(place) }
        (self.order, self.ways, self.layerOf, self.before, self.after) = (order, ways, layerOf, before, after)
        reduceCrossings()
    }

    private mutating func reduceCrossings() {
        var best = order
        var fewest = crossingCount
        for sweep in 0..<Self.sweepCount where fewest > 0 {
            if sweep.isMultiple(of: 2) {
                for layer in order.indices.dropFirst() { sort(layer, by: before) }
            } else {
                for layer in order.indices.dropLast().reversed() { sort(layer, by: after) }
            }
            let count = crossingCount
            if count < fewest { (best, fewest) = (order, count) }
        }
        order = best
    }

    /// Sorts a layer by the medians of its places' neighbours. Whoever has none stays where they are.
    private mutating func sort(_ layer: Int, by neighbours: [[Int]]) {
        var rank = [Int](repeating: 0, count: layerOf.count)
        for places in order { for (index, place) in places.enumerated() { rank[place] = index } }
        let medians = order[layer].enumerated().map { index, place -> (Double, Int) in
            let ranks = neighbours[place].map { rank[$0] }.sorted()
            guard !ranks.isEmpty else { return (Double(index), place) }
            let middle = ranks.count / 2
            let median =
                ranks.count.isMultiple(of: 2) ? Double(ranks[middle - 1] + ranks[middle]) / 2 : Double(ranks[middle])
            return (median, place)
        }
        let sorted = medians.enumerated().sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }
        order[layer] = sorted.map(\.element.1)
    }

    /// How many pairs of lines cross.
    var crossingCount: Int {
        var rank = [Int](repeating: 0, count: layerOf.count)
        for places in order { for (index, place) in places.enumerated() { rank[place] = index } }
        return order.reduce(0) { sum, places in
            // Lines between two layers cross where their ends are in two orders: inversions, counted by inserting.
            var ends: [Int] = []
            var count = 0
            for place in places {
                let ranks = after[place].map { rank[$0] }.sorted()
                for end in ranks { count += ends.count - Self.position(after: end, in: ends) }
                for end in ranks { ends.insert(end, at: Self.position(after: end, in: ends)) }
            }
            return sum + count
        }
    }

    private static func position(after value: Int, in sorted: [Int]) -> Int {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] <= value { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The neighbours of a place in the layer before it, or after it.
    func neighbours(of place: Int, after isAfter: Bool) -> [Int] { isAfter ? after[place] : before[place] }
}
