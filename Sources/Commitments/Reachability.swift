public import Formats

/// Who can learn what, and how much at most, from the manifest alone.
///
/// What a component was given can reach everything that it releases, logs, or says over a link, and a
/// link carries both ways: arguments there, results back. This follows every granted way and knows
/// nothing of what the code does, so it errs on the side of telling.
public struct Reachability: Equatable, Sendable {
    /// One for each data entry, then one for each component, in the manifest's order.
    public let disclosures: [Disclosure]
    /// How much each output can tell in all runs, and each question that somebody sees before it is asked.
    public let capacities: [Name: Capacity]

    /// Follows the manifest's channels from each source.
    public init(of manifest: Manifest) {
        let readings = Reading.all(of: manifest)
        capacities = Dictionary(readings.map { ($0.name, $0.capacity) }) { first, _ in first }
        let flows = Flows(manifest, readings)
        disclosures =
            manifest.data.map { entry in
                let ways = flows.ways(into: flows.mounts[entry.name] ?? [])
                return Disclosure(
                    (entry.name, .data), of: entry.provider, flows.reach(along: ways, from: entry.name),
                    together: flows.capacity(along: ways, from: entry.name, besides: entry.provider))
            }
            + manifest.components.enumerated().map { index, component in
                let ways = flows.ways(into: [index])
                let provider = End.participant(component.provider)
                return Disclosure(
                    (component.name, .component), of: provider, flows.reach(along: ways),
                    together: flows.capacity(along: ways, besides: provider))
            }
    }

    /// At most how much those can learn together in all runs who read these: the sum, as if they were one.
    public func capacity(of names: [Name]) -> Capacity {
        names.reduce(Capacity.none) { $0 + (capacities[$1] ?? .none) }
    }

    /// At most how much each reader can learn of what one participant brings: of data, or of how code behaves.
    ///
    /// Whom nothing of it reaches is not among them.
    public func told(of owner: Name, _ kind: Disclosure.Kind, in manifest: Manifest) -> [Name: Capacity] {
        let reached = disclosures.filter { $0.provider == .participant(owner) && $0.kind == kind }
            .reduce(into: Set<Name>()) { $0.formUnion($1.outputs) }
        let readers =
            manifest.outputs.map { ($0.name, $0.readers) }
            + manifest.data.map { ($0.name, $0.approval?.approvers ?? []) }
        var told: [Name: Capacity] = [:]
        for (name, readers) in readers where reached.contains(name) {
            for reader in readers { told[reader, default: .none] = told[reader, default: .none] + capacity(of: [name]) }
        }
        return told
    }

    /// What each participant can learn from: the sources that reach an output it receives. Everyone
    /// learns, beside that, whether the results were released.
    public var sources: [Name: [Disclosure]] {
        var sources: [Name: [Disclosure]] = [:]
        for disclosure in disclosures {
            for learner in disclosure.learners { sources[learner, default: []].append(disclosure) }
        }
        return sources
    }
}

/// How far one piece of data, or one component's code, can reach.
public struct Disclosure: Equatable, Sendable {
    /// What a source is.
    public enum Kind: String, Sendable {
        case data, component
    }

    public let source: Name
    public let kind: Kind
    public let provider: End
    /// Who receives an output that the source can influence, in the manifest's order.
    public let learners: [Name]
    /// The components that are given data, or the component itself.
    public let readers: [Name]
    /// The components that calls lead to from there, in either direction.
    public let reached: [Name]
    /// The outputs that the source can influence, in the manifest's order; of a question that somebody decides on, the
    /// question too.
    public let outputs: [Name]
    /// A shortest way to each learner, those of one way together, the shortest first: at most
    /// ``maximumRouteCount``.
    public let routes: [Route]
    /// At most how much of the source all learners but its provider can learn together.
    public let together: Capacity

    /// There can be 64 for each of 512 sources, and nobody reads them.
    public static let maximumRouteCount = 4

    fileprivate init(
        _ source: (name: Name, kind: Kind), of provider: End, _ reach: Reach, together: Capacity
    ) {
        self.source = source.name
        kind = source.kind
        self.provider = provider
        learners = reach.learners
        readers = reach.readers
        reached = reach.passedOn
        outputs = reach.outputs
        routes = reach.routes
        self.together = together
    }
}

/// A shortest way from a source to an output.
public struct Route: Equatable, Sendable {
    /// The source, the components on the way, and the output. Of a long way the first three and the last three.
    public let steps: [Name]
    /// How many steps are left out after the third.
    public let omittedCount: Int
    /// Who receives the output, and nothing that is nearer.
    public let learners: [Name]

    public var output: Name { steps[steps.count - 1] }

    static let shownCount = 3

    fileprivate init(_ steps: [Name], to learners: [Name]) {
        let isLong = steps.count > 2 * Self.shownCount
        self.steps = isLong ? Array(steps.prefix(Self.shownCount) + steps.suffix(Self.shownCount)) : steps
        omittedCount = isLong ? steps.count - 2 * Self.shownCount : 0
        self.learners = learners
    }
}

/// What can be reached from one source.
private struct Reach {
    let learners: [Name]
    let readers: [Name]
    let passedOn: [Name]
    let outputs: [Name]
    let routes: [Route]
}

/// What somebody gets to read: an output, or a question that is decided on.
private struct Reading {
    let name: Name
    let readers: [Name]
    /// In all runs.
    let capacity: Capacity
    /// A question is read as it came, and through no component.
    let isQuestion: Bool

    static func all(of manifest: Manifest) -> [Reading] {
        let outputs = manifest.outputs.map { output in
            Reading(
                name: output.name, readers: output.readers,
                capacity: output.gate.count.capacity * manifest.limits.runs, isQuestion: false)
        }
        let questions = manifest.data.compactMap { entry -> Reading? in
            guard let approval = entry.approval, let count = entry.count else { return nil }
            return Reading(
                name: entry.name, readers: approval.approvers, capacity: count.capacity * manifest.limits.runs,
                isQuestion: true)
        }
        return outputs + questions
    }
}

/// The channels as a graph of components. Everything has a number here, since it is searched once for each source.
private struct Flows {
    /// Data to the components that it is mounted in.
    private(set) var mounts: [Name: [Int]] = [:]
    private let participants: [Name]
    private let components: [Name]
    /// Outputs, then questions that are decided on.
    private let outputs: [Name]
    private let questions: [Name: Int]
    private let recipients: [[Int]]
    /// Component to component, both ways.
    private let links: [[Int]]
    /// The component that each output leaves from.
    private var origins: [Int?]
    /// Of each output.
    private let capacities: [Capacity]

    init(_ manifest: Manifest, _ readings: [Reading]) {
        capacities = readings.map(\.capacity)
        participants = manifest.participants.map(\.name)
        components = manifest.components.map(\.name)
        outputs = readings.map(\.name)
        let (participant, component) = (Self.numbers(participants), Self.numbers(components))
        let output = Self.numbers(outputs)
        questions = output.filter { readings[$0.value].isQuestion }
        recipients = readings.map { $0.readers.compactMap { participant[$0] } }
        origins = Array(repeating: nil, count: outputs.count)
        var links: [Set<Int>] = Array(repeating: [], count: components.count)
        for channel in manifest.channels {
            switch channel {
            case .mount(let mount):
                if let number = component[mount.component] { mounts[mount.data, default: []].append(number) }
            case .link(let link):
                guard let importer = component[link.importer], let exporter = component[link.exporter] else { continue }
                links[importer].insert(exporter)
                links[exporter].insert(importer)
            case .release(let release):
                if let number = output[release.output] { origins[number] = component[release.component] }
            case .log(let log):
                if let number = output[log.output] { origins[number] = component[log.component] }
            }
        }
        self.links = links.map { $0.sorted() }
    }

    private static func numbers(_ names: [Name]) -> [Name: Int] {
        Dictionary(names.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
    }

    /// For each component that can be reached, how far it is, and the one before it.
    struct Ways {
        var distances: [Int?]
        var previous: [Int?]
    }

    /// Breadth first, so that each way is a shortest one.
    func ways(into first: [Int]) -> Ways {
        let none = [Int?](repeating: nil, count: components.count)
        var ways = Ways(distances: none, previous: none)
        var open: [Int] = []
        for component in first where ways.distances[component] == nil {
            ways.distances[component] = 0
            open.append(component)
        }
        var next = 0
        while next < open.count {
            let component = open[next]
            next += 1
            for neighbour in links[component] where ways.distances[neighbour] == nil {
                ways.distances[neighbour] = (ways.distances[component] ?? 0) + 1
                ways.previous[neighbour] = component
                open.append(neighbour)
            }
        }
        return ways
    }

    /// How much can be told by all outputs that can be reached and that others than `provider` read.
    func capacity(along ways: Ways, from data: Name? = nil, besides provider: End) -> Capacity {
        let question = data.flatMap { questions[$0] }
        return outputs.indices.reduce(Capacity.none) { sum, output in
            let isReached = output == question || origins[output].flatMap { ways.distances[$0] } != nil
            let isTold = recipients[output].contains { .participant(participants[$0]) != provider }
            return isReached && isTold ? sum + capacities[output] : sum
        }
    }

    /// Which code and which outputs can be reached, who receives them, and by which ways.
    func reach(along ways: Ways, from data: Name? = nil) -> Reach {
        var reached = outputs.indices.compactMap { output in
            origins[output].flatMap { ways.distances[$0] }.map { (distance: $0, output: output) }
        }
        if let question = data.flatMap({ questions[$0] }) { reached.append((distance: -1, output: question)) }
        var learns = [Bool](repeating: false, count: participants.count)
        var routes: [Route] = []
        // Of ways of one length the manifest's order decides.
        for (_, output) in reached.sorted(by: { ($0.distance, $0.output) < ($1.distance, $1.output) }) {
            let nearest = recipients[output].filter { !learns[$0] }
            for recipient in nearest { learns[recipient] = true }
            guard !nearest.isEmpty, routes.count < Disclosure.maximumRouteCount else { continue }
            var steps = [outputs[output]]
            guard origins[output] != nil else {
                routes.append(Route(steps, to: nearest.map { participants[$0] }))
                continue
            }
            var place = origins[output]
            while let step = place {
                steps.append(components[step])
                place = ways.previous[step]
            }
            if let data { steps.append(data) }
            routes.append(Route(steps.reversed(), to: nearest.map { participants[$0] }))
        }
        return Reach(
            learners: participants.indices.filter { learns[$0] }.map { participants[$0] },
            readers: components.indices.filter { ways.distances[$0] == 0 }.map { components[$0] },
            passedOn: components.indices.filter { (ways.distances[$0] ?? 0) > 0 }.map { components[$0] },
            outputs: reached.map { outputs[$0.output] }, routes: routes)
    }
}
