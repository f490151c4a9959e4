/// Whose resources a type, a function or an instance can carry.
///
/// The rule that no raw handle of the host crosses a link needs no type checker: it's enough to
/// know, for each definition, whether it can reach a resource of an import that the host or a shim
/// serves. A resource that a component makes itself reaches nothing. The engine later checks the
/// types proper.
struct Reach: OptionSet, Hashable, Sendable {
    let rawValue: UInt8

    /// A resource of an instance that the component imports under a name of the host or the shims.
    static let host = Reach(rawValue: 1)

    /// A resource that the enclosing definition leaves open: an abstract one of an instance type, or
    /// one that a nested component imports. Who supplies it decides what is reached.
    static let parameter = Reach(rawValue: 2)

    func supplied(by origin: Reach) -> Reach {
        contains(.parameter) ? subtracting(.parameter).union(origin) : self
    }
}

/// As much of a definition's type as the question of its reach needs.
///
/// Shapes share their exports, so that a component instantiated a thousand times costs no more
/// than one: what its arguments reach is kept beside, as ``origin``.
struct Shape: Sendable {
    private let own: Reach
    private let exports: Exports?
    private var origin = Reach.parameter

    struct Exports: Sendable {
        fileprivate var shapes: [String: Shape] = [:]
        fileprivate var union: Reach = []
        /// How many levels of exports lie below these.
        private var depth = 0

        /// Adds one.
        ///
        /// Releasing a shape releases what it exports, call within call, so levels are bounded as a stack is.
        /// - Throws: where the name is taken, or the shape holds too many levels already.
        mutating func add(_ name: String, _ shape: Shape, at offset: Int) throws(ComponentReadingError) {
            if let inner = shape.exports { depth = max(depth, inner.depth + 1) }
            let maximum = ReaderLimits.maximumExportDepth
            guard depth < maximum else { throw .tooDeep(offset: offset, maximum: maximum) }
            union.formUnion(shape.reach)
            guard shapes.updateValue(shape, forKey: name) == nil else { throw .duplicateName(offset: offset) }
        }
    }

    init(reach: Reach) {
        own = reach
        exports = nil
    }

    init(exports: Exports, reach: Reach = []) {
        own = reach
        self.exports = exports
    }

    /// Everything that can be reached through this definition.
    var reach: Reach {
        guard let exports else { return own }
        return own.union(exports.union.supplied(by: origin))
    }

    /// Whether it has exports: an instance or the type of one.
    var isInstance: Bool { exports != nil }

    subscript(name: String) -> Shape? {
        exports?.shapes[name]?.supplied(by: origin)
    }

    /// The same with its open resources supplied.
    func supplied(by origin: Reach) -> Shape {
        guard exports != nil else { return Shape(reach: own.supplied(by: origin)) }
        var shape = self
        shape.origin = self.origin.supplied(by: origin)
        return shape
    }
}
