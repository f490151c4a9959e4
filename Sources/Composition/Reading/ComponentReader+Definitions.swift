// Instances, aliases, canonical functions, imports and exports (Binary.md, the sections so named).
extension ComponentReader {
    // MARK: Instances

    mutating func readCoreInstance() throws(ComponentReadingError) {
        scope.coreInstanceCount += 1
        let start = cursor.offset
        switch try cursor.byte() {
        case 0x00:
            let module = try element(\.modules, try cursor.unsigned(), .module, at: start)
            scope.moduleInstances.append(module)
            for _ in 0..<(try cursor.count(of: .argument, maximum: ReaderLimits.maximumFunctionCount)) {
                try cursor.name()
                let start = cursor.offset
                let sort = try cursor.byte()
                guard sort == 0x12 else { throw .unknownByte(.argument, offset: start, found: sort) }
                _ = try cursor.unsigned()
            }
        case 0x01:
            for _ in 0..<(try cursor.count(of: .export, maximum: ReaderLimits.maximumFunctionCount)) {
                try cursor.name()
                try readCoreSort()
                _ = try cursor.unsigned()
            }
        case let code: throw .unknownByte(.coreInstance, offset: start, found: code)
        }
    }

    /// A function, table, memory or global.
    private mutating func readCoreSort() throws(ComponentReadingError) {
        let start = cursor.offset
        let sort = try cursor.byte()
        if sort == 4 { try cursor.noteExceptions(at: start) }
        guard sort <= 4 else { throw .unknownByte(.sort, offset: start, found: sort) }
    }

    mutating func readInstance() throws(ComponentReadingError) {
        let start = cursor.offset
        switch try cursor.byte() {
        case 0x00:
            let component = try element(\.components, try cursor.unsigned(), .component, at: start)
            scope.componentInstances.append(component.id)
            var supplied: Reach = []
            for _ in 0..<(try count(of: .argument)) {
                _ = try readName()
                supplied.formUnion(try readItem().shape.reach)
            }
            scope.instances.append(Shape(exports: component.exports).supplied(by: supplied))
        case 0x01:
            var exports = Shape.Exports()
            for _ in 0..<(try count(of: .export)) {
                let start = cursor.offset
                let name = try readExternName().name
                let shape = try readItem().shape
                try exports.add(name.description, shape, at: start)
            }
            scope.instances.append(Shape(exports: exports))
        case let code: throw .unknownByte(.instance, offset: start, found: code)
        }
    }

    /// A sort and an index: a function, type or instance that exists.
    private mutating func readItem() throws(ComponentReadingError) -> (kind: ComponentBinary.Kind, shape: Shape) {
        let start = cursor.offset
        switch try readSort() {
        case .function: return (.function, try element(\.functions, try cursor.unsigned(), .function, at: start))
        case .type: return (.type, try element(\.types, try cursor.unsigned(), .type, at: start))
        case .instance: return (.instance, try element(\.instances, try cursor.unsigned(), .instance, at: start))
        }
    }

    private mutating func readSort() throws(ComponentReadingError) -> ComponentBinary.Kind {
        let start = cursor.offset
        switch try cursor.byte() {
        case 0x00, 0x04: throw .refused(.firstClassModules, offset: start)
        case 0x01: return .function
        case 0x02: throw .refused(.componentValues, offset: start)
        case 0x03: return .type
        case 0x05: return .instance
        case let code: throw .unknownByte(.sort, offset: start, found: code)
        }
    }

    private mutating func append(_ shape: Shape, as kind: ComponentBinary.Kind) {
        switch kind {
        case .function: scope.functions.append(shape)
        case .type: addType(shape, .other)
        case .instance: scope.instances.append(shape)
        }
    }

    // MARK: Aliases

    /// The sort stands before the target that says which sorts there can be.
    mutating func readAlias() throws(ComponentReadingError) {
        let start = cursor.offset
        let sort = try cursor.byte()
        let coreSort = sort == 0 ? try cursor.byte() : nil
        let target = cursor.offset
        switch (try cursor.byte(), sort, coreSort) {
        case (0x00, 0x01, _): try readExportAlias(.function)
        case (0x00, 0x03, _): try readExportAlias(.type)
        case (0x00, 0x05, _): try readExportAlias(.instance)
        case (0x00, 0x00, _), (0x00, 0x04, _): throw .refused(.firstClassModules, offset: start)
        case (0x00, 0x02, _): throw .refused(.componentValues, offset: start)
        case (0x01, 0x00, .some(0...4)):
            if coreSort == 4 { try cursor.noteExceptions(at: start) }
            guard !scope.isType else { throw .unknownByte(.alias, offset: start, found: sort) }
            _ = try cursor.unsigned()
            try cursor.name()
        case (0x02, _, _): try readOuterAlias(sort, coreSort, at: start)
        case (0x00, _, _), (0x01, _, _): throw .unknownByte(.sort, offset: start, found: coreSort ?? sort)
        case (let code, _, _): throw .unknownByte(.alias, offset: target, found: code)
        }
    }

    private mutating func readExportAlias(_ kind: ComponentBinary.Kind) throws(ComponentReadingError) {
        let start = cursor.offset
        let index = try cursor.unsigned()
        let instance = try element(\.instances, index, .instance, at: start)
        let nameOffset = cursor.offset
        let name = try readName().description
        guard let shape = instance[name] else { throw .unknownExport(offset: nameOffset) }
        guard kind != .instance || shape.isInstance else {
            throw .kindDiffers(expected: .instance, offset: nameOffset)
        }
        if kind == .type { addType(shape, .exported(instance: index, name: name)) } else { append(shape, as: kind) }
    }

    private mutating func readOuterAlias(
        _ sort: UInt8, _ coreSort: UInt8?, at start: Int
    ) throws(ComponentReadingError) {
        let depth = try cursor.unsigned()
        let index = try cursor.unsigned()
        guard depth < scopes.count else { throw .indexOutOfRange(.scope, offset: start) }
        let place = scopes.count - 1 - depth
        let outer = scopes[place]
        switch (sort, coreSort) {
        case (0x03, _):
            guard index < outer.types.count else { throw .indexOutOfRange(.type, offset: start) }
            let type = outer.types[index]
            // The format lets no resource type into a component this way; only imports do.
            let crosses = scopes[place...].dropFirst().contains { !$0.isType }
            guard !crosses || !type.reach.contains(.parameter) else {
                throw .kindDiffers(expected: .type, offset: start)
            }
            addType(type, depth == 0 ? .same(index) : depth == 1 ? .outer(index) : .other)
        case (0x04, _) where !scope.isType:
            guard index < outer.components.count else { throw .indexOutOfRange(.component, offset: start) }
            scope.components.append(outer.components[index])
        case (0x00, 0x11) where !scope.isType:
            guard index < outer.modules.count else { throw .indexOutOfRange(.module, offset: start) }
            scope.modules.append(outer.modules[index])
        case (0x00, 0x10), (0x00, 0x11), (0x04, _): throw .refused(.firstClassModules, offset: start)
        default: throw .unknownByte(.sort, offset: start, found: coreSort ?? sort)
        }
    }

    // MARK: Canonical functions

    mutating func readCanonical() throws(ComponentReadingError) {
        let start = cursor.offset
        switch try cursor.byte() {
        case 0x00:
            try readFunctionSort()
            _ = try cursor.unsigned()
            try readCanonicalOptions()
            let typeOffset = cursor.offset
            scope.functions.append(try element(\.types, try cursor.unsigned(), .type, at: typeOffset))
        case 0x01:
            try readFunctionSort()
            _ = try cursor.unsigned()
            try readCanonicalOptions()
        case 0x02, 0x03, 0x04: _ = try cursor.unsigned()  // resource.new, drop and rep
        case 0x1C, 0x1D, 0x1E: throw .refused(.errorContext, offset: start)
        case 0x05...0x1B, 0x1F...0x25: throw .refused(.async, offset: start)
        case 0x26...0x2D, 0x40...0x42: throw .refused(.threads, offset: start)
        case let code: throw .unknownByte(.canonicalFunction, offset: start, found: code)
        }
    }

    private mutating func readFunctionSort() throws(ComponentReadingError) {
        let start = cursor.offset
        let sort = try cursor.byte()
        guard sort == 0 else { throw .unknownByte(.canonicalFunction, offset: start, found: sort) }
    }

    private mutating func readCanonicalOptions() throws(ComponentReadingError) {
        for _ in 0..<(try cursor.count(of: .option, maximum: ReaderLimits.maximumCanonicalOptionCount)) {
            let start = cursor.offset
            switch try cursor.byte() {
            case 0x00, 0x01, 0x02: continue  // encodings of strings
            case 0x03, 0x04, 0x05: _ = try cursor.unsigned()  // memory, realloc, post-return
            case 0x06, 0x07: throw .refused(.async, offset: start)
            case 0x08, 0x09: throw .refused(.canonicalGarbageCollection, offset: start)
            case let code: throw .unknownByte(.option, offset: start, found: code)
            }
        }
    }

    // MARK: Imports and exports

    mutating func readImport() throws(ComponentReadingError) {
        let start = cursor.offset
        let (name, implemented) = try readExternName()
        let isHosts = [name, implemented].contains { $0.map { HostInterface.isHosts($0.base) } ?? false }
        let origin: Reach = isOutermost ? (isHosts ? .host : []) : .parameter
        let item = try readExternType(openBy: origin)
        guard isOutermost else { return }
        if item.kind == .instance { scope.importedInstances.insert(scope.instances.count - 1) }
        guard importNames.insert(name).inserted else { throw .duplicateName(offset: start) }
        imports.append(
            ComponentBinary.Import(
                name: name, implemented: implemented, kind: item.kind,
                reachesHostResource: item.shape.reach.contains(.host), isHosts: isHosts,
                isTypesAlone: isTypesAlone(item.kind, item.type), offset: start, type: item.type,
                instance: item.kind == .instance ? scope.instances.count - 1 : nil))
    }

    /// An export also begins a new index, which stands for the same thing.
    mutating func readExport() throws(ComponentReadingError) {
        let start = cursor.offset
        let (name, _) = try readExternName()
        let (kind, shape) = try readItem()
        // A stated type may only hide what there is, so it changes nothing here but is read to its end.
        if try readFlag(.externType) { try readAscription() }
        append(shape, as: kind)
        try scope.exports.add(name.description, shape, at: start)
        guard isOutermost else { return }
        exports.append(
            ComponentBinary.Export(
                name: name, kind: kind, reachesHostResource: shape.reach.contains(.host), offset: start))
    }

    private mutating func readAscription() throws(ComponentReadingError) {
        let start = cursor.offset
        switch try cursor.byte() {
        case 0x00, 0x04: throw .refused(.firstClassModules, offset: start)
        case 0x01, 0x05: _ = try element(\.types, try cursor.unsigned(), .type, at: start)
        case 0x02: throw .refused(.componentValues, offset: start)
        case 0x03: if !(try readFlag(.externType)) { _ = try element(\.types, try cursor.unsigned(), .type, at: start) }
        case let code: throw .unknownByte(.externType, offset: start, found: code)
        }
    }

    // MARK: Names

    private mutating func readName() throws(ComponentReadingError) -> ExternName {
        let start = cursor.offset
        let range = try cursor.name(maximum: ReaderLimits.maximumExternNameByteCount)
        try spendName(range.count, at: start)
        guard let name = ExternName(String(decoding: cursor.bytes[range], as: UTF8.self)) else {
            throw .malformedName(offset: start)
        }
        return name
    }

    /// A name with attributes. Tools before 2024 wrote 1 where there are none.
    mutating func readExternName() throws(ComponentReadingError) -> (name: ExternName, implemented: ExternName?) {
        let start = cursor.offset
        let form = try cursor.byte()
        guard form <= 2 else { throw .unknownByte(.name, offset: start, found: form) }
        let name = try readName()
        guard form == 2 else { return (name, nil) }
        var implemented: ExternName?
        for _ in 0..<(try cursor.count(of: .attribute, maximum: ReaderLimits.maximumAttributeCount)) {
            let start = cursor.offset
            switch try cursor.byte() {
            case 0x00:
                guard implemented == nil else { throw .duplicateName(offset: start) }
                implemented = try readName()
            case 0x01, 0x02: throw .refused(.nameAttributes, offset: start)
            case let code: throw .unknownByte(.attribute, offset: start, found: code)
            }
        }
        return (name, implemented)
    }
}
