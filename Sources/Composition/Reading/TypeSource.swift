/// Where a type of the outermost component comes from, as far as it takes to write the type once more elsewhere.
///
/// An import of types alone is met by types that the composer writes again: nobody provides them. Types without
/// resources are equal where their structure is (Component Model, "Type Checking"), so the copy is the type itself; a
/// resource is never written, only taken from the import that has it.
enum TypeSource: Sendable {
    /// A definition: its bytes, and the places in them that name other types of the same index space.
    case defined(Range<Int>, [TypeReference])
    /// Another type of the same index space.
    case same(Int)
    /// In an instance type: a type of the component around it.
    case outer(Int)
    /// An export of an instance, by the instance's index.
    case exported(instance: Int, name: String)
    /// An instance type that holds types alone, all of which can be written.
    case interface(TypesInterface)
    /// A resource, a function, or a type too deep to matter.
    case other
}

/// A place in a type's definition that names another type.
struct TypeReference: Sendable {
    let range: Range<Int>
    let index: Int
    /// Whether the number has a sign, as where primitive types could stand too.
    let isSigned: Bool
}

/// An interface that exports types and nothing else.
struct TypesInterface: Sendable {
    /// The index space inside.
    let types: [TypeSource]
    let exports: [(name: String, type: Int)]
}

/// One index space of types, each with its shape, its source, and whether it can be written again.
struct TypeSpace: Sendable {
    private(set) var shapes: [Shape] = []
    private(set) var sources: [TypeSource] = []
    private var writable: [Bool] = []

    var count: Int { shapes.count }

    mutating func append(_ shape: Shape, _ source: TypeSource, isWritable: Bool) {
        shapes.append(shape)
        sources.append(source)
        writable.append(isWritable)
    }

    /// Whether the type at an index that exists can be written again.
    func canWrite(_ index: Int) -> Bool { writable[index] }
}

/// What an import or an export declaration is.
struct ExternItem {
    let kind: ComponentBinary.Kind
    let shape: Shape
    /// Of an instance its type, of a type the one that it equals; `nil` of a function or an abstract type.
    let type: Int?
}

extension Scope {
    /// What an instance type's body is to whoever would write it again.
    var interfaceSource: TypeSource {
        guard !exportsOthers, !exportedTypes.isEmpty, exportedTypes.allSatisfy({ typeSpace.canWrite($0.type) }) else {
            return .other
        }
        return .interface(TypesInterface(types: typeSpace.sources, exports: exportedTypes))
    }
}

extension ComponentReader {
    /// Types of the outermost component and of instance types right inside it: no other is ever written again.
    private var keepsSources: Bool { isOutermost || scopes.count == 2 && scope.isType }

    /// Adds a type to the innermost index space.
    mutating func addType(_ shape: Shape, _ source: TypeSource) {
        let kept = keepsSources ? source : .other
        let isWritable =
            switch kept {
            case .defined(_, let references): references.allSatisfy { scope.typeSpace.canWrite($0.index) }
            case .same(let index): scope.typeSpace.canWrite(index)
            case .outer(let index): scopes[0].typeSpace.canWrite(index)
            case .exported(let instance, _): isOutermost && scope.importedInstances.contains(instance)
            case .interface, .other: false
            }
        scope.typeSpace.append(shape, kept, isWritable: isWritable)
    }

    /// Notes that the definition being read names a type of the same index space.
    mutating func noteReference(to index: Int, at start: Int, isSigned: Bool) throws(ComponentReadingError) {
        guard keepsSources else { return }
        let maximum = ReaderLimits.maximumComponentItemCount
        guard referencesLeft > 0 else { throw .tooMany(.type, offset: start, found: maximum + 1, maximum: maximum) }
        referencesLeft -= 1
        references.append(TypeReference(range: start..<cursor.offset, index: index, isSigned: isSigned))
    }

    /// Whether an import needs nobody to provide it.
    ///
    /// - Parameter type: of an instance its type, of a type the one that it equals.
    func isTypesAlone(_ kind: ComponentBinary.Kind, _ type: Int?) -> Bool {
        guard let type else { return false }
        switch (kind, scope.typeSpace.sources[type]) {
        case (.instance, .interface): return true
        case (.type, _): return scope.typeSpace.canWrite(type)
        default: return false
        }
    }
}
