// Types (Binary.md, "Type Definitions").
extension ComponentReader {
    /// One type, which the caller adds to the index space.
    mutating func readType() throws(ComponentReadingError) -> (shape: Shape, source: TypeSource) {
        let start = cursor.offset
        switch try cursor.peek() {
        case 0x3F:
            _ = try cursor.byte()
            try readResource()
            return (Shape(reach: []), .other)
        case 0x40:
            _ = try cursor.byte()
            return (Shape(reach: try readLabelled(.parameter).union(try readResult())), .other)
        case 0x41: throw .refused(.firstClassModules, offset: start)
        case 0x42:
            _ = try cursor.byte()
            return try readInstanceType()
        case 0x43: throw .refused(.async, offset: start)
        default:
            references = []
            let shape = Shape(reach: try readDefinedValueType())
            return (shape, .defined(start..<cursor.offset, references))
        }
    }

    /// Its representation is an i32, and it may name a destructor.
    private mutating func readResource() throws(ComponentReadingError) {
        let start = cursor.offset
        let representation = try cursor.byte()
        if representation == 0x7E { throw .refused(.memory64, offset: start) }
        guard representation == 0x7F else {
            throw .unknownByte(.valueType, offset: start, found: representation)
        }
        if try readFlag(.option) { _ = try cursor.unsigned() }
    }

    private mutating func readResult() throws(ComponentReadingError) -> Reach {
        let start = cursor.offset
        switch try cursor.byte() {
        case 0x00: return try readValueType()
        case 0x01:
            let start = cursor.offset
            let count = try cursor.byte()
            guard count == 0 else { throw .unknownByte(.result, offset: start, found: count) }
            return []
        case let code: throw .unknownByte(.result, offset: start, found: code)
        }
    }

    private mutating func readDefinedValueType() throws(ComponentReadingError) -> Reach {
        let start = cursor.offset
        switch try cursor.byte() {
        case 0x73...0x7F: return []
        case 0x72: return try readLabelled(.field)
        case 0x71: return try readCases()
        case 0x70, 0x6B: return try readValueType()
        case 0x6F:
            return try readUnion(of: .field) { reader throws(ComponentReadingError) in try reader.readValueType() }
        case 0x6E, 0x6D:
            return try readUnion(of: .name) { reader throws(ComponentReadingError) in
                try reader.cursor.name()
                return []
            }
        case 0x6A: return try readOptionalValueType().union(try readOptionalValueType())
        case 0x69, 0x68:
            return try readReference(isSigned: false)
        case 0x67: throw .refused(.fixedLengthLists, offset: start)
        case 0x66, 0x65: throw .refused(.async, offset: start)
        case 0x64: throw .refused(.errorContext, offset: start)
        case 0x63: throw .refused(.maps, offset: start)
        case let code: throw .unknownByte(.type, offset: start, found: code)
        }
    }

    /// A primitive type or the index of a type.
    private mutating func readValueType() throws(ComponentReadingError) -> Reach {
        let start = cursor.offset
        let code = try cursor.peek()
        switch code {
        case 0x73...0x7F:
            _ = try cursor.byte()
            return []
        case 0x64: throw .refused(.errorContext, offset: start)
        case 0x40...0x7F: throw .unknownByte(.valueType, offset: start, found: code)
        default: return try readReference(isSigned: true)
        }
    }

    /// The index of a type that exists.
    private mutating func readReference(isSigned: Bool) throws(ComponentReadingError) -> Reach {
        let start = cursor.offset
        let index = isSigned ? try cursor.typeIndex() : try cursor.unsigned()
        let shape = try element(\.types, index, .type, at: start)
        try noteReference(to: index, at: start, isSigned: isSigned)
        return shape.reach
    }

    private mutating func readOptionalValueType() throws(ComponentReadingError) -> Reach {
        try readFlag(.option) ? try readValueType() : []
    }

    /// 0 or 1.
    mutating func readFlag(_ construct: Construct) throws(ComponentReadingError) -> Bool {
        let start = cursor.offset
        let flag = try cursor.byte()
        guard flag <= 1 else { throw .unknownByte(construct, offset: start, found: flag) }
        return flag == 1
    }

    /// Pairs of a label and a type.
    private mutating func readLabelled(_ construct: Construct) throws(ComponentReadingError) -> Reach {
        try readUnion(of: construct) { reader throws(ComponentReadingError) in
            try reader.cursor.name()
            return try reader.readValueType()
        }
    }

    private mutating func readCases() throws(ComponentReadingError) -> Reach {
        try readUnion(of: .field) { reader throws(ComponentReadingError) in
            try reader.cursor.name()
            let reach = try reader.readOptionalValueType()
            let start = reader.cursor.offset
            let end = try reader.cursor.byte()
            guard end == 0 else { throw .unknownByte(.field, offset: start, found: end) }
            return reach
        }
    }

    private mutating func readUnion(
        of construct: Construct, _ element: (inout ComponentReader) throws(ComponentReadingError) -> Reach
    ) throws(ComponentReadingError) -> Reach {
        var union: Reach = []
        for _ in 0..<(try cursor.count(of: construct, maximum: ReaderLimits.maximumTypeCount)) {
            union.formUnion(try element(&self))
        }
        return union
    }

    // MARK: Instance types

    private mutating func readInstanceType() throws(ComponentReadingError) -> (shape: Shape, source: TypeSource) {
        let start = cursor.offset
        guard scopes.reversed().prefix(while: \.isType).count < ReaderLimits.maximumTypeDepth else {
            throw .tooDeep(offset: start, maximum: ReaderLimits.maximumTypeDepth)
        }
        scopes.append(Scope(isType: true))
        for _ in 0..<(try count(of: .declaration)) {
            let start = cursor.offset
            switch try cursor.byte() {
            case 0x00: throw .refused(.firstClassModules, offset: start)
            case 0x01:
                let (shape, source) = try readType()
                addType(shape, source)
            case 0x02: try readAlias()
            case 0x04: try readExportDeclaration()
            case let code: throw .unknownByte(.declaration, offset: start, found: code)
            }
        }
        let scope = scopes.removeLast()
        let types = scope.types.reduce(into: Reach()) { $0.formUnion($1.reach) }
        // Its own open resources are its user's to supply; what it took from outside is settled.
        return (Shape(exports: scope.exports, reach: types.subtracting(.parameter)), scope.interfaceSource)
    }

    private mutating func readExportDeclaration() throws(ComponentReadingError) {
        let start = cursor.offset
        let name = try readExternName().name
        let item = try readExternType(openBy: .parameter)
        try scope.exports.add(name.description, item.shape, at: start)
        if item.kind == .type {
            scope.exportedTypes.append((name.description, scope.typeSpace.count - 1))
        } else {
            scope.exportsOthers = true
        }
    }

    /// What an import or an export declaration is, added to its index space.
    ///
    /// - Parameter origin: Who supplies the resources that the type leaves open.
    mutating func readExternType(
        openBy origin: Reach
    ) throws(ComponentReadingError) -> ExternItem {
        let start = cursor.offset
        switch try cursor.byte() {
        case 0x00, 0x04: throw .refused(.firstClassModules, offset: start)
        case 0x01:
            let function = try element(\.types, try cursor.unsigned(), .type, at: start)
            scope.functions.append(function)
            return ExternItem(kind: .function, shape: function, type: nil)
        case 0x02: throw .refused(.componentValues, offset: start)
        case 0x03:
            if try readFlag(.externType) {
                addType(Shape(reach: origin), .other)
                return ExternItem(kind: .type, shape: Shape(reach: origin), type: nil)
            }
            let index = try cursor.unsigned()
            let type = try element(\.types, index, .type, at: start)
            addType(type, .same(index))
            return ExternItem(kind: .type, shape: type, type: index)
        case 0x05:
            let index = try cursor.unsigned()
            let type = try element(\.types, index, .type, at: start)
            guard type.isInstance else { throw .kindDiffers(expected: .instanceType, offset: start) }
            let instance = type.supplied(by: origin)
            scope.instances.append(instance)
            return ExternItem(kind: .instance, shape: instance, type: index)
        case let code: throw .unknownByte(.externType, offset: start, found: code)
        }
    }
}
