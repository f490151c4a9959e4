internal import Commitments
internal import WorkerJob

/// Adds up what the engine's store must hold.
struct StoreBudget {
    private var ownByteCount = 0
    /// Whether one of the components may throw: the engine then has a heap of its own for what is thrown, which grows
    /// as far as a memory may.
    private(set) var hasExceptions = false
    /// In the order of instantiation.
    private(set) var memoryOwners: [MemoryOwner] = []
    private var largestMemoryByteCount = 0
    private var largestTableElementCount = 0
    private var instanceCount = 0
    private var memoryCount = 0
    /// The composed component and all that is embedded in it.
    private(set) var moduleAndComponentCount = 1
    private var tableCount = 0

    /// Adds one instantiated component, in the order in which they are.
    ///
    /// - Parameter component: `nil` for a shim.
    mutating func add(_ binary: ComponentBinary, _ plan: MemoryPlan, byteCount: Int, of component: Component?) {
        memoryOwners.append(
            MemoryOwner(
                component: component, memoryCount: plan.memoryCount,
                ownMaxima: Set(binary.memories.compactMap(\.limits.maximum))))
        moduleAndComponentCount += binary.moduleAndComponentCount
        ownByteCount += byteCount
        if component?.mayThrow == true { hasExceptions = true }
        largestMemoryByteCount = max(largestMemoryByteCount, plan.largestMemoryPageCount * MemoryPlan.pageByteCount)
        largestTableElementCount = max(largestTableElementCount, plan.largestTableElementCount)
        // The engine joins components by adapter modules of its own, one instance a component at most.
        instanceCount += binary.coreInstanceCount + 2 * binary.componentInstanceCount
        memoryCount += plan.memoryCount
        tableCount += plan.tableCount
    }

    var memoryByteCount: Int { ownByteCount + (hasExceptions ? largestMemoryByteCount : 0) }

    var limits: StoreLimits {
        StoreLimits(
            memoryBytes: largestMemoryByteCount, tableElements: largestTableElementCount,
            instances: instanceCount, tables: tableCount, memories: memoryCount)
    }
}
