/// How often each module and component is instantiated when the outermost component is, once.
///
/// A component can only instantiate what ended before it began to, so going from the last one to
/// the first settles each count before it is passed on: linear, however steeply the counts grow.
/// They stop at the largest integer.
struct Multiplicity {
    private var modules: [Int]
    private(set) var coreInstanceCount = 0
    private(set) var componentInstanceCount = 0

    /// - Parameter bodies: In the order in which components ended; the outermost is the last.
    init(_ bodies: [ComponentBody], moduleCount: Int) {
        modules = [Int](repeating: 0, count: moduleCount)
        var components = [Int](repeating: 0, count: bodies.count)
        if !bodies.isEmpty { components[bodies.count - 1] = 1 }
        for (id, body) in bodies.enumerated().reversed() where components[id] > 0 {
            let times = components[id]
            componentInstanceCount = componentInstanceCount.saturatingAdd(times)
            for module in body.moduleInstances {
                modules[module] = modules[module].saturatingAdd(times)
                coreInstanceCount = coreInstanceCount.saturatingAdd(times)
            }
            for component in body.componentInstances {
                components[component] = components[component].saturatingAdd(times)
            }
        }
    }

    /// The definition with its count, or `nil` where it is never instantiated.
    func counted(_ definition: FoundLimits) -> ComponentBinary.LimitedDefinition? {
        let count = modules[definition.module]
        guard count > 0 else { return nil }
        return ComponentBinary.LimitedDefinition(
            limits: definition.limits, instanceCount: count, part: definition.part)
    }
}

/// What a component instantiates: ids of modules and of components, once for each time.
struct ComponentBody {
    let moduleInstances: [Int]
    let componentInstances: [Int]
}

/// A memory or table of a module, by the module's id.
struct FoundLimits {
    let limits: CoreLimits
    let module: Int
    let part: Int
}

extension Int {
    /// Of two numbers that are not negative.
    func saturatingAdd(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }

    /// Of two numbers that are not negative.
    func saturatingMultiply(_ other: Int) -> Int {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }
}
