/// Writes the sections of a composed binary, and keeps what each of them is for.
///
/// Components, instances and aliases are named by index alone, so hardly any types are written: those of the host world
/// come with its sections, others lie inside the components, and ``TypeCopies`` writes what nobody provides.
struct CompositionWriter {
    private(set) var bytes: [UInt8]
    private(set) var attribution: [Attribution] = []
    private(set) var offsets: [EmbeddedOffsets] = []
    private(set) var instanceCount: Int
    private var typeCount: Int
    private var componentCount = 0
    private var moduleCount = 0

    init(_ hostWorld: HostWorld) {
        bytes = Preamble.magic + Preamble.component
        bytes += hostWorld.sections
        instanceCount = hostWorld.imports.count
        typeCount = hostWorld.typeCount
        attribution = [Attribution(range: 0..<bytes.count, subject: .hostWorld)]
    }

    /// What an argument or an export is.
    enum Item {
        case instance(Int)
        case type(Int)
        case module(Int)
    }

    mutating func reserve(_ byteCount: Int) {
        bytes.reserveCapacity(bytes.count + byteCount)
    }

    /// Section 4. Returns the component's index.
    mutating func embed(_ component: CappedBinary, as subject: Attribution.Subject) -> Int {
        let start = bytes.count
        bytes.append(4)
        bytes.appendUnsigned(component.byteCount)
        let first = bytes.count
        component.append(to: &bytes)
        offsets.append(EmbeddedOffsets(subject: subject, range: first..<bytes.count, steps: component.steps))
        attribute(from: start, to: subject)
        componentCount += 1
        return componentCount - 1
    }

    /// Section 5, with one instance. Returns its index.
    mutating func instantiate(
        _ component: Int, with arguments: [(name: String, item: Item)], as subject: Attribution.Subject
    ) -> Int {
        var body: [UInt8] = [1, 0]
        body.appendUnsigned(component)
        body.appendUnsigned(arguments.count)
        for argument in arguments {
            body.appendName(argument.name)
            body.append(argument.item)
        }
        return appendInstance(section: 5, body, as: subject)
    }

    /// Section 5, with an instance made of what there is. Returns its index.
    mutating func gather(_ exports: [(name: String, item: Item)], as subject: Attribution.Subject) -> Int {
        var body: [UInt8] = [1, 1]
        body.appendUnsigned(exports.count)
        for export in exports {
            body.append(0)
            body.appendName(export.name)
            body.append(export.item)
        }
        return appendInstance(section: 5, body, as: subject)
    }

    /// Section 6, with one alias of an exported instance. Returns its index.
    mutating func alias(_ export: String, of instance: Int, as subject: Attribution.Subject) -> Int {
        var body: [UInt8] = [1, 5, 0]
        body.appendUnsigned(instance)
        body.appendName(export)
        return appendInstance(section: 6, body, as: subject)
    }

    /// Section 6, with one alias of an exported type. Returns its index.
    mutating func aliasType(_ export: String, of instance: Int, as subject: Attribution.Subject) -> Int {
        var body: [UInt8] = [1, 3, 0]
        body.appendUnsigned(instance)
        body.appendName(export)
        return appendType(section: 6, body, as: subject)
    }

    /// Section 7, with one type. Returns its index.
    mutating func define(_ type: [UInt8], as subject: Attribution.Subject) -> Int {
        appendType(section: 7, [1] + type, as: subject)
    }

    /// Section 3, with one type of a core module, and section 10, which imports one. Returns its index.
    mutating func importModule(_ type: [UInt8], as name: String, for subject: Attribution.Subject) -> Int {
        append(section: 3, type, as: subject)
        var body: [UInt8] = [1, 0]
        body.appendName(name)
        body += [0x00, 0x11]
        body.appendUnsigned(moduleCount)
        append(section: 10, body, as: subject)
        moduleCount += 1
        return moduleCount - 1
    }

    /// Section 11, with one exported instance.
    mutating func export(_ instance: Int, as name: String) {
        var body: [UInt8] = [1, 0]
        body.appendName(name)
        body.append(5)
        body.appendUnsigned(instance)
        body.append(0)
        _ = appendInstance(section: 11, body, as: .entry)
    }

    private mutating func appendInstance(section: UInt8, _ body: [UInt8], as subject: Attribution.Subject) -> Int {
        append(section: section, body, as: subject)
        instanceCount += 1
        return instanceCount - 1
    }

    private mutating func appendType(section: UInt8, _ body: [UInt8], as subject: Attribution.Subject) -> Int {
        append(section: section, body, as: subject)
        typeCount += 1
        return typeCount - 1
    }

    private mutating func append(section: UInt8, _ body: [UInt8], as subject: Attribution.Subject) {
        let start = bytes.count
        bytes.append(section)
        bytes.appendUnsigned(body.count)
        bytes += body
        attribute(from: start, to: subject)
    }

    private mutating func attribute(from start: Int, to subject: Attribution.Subject) {
        attribution.append(Attribution(range: start..<bytes.count, subject: subject))
    }
}

extension [UInt8] {
    fileprivate mutating func appendName(_ name: String) {
        appendUnsigned(name.utf8.count)
        self += name.utf8
    }

    /// A sort and an index.
    fileprivate mutating func append(_ item: CompositionWriter.Item) {
        switch item {
        case .instance(let index):
            append(5)
            appendUnsigned(index)
        case .type(let index):
            append(3)
            appendUnsigned(index)
        case .module(let index):
            self += [0x00, 0x11]
            appendUnsigned(index)
        }
    }
}
