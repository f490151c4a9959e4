internal import Commitments

/// The types of one component, written once more into the composed component for its imports of types alone.
///
/// Each is written once, however many imports need it. Nothing recurses: a chain of types can be as long as a binary.
struct TypeCopies {
    /// Bytes of the types of one component. ``CompositionBounds`` has room for them beside the shims.
    static let maximumByteCount = 32 << 10

    private let name: Name
    private let subject: Attribution.Subject
    private let bytes: [UInt8]
    private let sources: [TypeSource]
    /// What the component's imported instances were given: indices of the composed component, by the component's.
    private var instances: [Int: Int] = [:]
    private var made: [Place: Int] = [:]
    /// Made instances, by the index of their type.
    private var interfaces: [Int: Int] = [:]
    private var byteCount = 0

    /// A type of the component, or of an instance type in it.
    private struct Place: Hashable {
        var interface: Int?
        var index: Int
    }

    init(of admitted: AdmittedComponent) {
        name = admitted.component.name
        subject = .component(name)
        bytes = admitted.capped.bytes
        sources = admitted.binary.typeSources
    }

    /// Notes which instance of the composed component an import was given.
    mutating func note(_ instance: Int, for entry: ComponentBinary.Import) {
        if let index = entry.instance { instances[index] = instance }
    }

    /// What an import of types alone is given: an instance of them, or the one type.
    ///
    /// - Precondition: The reader found that it needs nobody.
    mutating func item(
        for entry: ComponentBinary.Import, in writer: inout CompositionWriter
    ) throws(CompositionError) -> CompositionWriter.Item {
        precondition(entry.needsNobody, "what somebody provides is not made here")
        guard let type = entry.type else { preconditionFailure("the reader noted its type") }
        guard entry.kind == .instance else {
            return .type(try copy(Place(interface: nil, index: type), in: &writer))
        }
        if let instance = interfaces[type] { return .instance(instance) }
        guard case .interface(let interface) = sources[type] else {
            preconditionFailure("the reader found types alone")
        }
        var exports: [(name: String, item: CompositionWriter.Item)] = []
        for export in interface.exports {
            let place = Place(interface: type, index: export.type)
            exports.append((export.name, .type(try copy(place, in: &writer))))
        }
        let instance = try counted(&writer) { [subject] in $0.gather(exports, as: subject) }
        interfaces[type] = instance
        return .instance(instance)
    }

    /// Writes a type and all that it names, those first. Returns its index.
    private mutating func copy(_ place: Place, in writer: inout CompositionWriter) throws(CompositionError) -> Int {
        var open = [place]
        while let next = open.last {
            let missing = made[next] == nil ? named(by: next).filter { made[$0] == nil } : []
            guard missing.isEmpty else {
                open += missing
                continue
            }
            open.removeLast()
            if made[next] == nil { made[next] = try write(next, in: &writer) }
        }
        guard let index = made[place] else { preconditionFailure("it was written last") }
        return index
    }

    private func source(_ place: Place) -> TypeSource {
        guard let type = place.interface else { return sources[place.index] }
        guard case .interface(let interface) = sources[type] else { return .other }
        return interface.types[place.index]
    }

    private func named(by place: Place) -> [Place] {
        switch source(place) {
        case .defined(_, let references): references.map { Place(interface: place.interface, index: $0.index) }
        case .same(let index): [Place(interface: place.interface, index: index)]
        case .outer(let index): [Place(interface: nil, index: index)]
        case .exported, .interface, .other: []
        }
    }

    private mutating func write(_ place: Place, in writer: inout CompositionWriter) throws(CompositionError) -> Int {
        switch source(place) {
        case .same, .outer:
            guard let index = named(by: place).first.flatMap({ made[$0] }) else { break }
            return index
        case .defined(let range, let references):
            var definition: [UInt8] = []
            var start = range.lowerBound
            for reference in references {
                let named = Place(interface: place.interface, index: reference.index)
                guard let index = made[named] else { preconditionFailure("what a type names is written first") }
                definition += bytes[start..<reference.range.lowerBound]
                definition.appendTypeIndex(index, isSigned: reference.isSigned)
                start = reference.range.upperBound
            }
            definition += bytes[start..<range.upperBound]
            return try counted(&writer) { [subject] in $0.define(definition, as: subject) }
        case .exported(let instance, let export):
            guard let given = instances[instance] else { break }
            return try counted(&writer) { [subject] in $0.aliasType(export, of: given, as: subject) }
        case .interface, .other: break
        }
        preconditionFailure("the reader says which types can be written, and in which order they stand")
    }

    private mutating func counted(
        _ writer: inout CompositionWriter, _ write: (inout CompositionWriter) -> Int
    ) throws(CompositionError) -> Int {
        let start = writer.bytes.count
        let index = write(&writer)
        byteCount += writer.bytes.count - start
        guard byteCount <= Self.maximumByteCount else {
            throw .typesTooLarge(name, maximum: Self.maximumByteCount)
        }
        return index
    }
}

extension [UInt8] {
    /// LEB128; with a sign, the highest bit of the last seven must be clear.
    fileprivate mutating func appendTypeIndex(_ index: Int, isSigned: Bool) {
        appendUnsigned(index)
        guard isSigned, let last = last, last & 0x40 != 0 else { return }
        self[count - 1] = last | 0x80
        append(0)
    }
}
