public import Commitments
public import WorkerJob

/// Whose linear memories stand next in the order in which the engine makes them.
struct MemoryOwner: Sendable {
    /// `nil` for a shim.
    let component: Component?
    let memoryCount: Int
    /// Maxima that the component's own modules declare. Reaching one of these says nothing of the manifest's bound.
    let ownMaxima: Set<Int>
}

/// How much memory a component had, at the end of a rehearsal.
public struct ComponentMemory: Equatable, Sendable {
    public let component: Name
    /// Of all its linear memories together, as large as they became.
    public let peakBytes: Int
    public let memoryMiB: Int
    /// Whether one of them could not grow any more under the manifest's `memoryMiB`.
    public let reachedBound: Bool
}

extension ComposedBinary {
    /// The memories that components and shims make: all, less the engine's heap for what is thrown. That one the engine
    /// makes when something is first thrown, as the only memory without a bound of its own.
    private func own(_ memories: [MemoryReport.Memory]) -> [MemoryReport.Memory]? {
        let count = memoryOwners.reduce(0) { $0 + $1.memoryCount }
        guard memories.count != count else { return memories }
        let unbounded = memories.indices.filter { memories[$0].maximumPageCount == ReaderLimits.maximumMemoryPageCount }
        guard plainModules != nil, memories.count == count + 1, unbounded.count == 1 else { return nil }
        var own = memories
        own.remove(at: unbounded[0])
        return own
    }

    /// What each component's memories came to, in the order of the manifest's links: exporters first.
    ///
    /// - Returns: `nil` where the report is not of this binary's instantiation, whole.
    public func memories(in report: MemoryReport) -> [ComponentMemory]? {
        guard var rest = own(report.memories)?[...] else { return nil }
        var found: [ComponentMemory] = []
        for owner in memoryOwners {
            let own = rest.prefix(owner.memoryCount)
            rest = rest.dropFirst(owner.memoryCount)
            guard let component = owner.component else { continue }
            found.append(
                ComponentMemory(
                    component: component.name,
                    peakBytes: own.reduce(0) { $0 + $1.pageCount * MemoryPlan.pageByteCount },
                    memoryMiB: component.memoryMiB,
                    reachedBound: own.contains {
                        $0.pageCount == $0.maximumPageCount && !owner.ownMaxima.contains($0.maximumPageCount)
                    }))
        }
        return found
    }
}
