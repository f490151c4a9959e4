/// Adds up what the engine's store must hold.
struct StoreBudget {
    private(set) var memoryByteCount = 0
    private var largestMemoryByteCount = 0
    private var largestTableElementCount = 0
    private var instanceCount = 0
    private var memoryCount = 0
    private var tableCount = 0

    /// Adds one instantiated component.
    mutating func add(_ binary: ComponentBinary, _ plan: MemoryPlan, byteCount: Int) {
        memoryByteCount += byteCount
        largestMemoryByteCount = max(largestMemoryByteCount, plan.largestMemoryPageCount * MemoryPlan.pageByteCount)
        largestTableElementCount = max(largestTableElementCount, plan.largestTableElementCount)
        // The engine joins components by adapter modules of its own, one instance a component at most.
        instanceCount += binary.coreInstanceCount + 2 * binary.componentInstanceCount
        memoryCount += plan.memoryCount
        tableCount += plan.tableCount
    }

    var limits: StoreLimits {
        StoreLimits(
            memoryBytes: largestMemoryByteCount, tableElements: largestTableElementCount,
            instances: instanceCount, tables: tableCount, memories: memoryCount)
    }
}
