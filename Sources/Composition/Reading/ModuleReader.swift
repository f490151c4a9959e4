/// Reads one core module (WebAssembly 2.0, section 5.5): every section and every field, except the
/// instructions of functions, which the engine validates.
struct ModuleReader {
    var cursor: ByteCursor
    private var module = CoreModule()
    private var memoryCount = 0
    private var tableCount = 0

    init(_ cursor: ByteCursor) {
        self.cursor = cursor
    }

    /// Section ids in the order that they must have. Tags (13) follow memories.
    private static let order: [UInt8] = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11]

    /// Reads to the cursor's end.
    mutating func read() throws(ComponentReadingError) -> CoreModule {
        let start = cursor.offset
        guard try Array(cursor.bytes[cursor.skip(4)]) == Preamble.magic else { throw .notWebAssembly }
        guard try Array(cursor.bytes[cursor.skip(4)]) == Preamble.module else {
            throw .unknownVersion(offset: start + 4)
        }
        var rank = -1
        while !cursor.isAtEnd {
            let start = cursor.offset
            try cursor.spend(1, at: start)
            let id = try cursor.byte()
            let size = try cursor.size()
            let outerEnd = try cursor.enter(size.contentByteCount)
            if id == 0 {
                try cursor.name()
                cursor.skipRest()
            } else {
                if id == 13 { try cursor.noteExceptions(at: start) }
                guard let next = Self.order.firstIndex(of: id) else {
                    throw .unknownByte(.section, offset: start, found: id)
                }
                guard next > rank else { throw .sectionOutOfOrder(offset: start) }
                rank = next
                try readSection(id, size: size)
            }
            try cursor.leave(to: outerEnd)
        }
        return module
    }

    private mutating func readSection(_ id: UInt8, size: SizeField) throws(ComponentReadingError) {
        switch id {
        case 1: try readTypes()
        case 2: try readImports()
        case 3: try readFunctions()
        case 4:
            module.tableSection = size
            try readTables()
        case 5:
            module.memorySection = size
            try readMemories()
        case 13: try readTags()
        case 6: try readGlobals()
        case 7: try readExports()
        case 8, 12: _ = try cursor.unsigned()
        case 9: try readElements()
        case 10: try readCode()
        default: try readData()
        }
    }

    private mutating func readImports() throws(ComponentReadingError) {
        for _ in 0..<(try cursor.count(of: .imported, maximum: ReaderLimits.maximumFunctionCount)) {
            try cursor.name()
            try cursor.name()
            let start = cursor.offset
            switch try cursor.byte() {
            case 0x00: _ = try cursor.unsigned()
            case 0x01: _ = try tableType()
            case 0x02: _ = try memoryType()
            case 0x03: try readGlobalType()
            case 0x04: try cursor.readTagType()
            case 0x7E, 0x7F: throw .refused(.compactImports, offset: start)
            case let code: throw .unknownByte(.imported, offset: start, found: code)
            }
        }
    }

    private mutating func readFunctions() throws(ComponentReadingError) {
        for _ in 0..<(try cursor.count(of: .function, maximum: ReaderLimits.maximumFunctionCount)) {
            _ = try cursor.unsigned()
        }
    }

    private mutating func readTables() throws(ComponentReadingError) {
        for _ in 0..<(try cursor.count(of: .table, maximum: ReaderLimits.maximumTableCount)) {
            // 0x40 0x00 begins a table with an initial value (function references proposal).
            if try cursor.peek() == 0x40 { throw .refused(.functionReferences, offset: cursor.offset) }
            module.tables.append(try tableType())
        }
    }

    private mutating func readMemories() throws(ComponentReadingError) {
        let start = cursor.offset
        for _ in 0..<(try cursor.count(of: .memory, maximum: ReaderLimits.maximumTableCount)) {
            module.memories.append(try memoryType())
        }
        guard module.memories.count <= 1 else { throw .refused(.multipleMemories, offset: start) }
    }

    private mutating func readTags() throws(ComponentReadingError) {
        for _ in 0..<(try cursor.count(of: .tag, maximum: ReaderLimits.maximumTypeCount)) { try cursor.readTagType() }
    }

    private mutating func readGlobals() throws(ComponentReadingError) {
        for _ in 0..<(try cursor.count(of: .global, maximum: ReaderLimits.maximumFunctionCount)) {
            try readGlobalType()
            try cursor.readConstantExpression()
        }
    }

    private mutating func readGlobalType() throws(ComponentReadingError) {
        try cursor.readValueType()
        let start = cursor.offset
        let mutability = try cursor.byte()
        guard mutability <= 1 else { throw .unknownByte(.mutability, offset: start, found: mutability) }
    }

    private mutating func readExports() throws(ComponentReadingError) {
        for _ in 0..<(try cursor.count(of: .export, maximum: ReaderLimits.maximumFunctionCount)) {
            try cursor.name()
            let start = cursor.offset
            let kind = try cursor.byte()
            if kind == 4 { try cursor.noteExceptions(at: start) }
            guard kind <= 4 else { throw .unknownByte(.export, offset: start, found: kind) }
            _ = try cursor.unsigned()
        }
    }

    private mutating func readCode() throws(ComponentReadingError) {
        for _ in 0..<(try cursor.count(of: .function, maximum: ReaderLimits.maximumFunctionCount)) {
            try cursor.skip(try cursor.unsigned())
        }
    }

    /// A table's type. 10,000,000 tables of one module would be as many as their elements.
    private mutating func tableType() throws(ComponentReadingError) -> CoreLimits {
        let start = cursor.offset
        try cursor.readReferenceType()
        tableCount += 1
        let maximum = ReaderLimits.maximumTableCount
        guard tableCount <= maximum else {
            throw .tooMany(.table, offset: start, found: tableCount, maximum: maximum)
        }
        return try cursor.limits()
    }

    private mutating func memoryType() throws(ComponentReadingError) -> CoreLimits {
        let start = cursor.offset
        memoryCount += 1
        guard memoryCount == 1 else { throw .refused(.multipleMemories, offset: start) }
        let limits = try cursor.limits()
        guard max(limits.minimum, limits.maximum ?? 0) <= ReaderLimits.maximumMemoryPageCount else {
            throw .invalidLimits(offset: start)
        }
        return limits
    }
}

// Types and segments.
extension ModuleReader {
    private mutating func readTypes() throws(ComponentReadingError) {
        for _ in 0..<(try cursor.count(of: .type, maximum: ReaderLimits.maximumTypeCount)) {
            let start = cursor.offset
            switch try cursor.byte() {
            case 0x60:
                for construct in [ComponentReadingError.Construct.parameter, .result] {
                    for _ in 0..<(try cursor.count(of: construct, maximum: ReaderLimits.maximumParameterCount)) {
                        try cursor.readValueType()
                    }
                }
            case 0x4C, 0x4D, 0x4E, 0x4F, 0x50, 0x5E, 0x5F: throw .refused(.garbageCollection, offset: start)
            case 0x5D: throw .refused(.stackSwitching, offset: start)
            case 0x65: throw .refused(.threads, offset: start)
            case let code: throw .unknownByte(.type, offset: start, found: code)
            }
        }
    }

    /// Bit 0: passive or declarative; bit 1: an explicit table, or declarative; bit 2: expressions.
    private mutating func readElements() throws(ComponentReadingError) {
        for _ in 0..<(try cursor.count(of: .element, maximum: ReaderLimits.maximumSegmentCount)) {
            let start = cursor.offset
            let flags = try cursor.unsigned()
            guard flags <= 7 else {
                throw .unknownByte(.element, offset: start, found: UInt8(truncatingIfNeeded: flags))
            }
            if flags & 1 == 0 {
                if flags & 2 != 0 { _ = try cursor.unsigned() }
                try cursor.readConstantExpression()
            }
            if flags & 3 != 0 {
                if flags & 4 != 0 { try cursor.readReferenceType() } else { try readElementKind() }
            }
            for _ in 0..<(try cursor.count(of: .element, maximum: ReaderLimits.maximumItemCount)) {
                if flags & 4 != 0 { try cursor.readConstantExpression() } else { _ = try cursor.unsigned() }
            }
        }
    }

    private mutating func readElementKind() throws(ComponentReadingError) {
        let start = cursor.offset
        let kind = try cursor.byte()
        guard kind == 0 else { throw .unknownByte(.element, offset: start, found: kind) }
    }

    private mutating func readData() throws(ComponentReadingError) {
        for _ in 0..<(try cursor.count(of: .data, maximum: ReaderLimits.maximumSegmentCount)) {
            let start = cursor.offset
            let flags = try cursor.unsigned()
            guard flags <= 2 else { throw .unknownByte(.data, offset: start, found: UInt8(truncatingIfNeeded: flags)) }
            if flags == 2, try cursor.unsigned() != 0 { throw .refused(.multipleMemories, offset: start) }
            if flags != 1 { try cursor.readConstantExpression() }
            try cursor.skip(try cursor.unsigned())
        }
    }
}

/// The first eight bytes of modules and components: a magic number, then version and layer.
enum Preamble {
    static let magic: [UInt8] = [0x00, 0x61, 0x73, 0x6D]
    static let module: [UInt8] = [0x01, 0x00, 0x00, 0x00]
    static let component: [UInt8] = [0x0D, 0x00, 0x01, 0x00]
}
