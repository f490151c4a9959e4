/// What a component's bytes say about it, read to the last section and believed only so far: the
/// engine validates instructions, types and indices when it compiles.
public struct ComponentBinary: Sendable {
    /// Without its own bytes, which whoever called keeps.
    public let byteCount: Int
    /// In the order in which they stand.
    public let imports: [Import]
    public let exports: [Export]

    /// Once for each definition that is instantiated, however often.
    let memories: [LimitedDefinition]
    let tables: [LimitedDefinition]
    let parts: [Part]
    /// Of the outermost index space: imported, made, aliased and exported ones.
    let instanceIndexCount: Int
    /// Itself and nested ones counted.
    let moduleAndComponentCount: Int
    /// Of the outermost index space.
    let typeSources: [TypeSource]

    /// Core instances that instantiating it once makes, nested ones counted.
    public let coreInstanceCount: Int
    /// Component instances, itself counted.
    public let componentInstanceCount: Int

    /// Whether a module has tags or references to exceptions. Instructions alone are not seen.
    public let usesExceptions: Bool

    /// What an import or export is.
    public enum Kind: String, Sendable {
        case function, type, instance
    }

    /// Something that the component needs from outside.
    public struct Import: Sendable {
        public let name: ExternName
        /// The interface that a plainly named instance says it has.
        public let implemented: ExternName?
        public let kind: Kind
        /// Whether its type reaches a resource of the host or a shim.
        public let reachesHostResource: Bool
        /// Whether it's an interface of the host's or the shims', by its name or by what it implements.
        let isHosts: Bool
        /// Whether it holds types and nothing else, none of them a resource of somebody's: nobody has to provide it.
        public let isTypesAlone: Bool
        public let offset: Int

        /// Of an instance its type, and of a type the one that it equals: indices of the outermost space.
        let type: Int?
        /// Of an instance its index in the outermost space.
        let instance: Int?

        /// Whether the composer makes it, so that no manifest has to grant or link it.
        public var needsNobody: Bool { isTypesAlone && !isHosts }
    }

    /// Something that the component offers.
    public struct Export: Sendable {
        public let name: ExternName
        public let kind: Kind
        /// Whether its type can reach a resource of the host or a shim.
        public let reachesHostResource: Bool
        public let offset: Int
    }

    /// A section whose size changes when what it holds is rewritten.
    struct Part: Sendable {
        let size: SizeField
        /// The part around it, which stands before it in the list.
        let parent: Int?
    }

    /// A memory or a table, and how many of it one instantiation of the component makes.
    struct LimitedDefinition: Sendable {
        let limits: CoreLimits
        let instanceCount: Int
        let part: Int
    }

    /// Reads a component.
    ///
    /// Linear in the count of bytes, without copying any of them.
    ///
    /// - Parameters:
    ///   - bytes: The whole file.
    ///   - allowsExceptions: Whether tags and references to exceptions may occur; without, they are refused.
    /// - Throws: ``ComponentReadingError``, with the offset of the first fault.
    public init(decoding bytes: [UInt8], allowsExceptions: Bool = false) throws(ComponentReadingError) {
        try self.init(ComponentReader(bytes, allowsExceptions: allowsExceptions))
    }

    /// Reads the twin of a runtime.
    init(decoding bytes: [UInt8], importing runtime: RuntimeNotice) throws(ComponentReadingError) {
        try self.init(ComponentReader(twin: bytes, of: runtime))
    }

    private init(_ unread: ComponentReader) throws(ComponentReadingError) {
        var reader = unread
        let bytes = reader.cursor.bytes
        let maximum = ReaderLimits.maximumByteCount
        guard bytes.count <= maximum else { throw .tooLarge(found: bytes.count, maximum: maximum) }
        try reader.read()
        let multiplicity = Multiplicity(reader.bodies, moduleCount: reader.modules.count)

        byteCount = bytes.count
        imports = reader.imports
        exports = reader.exports
        parts = reader.parts
        instanceIndexCount = reader.instanceIndexCount
        moduleAndComponentCount = reader.moduleAndComponentCount
        typeSources = reader.typeSpace.sources
        usesExceptions = reader.cursor.hasExceptions
        memories = reader.memories.compactMap(multiplicity.counted)
        tables = reader.tables.compactMap(multiplicity.counted)
        coreInstanceCount = multiplicity.coreInstanceCount
        componentInstanceCount = multiplicity.componentInstanceCount

        for (found, maximum) in [
            (coreInstanceCount, ReaderLimits.maximumCoreInstanceCount),
            (componentInstanceCount, ReaderLimits.maximumComponentInstanceCount),
        ] where found > maximum {
            throw .tooManyInstances(found: found, maximum: maximum)
        }
    }
}
