/// Reads a component binary (Component Model, design/mvp/Binary.md): every section of it and of all
/// that lies inside. What is unknown or kept out ends the reading; nothing is passed over.
struct ComponentReader {
    typealias Construct = ComponentReadingError.Construct

    var cursor: ByteCursor
    /// The innermost scope is the last.
    var scopes: [Scope] = []
    private var componentItemsLeft = ReaderLimits.maximumComponentItemCount
    private var nameBytesLeft = ReaderLimits.maximumExternNameByteSum

    private(set) var parts: [ComponentBinary.Part] = []
    private(set) var modules: [CoreModule] = []
    private(set) var memories: [FoundLimits] = []
    private(set) var tables: [FoundLimits] = []
    /// In the order in which components ended.
    private(set) var bodies: [ComponentBody] = []
    /// Of the component that ended last.
    private(set) var instanceIndexCount = 0
    /// The types of the component that ended last.
    private(set) var typeSpace = TypeSpace()
    /// Of the type that is being read.
    var references: [TypeReference] = []
    var referencesLeft = ReaderLimits.maximumComponentItemCount
    private(set) var moduleAndComponentCount = 0
    var imports: [ComponentBinary.Import] = []
    var importNames: Set<ExternName> = []
    var exports: [ComponentBinary.Export] = []

    /// Of a twin, whose next core type is that of the one module that it may import.
    private var runtime: RuntimeNotice?
    /// Whether that type was just read, so that its import comes next.
    private var expectsModule = false

    init(twin bytes: [UInt8], of runtime: RuntimeNotice) {
        self.init(bytes, allowsExceptions: false)
        self.runtime = runtime
    }

    init(_ bytes: [UInt8], allowsExceptions: Bool) {
        cursor = ByteCursor(bytes, allowsExceptions: allowsExceptions)
    }

    /// Reads the whole binary as one component.
    mutating func read() throws(ComponentReadingError) {
        _ = try readComponent(part: nil)
    }

    // MARK: Scopes

    /// The component that is being read, and not one inside another.
    var isOutermost: Bool { scopes.count == 1 }

    var scope: Scope {
        get { scopes[scopes.count - 1] }
        _modify { yield &scopes[scopes.count - 1] }
    }

    func element<Element>(
        _ space: KeyPath<Scope, [Element]>, _ index: Int, _ construct: Construct, at offset: Int
    ) throws(ComponentReadingError) -> Element {
        let elements = scopes[scopes.count - 1][keyPath: space]
        guard index < elements.count else { throw .indexOutOfRange(construct, offset: offset) }
        return elements[index]
    }

    /// The count of a vector of things that are kept in memory.
    mutating func count(of construct: Construct) throws(ComponentReadingError) -> Int {
        let start = cursor.offset
        let count = try cursor.count(of: construct, maximum: ReaderLimits.maximumComponentItemCount)
        guard count <= componentItemsLeft else {
            let maximum = ReaderLimits.maximumComponentItemCount
            throw .tooMany(construct, offset: start, found: maximum - componentItemsLeft + count, maximum: maximum)
        }
        componentItemsLeft -= count
        return count
    }

    /// Takes from the bound on all names that are kept in memory.
    mutating func spendName(_ byteCount: Int, at start: Int) throws(ComponentReadingError) {
        guard byteCount <= nameBytesLeft else {
            let maximum = ReaderLimits.maximumExternNameByteSum
            throw .tooMany(.name, offset: start, found: maximum - nameBytesLeft + byteCount, maximum: maximum)
        }
        nameBytesLeft -= byteCount
    }

    // MARK: Sections

    /// Reads to the cursor's end.
    private mutating func readComponent(part: Int?) throws(ComponentReadingError) -> DefinedComponent {
        let start = cursor.offset
        let depth = scopes.count
        guard depth < ReaderLimits.maximumComponentDepth else {
            throw .tooDeep(offset: start, maximum: ReaderLimits.maximumComponentDepth)
        }
        guard try Array(cursor.bytes[cursor.skip(4)]) == Preamble.magic else { throw .notWebAssembly }
        let version = try Array(cursor.bytes[cursor.skip(4)])
        if version == Preamble.module, depth == 0 { throw .coreModule }
        guard version == Preamble.component else { throw .unknownVersion(offset: start + 4) }

        try countModuleOrComponent(at: start)
        scopes.append(Scope(isType: false, part: part))
        while !cursor.isAtEnd {
            let start = cursor.offset
            try cursor.spend(1, at: start)
            let id = try cursor.byte()
            let size = try cursor.size()
            let outerEnd = try cursor.enter(size.contentByteCount)
            try readSection(id, at: start, size: size)
            try cursor.leave(to: outerEnd)
            let maximum = ReaderLimits.maximumInstanceIndexCount
            guard scope.instanceCount <= maximum else {
                throw .tooMany(.instance, offset: start, found: scope.instanceCount, maximum: maximum)
            }
        }
        let scope = scopes.removeLast()
        instanceIndexCount = scope.instances.count
        typeSpace = scope.typeSpace
        bodies.append(
            ComponentBody(moduleInstances: scope.moduleInstances, componentInstances: scope.componentInstances))
        return DefinedComponent(id: bodies.count - 1, exports: scope.exports)
    }

    private mutating func readSection(_ id: UInt8, at start: Int, size: SizeField) throws(ComponentReadingError) {
        switch id {
        case 0:
            try cursor.name()
            cursor.skipRest()
        case 1: try readModule(size, at: start)
        case 2: try readEach(.coreInstance) { reader throws(ComponentReadingError) in try reader.readCoreInstance() }
        case 3: try readModuleType(at: start)
        case 4:
            parts.append(ComponentBinary.Part(size: size, parent: scope.part))
            let component = try readComponent(part: parts.count - 1)
            scope.components.append(component)
        case 5: try readEach(.instance) { reader throws(ComponentReadingError) in try reader.readInstance() }
        case 6: try readEach(.alias) { reader throws(ComponentReadingError) in try reader.readAlias() }
        case 7:
            try readEach(.type) { reader throws(ComponentReadingError) in
                let (shape, source) = try reader.readType()
                reader.addType(shape, source)
            }
        case 8: try readEach(.canonicalFunction) { reader throws(ComponentReadingError) in try reader.readCanonical() }
        case 9: throw .refused(.componentStart, offset: start)
        case 10 where expectsModule: try importModule(at: start)
        case 10: try readEach(.imported) { reader throws(ComponentReadingError) in try reader.readImport() }
        case 11: try readEach(.export) { reader throws(ComponentReadingError) in try reader.readExport() }
        case 12: throw .refused(.componentValues, offset: start)
        default: throw .unknownByte(.section, offset: start, found: id)
        }
    }

    private mutating func readEach(
        _ construct: Construct, _ body: (inout ComponentReader) throws(ComponentReadingError) -> Void
    ) throws(ComponentReadingError) {
        for _ in 0..<(try count(of: construct)) { try body(&self) }
    }

    private mutating func countModuleOrComponent(at start: Int) throws(ComponentReadingError) {
        moduleAndComponentCount += 1
        let maximum = ReaderLimits.maximumModuleAndComponentCount
        guard moduleAndComponentCount <= maximum else {
            throw .tooMany(.moduleOrComponent, offset: start, found: moduleAndComponentCount, maximum: maximum)
        }
    }

    /// The engine holds the type against the module.
    private mutating func readModuleType(at start: Int) throws(ComponentReadingError) {
        guard runtime != nil, isOutermost, !expectsModule else { throw .refused(.firstClassModules, offset: start) }
        cursor.skipRest()
        expectsModule = true
    }

    /// ``RuntimeTwin`` has seen that the section holds nothing else.
    private mutating func importModule(at start: Int) throws(ComponentReadingError) {
        guard let runtime, isOutermost else { throw .refused(.firstClassModules, offset: start) }
        try countModuleOrComponent(at: start)
        cursor.skipRest()
        (self.runtime, expectsModule) = (nil, false)
        // No limits of the module are rewritten: it has no memory of its own, and tables that do not grow.
        let limits = runtime.tables.map { CoreLimits(minimum: $0, maximum: $0, range: start..<start) }
        modules.append(CoreModule(tables: limits))
        scope.modules.append(modules.count - 1)
        tables += limits.map { FoundLimits(limits: $0, module: modules.count - 1, part: 0) }
    }

    private mutating func readModule(_ size: SizeField, at start: Int) throws(ComponentReadingError) {
        try countModuleOrComponent(at: start)
        var reader = ModuleReader(cursor)
        let module = try reader.read()
        cursor = reader.cursor

        let id = modules.count
        modules.append(module)
        scope.modules.append(id)
        guard !module.memories.isEmpty || !module.tables.isEmpty else { return }
        parts.append(ComponentBinary.Part(size: size, parent: scope.part))
        let modulePart = parts.count - 1
        if let section = module.tableSection {
            tables += found(module.tables, in: section, of: id, modulePart)
        }
        if let section = module.memorySection {
            memories += found(module.memories, in: section, of: id, modulePart)
        }
    }

    private mutating func found(
        _ limits: [CoreLimits], in section: SizeField, of module: Int, _ modulePart: Int
    ) -> [FoundLimits] {
        parts.append(ComponentBinary.Part(size: section, parent: modulePart))
        return limits.map { FoundLimits(limits: $0, module: module, part: parts.count - 1) }
    }
}
