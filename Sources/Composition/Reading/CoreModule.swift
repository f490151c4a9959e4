/// What one core module defines that costs memory when it is instantiated.
struct CoreModule: Equatable, Sendable {
    var memories: [CoreLimits] = []
    var tables: [CoreLimits] = []
    /// The sizes of the two sections above, for whoever rewrites their limits.
    var memorySection: SizeField?
    var tableSection: SizeField?
}

/// The limits of one memory, in pages, or of one table, in elements.
struct CoreLimits: Equatable, Sendable {
    let minimum: Int
    let maximum: Int?
    /// The bytes of flags, minimum and maximum.
    let range: Range<Int>
}
