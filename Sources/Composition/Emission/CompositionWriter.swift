/// Writes the sections of a composed binary, and keeps what each of them is for.
///
/// Components, instances and aliases are named by index alone, so no types are written: those of
/// the host world come with its sections, all others lie inside the components.
struct CompositionWriter {
    private(set) var bytes: [UInt8]
    private(set) var attribution: [Attribution] = []
    private(set) var instanceCount: Int
    private var componentCount = 0

    init(_ hostWorld: HostWorld) {
        bytes = Preamble.magic + Preamble.component
        bytes += hostWorld.sections
        instanceCount = hostWorld.imports.count
        attribution = [Attribution(range: 0..<bytes.count, subject: .hostWorld)]
    }

    mutating func reserve(_ byteCount: Int) {
        bytes.reserveCapacity(bytes.count + byteCount)
    }

    /// Section 4. Returns the component's index.
    mutating func embed(_ component: CappedBinary, as subject: Attribution.Subject) -> Int {
        let start = bytes.count
        bytes.append(4)
        bytes.appendUnsigned(component.byteCount)
        component.append(to: &bytes)
        attribute(from: start, to: subject)
        componentCount += 1
        return componentCount - 1
    }

    /// Section 5, with one instance. Returns its index.
    mutating func instantiate(
        _ component: Int, with arguments: [(name: String, instance: Int)], as subject: Attribution.Subject
    ) -> Int {
        var body: [UInt8] = [1, 0]
        body.appendUnsigned(component)
        body.appendUnsigned(arguments.count)
        for argument in arguments {
            body.appendName(argument.name)
            body.append(5)
            body.appendUnsigned(argument.instance)
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
        let start = bytes.count
        bytes.append(section)
        bytes.appendUnsigned(body.count)
        bytes += body
        attribute(from: start, to: subject)
        instanceCount += 1
        return instanceCount - 1
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
}
