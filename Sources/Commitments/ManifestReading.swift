internal import Formats
internal import Keys
package import Primitives

// What the manifest's entries look like, one initialiser each. Whether they fit together is
// ManifestRules' question.

extension JSONReader {
    /// A name.
    package func name() throws(JSONShapeError) -> Name {
        try parsed(as: "a name of 1 to 40 of a-z, 0-9 and -, begun by a letter", Name.init)
    }

    func guestPath() throws(JSONShapeError) -> GuestPath {
        try parsed(as: "an absolute path of 1 to 8 plain segments", GuestPath.init)
    }

    func interfaceName() throws(JSONShapeError) -> InterfaceName {
        try parsed(as: "an interface without a version, such as wasi:cli/run", InterfaceName.init)
    }

    /// The participants of an agreement.
    package func participants() throws(JSONShapeError) -> [Participant] { try list(1...64, Participant.init) }

    /// 1 to 2,000 characters, each of which shows itself.
    package func purpose() throws(JSONShapeError) -> ForeignText {
        let text = try string(maximumByteCount: 4 * Manifest.maximumPurposeCharacterCount)
        guard (1...Manifest.maximumPurposeCharacterCount).contains(text.unicodeScalars.count) else {
            throw .wrongForm(path, expected: "1 to 2,000 characters")
        }
        guard let purpose = ForeignText(text) else { throw .wrongForm(path, expected: Self.shownCharacters) }
        return purpose
    }

    fileprivate static let shownCharacters =
        "no control, bidirectional, invisible, line-separating, private or space character but U+0020"

    /// An array of so many elements.
    package func list<Element>(
        _ counts: ClosedRange<Int>, _ element: (JSONReader) throws(JSONShapeError) -> Element
    ) throws(JSONShapeError) -> [Element] {
        let readers = try array(maximumCount: counts.upperBound)
        guard readers.count >= counts.lowerBound else {
            throw .wrongForm(path, expected: "at least \(counts.lowerBound) element")
        }
        var elements: [Element] = []
        for reader in readers { elements.append(try element(reader)) }
        return elements
    }

    /// As ``list(_:_:)``, and no element twice.
    package func distinct<Element: Hashable>(
        _ counts: ClosedRange<Int>, _ element: (JSONReader) throws(JSONShapeError) -> Element
    ) throws(JSONShapeError) -> [Element] {
        var seen: Set<Element> = []
        return try list(counts) { reader throws(JSONShapeError) in
            let value = try element(reader)
            guard seen.insert(value).inserted else {
                throw .wrongForm(reader.path, expected: "a value that is not in the list already")
            }
            return value
        }
    }
}

extension JSONObjectReader {
    /// Takes the key `plan`, which a manifest has exactly where it is read with its plan.
    mutating func requireMembership(isPlanned: Bool) throws(JSONShapeError) {
        guard isPlanned else {
            guard let plan = optional("plan") else { return }
            throw .wrongForm(plan.path, expected: "a manifest that belongs to no plan; `2cvm plan` reads those that do")
        }
        let plan = try required("plan")
        guard try plan.bool() else { throw .wrongForm(plan.path, expected: "true") }
    }
}

extension Participant {
    init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        name = try object.required("name").name()
        signingKey = try object.required("signingKey").signingPublicKey()
        sealingKey = try object.required("sealingKey").sealingPublicKey()
        try object.finish()
    }
}

extension Component {
    static let maximumBytes = 1 << 28

    init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        name = try object.required("name").name()
        provider = try object.required("provider").name()
        digest = try object.required("digest").digest()
        maximumBytes = try object.integer("maximumBytes", in: 1...Self.maximumBytes)
        imports = try object.required("imports").distinct(0...256) { reader throws(JSONShapeError) in
            try reader.interfaceName()
        }
        memoryMiB = try object.integer("memoryMiB", in: 1...65536)
        arguments = try object.optional("arguments")?.arguments() ?? []
        temporaryMiB = try object.optional("temporaryMiB")?.integer(in: 1...65536)
        features =
            try object.optional("features")?.distinct(1...CodeFeature.allCases.count) {
                reader throws(JSONShapeError) in try reader.choice(of: CodeFeature.self)
            } ?? []
        clock = try object.optional("clock")?.choice(of: Clock.self) ?? .virtual
        randomness = try object.optional("randomness")?.choice(of: Randomness.self)
        source = try object.optional("source").map(SourceClaim.init)
        try object.finish()
    }
}

extension Component {
    static let maximumArgumentCount = 64
    /// Of all arguments and a byte behind each.
    package static let maximumArgumentsByteCount = 4096
}

extension JSONReader {
    /// Texts that a terminal shows as they are, like a purpose.
    fileprivate func arguments() throws(JSONShapeError) -> [String] {
        let arguments = try list(1...Component.maximumArgumentCount) { reader throws(JSONShapeError) in
            let text = try reader.string(maximumByteCount: Component.maximumArgumentsByteCount - 1)
            guard !text.isEmpty, ForeignText(text) != nil else {
                throw .wrongForm(reader.path, expected: "text, with \(JSONReader.shownCharacters)")
            }
            return text
        }
        guard arguments.reduce(0, { $0 + $1.utf8.count + 1 }) <= Component.maximumArgumentsByteCount else {
            throw .wrongForm(
                path,
                expected: "at most \(Component.maximumArgumentsByteCount) bytes together, one more counted for each")
        }
        return arguments
    }
}

extension DataEntry {
    init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        name = try object.required("name").name()
        provider = try object.required("provider").end()
        let commitment = try object.required("commitment")
        self.commitment = commitment.isWord("any") ? .any : .fixed(try commitment.digest())
        maximumBytes = try object.integer("maximumBytes", in: 1...Format.maximumByteCount)
        let said = object.optional("format")
        let format = try said.map(Format.init)
        self.format = format
        if case .csv? = format { tableFormat = said?.value.canonicalBytes } else { tableFormat = nil }
        try format?.requireSize(maximumBytes, at: object.path.appending("maximumBytes"))
        period = try object.optional("per")?.choice(of: Period.self) ?? .session
        approval = try object.optional("approval").map(Approval.init)
        try object.finish()
    }
}

extension Output {
    /// - Parameter logs: the names of outputs that are logs.
    init(_ reader: JSONReader, logs: Set<Name>) throws(JSONShapeError) {
        var object = try reader.object()
        name = try object.required("name").name()
        recipients = try object.required("recipients").distinct(1...64) { reader throws(JSONShapeError) in
            try reader.end()
        }
        gate = try Gate(&object, isLog: logs.contains(name))
        gateEntry = .object(reader.members(named: Gate.keys.contains))
        approval = try object.optional("approval").map(Approval.init)
        try object.finish()
    }
}

extension JSONReader {
    /// The members of an object whose names fulfil a condition.
    fileprivate func members(named isTaken: (String) -> Bool) -> [JSONMember] {
        guard case .object(let members) = value else { return [] }
        return members.filter { isTaken($0.name) }
    }
}

extension Channel {
    init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        if let data = object.optional("mount") {
            self = .mount(
                Mount(
                    data: try data.name(), component: try object.required("component").name(),
                    path: try object.required("path").guestPath()))
        } else if let importName = object.optional("link") {
            self = .link(
                Link(
                    importName: try importName.parsed(as: "an import's name, such as site-a or wasi:cli/run") { text in
                        InterfaceName.isImportName(text) ? text : nil
                    },
                    importer: try object.required("importer").name(),
                    exporter: try object.required("exporter").name(),
                    export: try object.required("export").interfaceName()))
        } else if let output = object.optional("release") {
            self = .release(
                Release(
                    output: try output.name(), component: try object.required("component").name(),
                    path: try object.required("path").guestPath()))
        } else if let output = object.optional("log") {
            self = .log(
                LogChannel(
                    output: try output.name(), component: try object.required("component").name(),
                    stream: try object.choice("stream", of: LogChannel.Stream.self)))
        } else {
            throw .wrongForm(object.path, expected: "\"mount\", \"link\", \"release\" or \"log\"")
        }
        try object.finish()
    }
}

extension EntryPoint {
    init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        component = try object.required("component").name()
        export = try object.required("export").interfaceName()
        try object.finish()
    }
}
