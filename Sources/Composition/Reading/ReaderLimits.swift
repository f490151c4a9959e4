internal import WorkerJob

/// Everything that the reader bounds, in one place. All input is hostile: a count is compared with
/// its bound, and with the bytes that are left, before anything is done with it.
public enum ReaderLimits {
    /// Bytes of a whole component: as many as a manifest can allow one.
    public static let maximumByteCount = 256 << 20

    /// Components inside components.
    public static let maximumComponentDepth = 16

    /// Instance types inside instance types.
    public static let maximumTypeDepth = 16

    /// Instances that export instances, level by level.
    public static let maximumExportDepth = 64

    /// Elements of all vectors, and sections, of a whole binary, function bodies counted as one each.
    static let maximumItemCount = 4_000_000

    /// Definitions, declarations, imports, exports and arguments of all components of a binary.
    /// Each costs the reader some hundred bytes, so this bounds its memory.
    static let maximumComponentItemCount = 60_000

    /// Bytes of one import's or export's name, versions and brackets included.
    static let maximumExternNameByteCount = 512

    /// Bytes of all such names together, which are kept in memory.
    static let maximumExternNameByteSum = 2 << 20

    /// Bytes of any other name. Symbols of C++ are long.
    static let maximumNameByteCount = 16_384

    /// Instances in the index spaces of one component, core instances counted: the engine's own bound.
    public static let maximumInstanceIndexCount = 4_096

    /// Core modules and components of a whole binary, itself and nested ones counted: the engine's own bound too.
    public static let maximumModuleAndComponentCount = 1_000

    /// Core instances that instantiating the component once makes, nested ones counted.
    public static let maximumCoreInstanceCount = 4_096

    /// Component instances that instantiating the component once makes, itself counted.
    public static let maximumComponentInstanceCount = 4_096

    /// Pages of 64 KiB that a 32-bit memory can have.
    static let maximumMemoryPageCount = MemoryReport.maximumPageCount

    static let maximumTypeCount = 200_000
    static let maximumFunctionCount = 1_000_000
    static let maximumParameterCount = 1_000
    static let maximumTableCount = 100
    static let maximumSegmentCount = 100_000
    static let maximumConstantInstructionCount = 64
    static let maximumCanonicalOptionCount = 10
    static let maximumAttributeCount = 3
}
