/// Who can learn what, from the manifest alone.
///
/// What a component was given can reach everything that it releases, logs, or says over a link, and a
/// link carries both ways: arguments there, results back. This follows every granted way and knows
/// nothing of what the code does, so it errs on the side of telling.
public struct Reachability: Equatable, Sendable {
    /// One for each data entry, then one for each component, in the manifest's order.
    public let disclosures: [Disclosure]

    /// Follows the manifest's channels from each source.
    public init(of manifest: Manifest) {
        let flows = Flows(manifest)
        disclosures =
            manifest.data.map { entry in
                Disclosure(
                    source: entry.name, kind: .data, provider: entry.provider,
                    routes: flows.routes(from: entry.name, into: flows.mounts[entry.name] ?? []))
            }
            + manifest.components.map { component in
                Disclosure(
                    source: component.name, kind: .component, provider: component.provider,
                    routes: flows.routes(from: nil, into: [component.name]))
            }
    }

    /// What a participant can learn from: the sources that reach an output it receives. Everyone
    /// learns, beside that, whether the run completed.
    public func sources(for participant: Name) -> [Disclosure] {
        disclosures.filter { $0.learners.contains(participant) }
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
    public let provider: Name
    /// One for each output that the source can influence, in the manifest's order.
    public let routes: [Route]

    /// Who receives at least one of those outputs, each once, in order of first mention.
    public var learners: [Name] {
        var seen: Set<Name> = []
        return routes.flatMap(\.recipients).filter { seen.insert($0).inserted }
    }
}

/// A shortest way from a source to an output.
public struct Route: Equatable, Sendable {
    /// The source, the components on the way, and the output.
    public let steps: [Name]
    public let recipients: [Name]

    public var output: Name { steps[steps.count - 1] }
}

private struct Flows {
    /// Data to the components that it is mounted in.
    var mounts: [Name: [Name]] = [:]
    /// Component to component, both ways.
    private var links: [Name: [Name]] = [:]
    /// Output to the component that it leaves from.
    private var origins: [Name: Name] = [:]
    private let outputs: [Output]

    init(_ manifest: Manifest) {
        outputs = manifest.outputs
        for channel in manifest.channels {
            switch channel {
            case .mount(let mount): mounts[mount.data, default: []].append(mount.component)
            case .link(let link):
                links[link.importer, default: []].append(link.exporter)
                links[link.exporter, default: []].append(link.importer)
            case .release(let release): origins[release.output] = release.component
            case .log(let log): origins[log.output] = log.component
            }
        }
    }

    /// Breadth first, so that each output's route is a shortest one.
    func routes(from source: Name?, into first: [Name]) -> [Route] {
        var previous: [Name: Name?] = [:]
        var open: [Name] = []
        for component in first where previous.updateValue(source, forKey: component) == nil {
            open.append(component)
        }
        var next = 0
        while next < open.count {
            let component = open[next]
            next += 1
            for neighbour in links[component] ?? [] where previous[neighbour] == nil {
                previous[neighbour] = component
                open.append(neighbour)
            }
        }
        return outputs.compactMap { output in
            guard let origin = origins[output.name], previous[origin] != nil else { return nil }
            var steps = [output.name]
            var place: Name? = origin
            while let step = place {
                steps.append(step)
                place = previous[step] ?? nil
            }
            return Route(steps: steps.reversed(), recipients: output.recipients)
        }
    }
}
