/// How a component's memory cap is divided among the memories and tables of all its instances.
///
/// The rule, so that a provider can foresee it:
///
/// 1. A table may grow by ``tableGrowth`` elements beyond its minimum, or to its own maximum if that
///    is less. Each element is counted with 8 bytes.
/// 2. Each memory gets its minimum. If tables and minima exceed the cap, the component is refused.
/// 3. Tables that may grow further share a 64th of what is left, or all of it where there is no memory.
/// 4. What is left then is for memories. Every instance of every memory gets an equal share of it, except
///    that one which declares a smaller maximum keeps that, and the others share what it leaves. A
///    component with one memory thus gets its whole cap for it, tables apart.
///
/// The maxima in the binary are then rewritten, so that the engine holds what was planned.
struct MemoryPlan: Sendable {
    static let tableGrowth = 1_024
    private static let tableShare = 64
    static let tableElementByteCount = 8
    static let pageByteCount = 65_536

    /// New limits, in the order of their place in the binary.
    let edits: [LimitsEdit]
    /// Pages of the largest memory, and elements of the largest table.
    let largestMemoryPageCount: Int
    let largestTableElementCount: Int
    let memoryCount: Int
    let tableCount: Int

    /// What the component cannot do without, in bytes: tables as above, and the minima of its memories.
    static func leastByteCount(of binary: ComponentBinary) -> Int {
        let tables = binary.tables.reduce(0) { sum, table in
            let bytes = plannedMaximum(of: table.limits).saturatingMultiply(tableElementByteCount)
            return sum.saturatingAdd(bytes.saturatingMultiply(table.instanceCount))
        }
        return binary.memories.reduce(tables) { sum, memory in
            let bytes = memory.limits.minimum * pageByteCount
            return sum.saturatingAdd(bytes.saturatingMultiply(memory.instanceCount))
        }
    }

    /// Plans for `byteCount` bytes, or returns `nil` where they do not suffice.
    init?(_ binary: ComponentBinary, byteCount: Int) {
        let least = Self.leastByteCount(of: binary)
        guard least <= byteCount else { return nil }
        let left = byteCount - least
        let tableBytes = Self.tableBytes(binary, from: left)
        let tables = Self.tableMaxima(binary.tables, sharing: tableBytes / Self.tableElementByteCount)
        let memories = Self.memoryMaxima(binary.memories, sharing: (left - tableBytes) / Self.pageByteCount)

        edits = (memories + tables).compactMap { definition, maximum in
            guard maximum != definition.limits.maximum else { return nil }
            return LimitsEdit(limits: definition.limits, maximum: maximum, part: definition.part)
        }.sorted { $0.limits.range.lowerBound < $1.limits.range.lowerBound }
        largestMemoryPageCount = memories.map(\.1).max() ?? 0
        largestTableElementCount = tables.map(\.1).max() ?? 0
        memoryCount = binary.memories.reduce(0) { $0.saturatingAdd($1.instanceCount) }
        tableCount = binary.tables.reduce(0) { $0.saturatingAdd($1.instanceCount) }
    }

    private static func plannedMaximum(of table: CoreLimits) -> Int {
        min(table.maximum ?? .max, table.minimum + tableGrowth)
    }

    private static func mayGrowFurther(_ table: ComponentBinary.LimitedDefinition) -> Bool {
        plannedMaximum(of: table.limits) < table.limits.maximum ?? .max
    }

    /// What tables may take of what is left for growth.
    private static func tableBytes(_ binary: ComponentBinary, from left: Int) -> Int {
        guard binary.tables.contains(where: mayGrowFurther) else { return 0 }
        return binary.memories.isEmpty ? left : left / tableShare
    }

    private static func tableMaxima(
        _ tables: [ComponentBinary.LimitedDefinition], sharing elements: Int
    ) -> [(ComponentBinary.LimitedDefinition, Int)] {
        let instances = tables.filter(mayGrowFurther).reduce(0) { $0 + $1.instanceCount }
        return tables.map { table in
            let planned = plannedMaximum(of: table.limits)
            guard mayGrowFurther(table) else { return (table, planned) }
            return (table, min(table.limits.maximum ?? .max, planned + elements / instances))
        }
    }

    /// Shares pages, the most modest memory first, so that what it leaves goes to the others.
    private static func memoryMaxima(
        _ memories: [ComponentBinary.LimitedDefinition], sharing pages: Int
    ) -> [(ComponentBinary.LimitedDefinition, Int)] {
        var pages = pages
        var instances = memories.reduce(0) { $0 + $1.instanceCount }
        let ordered = memories.sorted {
            ($0.limits.growth, $0.limits.range.lowerBound) < ($1.limits.growth, $1.limits.range.lowerBound)
        }
        return ordered.map { memory in
            let growth = min(memory.limits.growth, pages / instances)
            pages -= growth * memory.instanceCount
            instances -= memory.instanceCount
            return (memory, memory.limits.minimum + growth)
        }
    }
}

extension CoreLimits {
    /// Pages that a memory could gain.
    fileprivate var growth: Int { (maximum ?? ReaderLimits.maximumMemoryPageCount) - minimum }
}

/// One memory's or table's new maximum.
struct LimitsEdit: Sendable {
    let limits: CoreLimits
    let maximum: Int
    /// The section that holds it.
    let part: Int
}
