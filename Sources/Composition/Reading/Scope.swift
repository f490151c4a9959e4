/// The index spaces of a component or an instance type while it is being read.
///
/// Core functions, tables, memories and globals have index spaces too; nothing here depends on
/// them, and the engine resolves them.
struct Scope {
    /// An instance type's body, as against a component's.
    let isType: Bool

    var typeSpace = TypeSpace()
    var functions: [Shape] = []
    var instances: [Shape] = []
    var modules: [Int] = []
    var components: [DefinedComponent] = []
    var exports = Shape.Exports()
    /// Instances that are imports.
    var importedInstances: Set<Int> = []
    var coreInstanceCount = 0

    /// In an instance type: the types that it exports, and whether it exports anything else.
    var exportedTypes: [(name: String, type: Int)] = []
    var exportsOthers = false

    var types: [Shape] { typeSpace.shapes }

    /// Both kinds of instances, which the engine counts together.
    var instanceCount: Int { instances.count + coreInstanceCount }

    /// What instantiating this component instantiates: ids of modules and components, once for each time.
    var moduleInstances: [Int] = []
    var componentInstances: [Int] = []

    /// The size of the section that holds this component, by its place in ``ComponentReader/parts``.
    var part: Int?
}

/// A component that was read to its end, and its place in the order in which components ended.
struct DefinedComponent {
    let id: Int
    let exports: Shape.Exports
}
