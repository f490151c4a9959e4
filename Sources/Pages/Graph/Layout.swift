internal import Commitments

/// Where each node and each line of a graph is drawn, in pixels. No two boxes touch, by construction: each column is as
/// wide as its widest box, and in a column each place has its own height.
struct Layout {
    struct Box {
        let x: Int
        let y: Int
        let width: Int
        let height: Int

        var middle: Int { y + height / 2 }
        var right: Int { x + width }
    }

    /// One for each node.
    let boxes: [Box]
    /// For each edge the points that it passes. Between two of one height it is level.
    let lines: [[(x: Int, y: Int)]]
    let width: Int
    let height: Int

    private static let margin = 12
    private static let boxHeight = 42
    private static let lineHeight = 10
    private static let gap = 14
    private static let columnGap = 52
    private static let passCount = 6

    init(_ graph: Graph) {
        let layers = Layers(graph)
        let count = graph.nodes.count
        let widths = graph.nodes.map(\.boxWidth)
        var left: [Int] = []
        var columns: [Int] = []
        var x = Self.margin
        for places in layers.order {
            let nodes = places.filter { $0 < count }
            left.append(x)
            columns.append(nodes.map { widths[$0] }.max() ?? 0)
            let told = nodes.map { graph.nodes[$0].toldWidth }.max() ?? 0
            x += (columns.last ?? 0) + told + Self.columnGap
        }
        let heights = layers.layerOf.indices.map { $0 < count ? Self.boxHeight : Self.lineHeight }
        let middles = Self.middles(layers, heights)
        boxes = graph.nodes.indices.map { node in
            let layer = layers.layerOf[node]
            return Box(
                x: left[layer], y: middles[node] - Self.boxHeight / 2, width: columns[layer], height: Self.boxHeight)
        }
        lines = layers.ways.map { way in
            way.flatMap { place -> [(x: Int, y: Int)] in
                let layer = layers.layerOf[place]
                let ends = [(x: left[layer], y: middles[place]), (x: left[layer] + columns[layer], y: middles[place])]
                // The bits stand on the first, level piece of a line.
                let told = place < count ? graph.nodes[place].toldWidth : 0
                if place == way.first { return [ends[1]] + (told > 0 ? [(x: ends[1].x + told, y: ends[1].y)] : []) }
                return place == way.last ? [ends[0]] : ends
            }
        }
        width = x - Self.columnGap + Self.margin
        height = (layers.layerOf.indices.map { middles[$0] + heights[$0] / 2 }.max() ?? 0) + Self.margin
    }

    /// Each place near the mean of its neighbours, in its layer's order, with a gap to the next.
    private static func middles(_ layers: Layers, _ heights: [Int]) -> [Int] {
        var middles = [Double](repeating: 0, count: heights.count)
        for places in layers.order {
            var y = 0.0
            for place in places {
                middles[place] = y + Double(heights[place]) / 2
                y += Double(heights[place] + gap)
            }
        }
        for pass in 0..<passCount {
            let isForward = pass.isMultiple(of: 2)
            for places in isForward ? layers.order : layers.order.reversed() {
                let wanted = places.map { place -> Double in
                    let neighbours = layers.neighbours(of: place, after: !isForward)
                    guard !neighbours.isEmpty else { return middles[place] }
                    return neighbours.reduce(0) { $0 + middles[$1] } / Double(neighbours.count)
                }
                for (place, middle) in zip(places, spread(wanted, places.map { Double(heights[$0]) })) {
                    middles[place] = middle
                }
            }
        }
        let top = middles.indices.map { middles[$0] - Double(heights[$0]) / 2 }.min() ?? 0
        return middles.map { Int(($0 - top).rounded()) + margin }
    }

    /// The places nearest to what is wanted that keep their order and do not touch: the mean of pushing all that are
    /// too near down, and of pushing them up. Both keep the distances, so their mean does.
    private static func spread(_ wanted: [Double], _ heights: [Double]) -> [Double] {
        var down = wanted
        var up = wanted
        for index in wanted.indices.dropFirst() {
            let least = (heights[index - 1] + heights[index]) / 2 + Double(gap)
            down[index] = max(down[index], down[index - 1] + least)
        }
        for index in wanted.indices.dropLast().reversed() {
            let least = (heights[index + 1] + heights[index]) / 2 + Double(gap)
            up[index] = min(up[index], up[index + 1] - least)
        }
        return zip(down, up).map { ($0 + $1) / 2 }
    }
}

extension Graph.Node {
    /// A fixed-width letter has at most 0.63 of its size in the fonts that browsers take.
    fileprivate var boxWidth: Int { max(name.description.utf8.count * 82, note.utf8.count * 70) / 10 + 20 }
    fileprivate var toldWidth: Int { (told?.utf8.count ?? 0) * 7 }
}
