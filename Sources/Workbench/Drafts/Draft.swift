package import Commitments
internal import Composition
internal import Platform
package import Primitives

/// A manifest that is being written. Each step takes texts as a person gives them and returns the draft with them, or
/// says what is wrong with them; decoding the whole holds it against every rule.
package struct Draft {
    package private(set) var name: String?
    private var purpose: String?
    private var participants: [Participant] = []
    var components: [DraftComponent] = []
    private var links: [DraftLink] = []
    package var grants = DraftGrants()
    private var data: [JSONValue] = []
    private var outputs: [JSONValue] = []
    private var channels: [JSONValue] = []
    package var names: [String: [Name]] = [:]
    private var run: JSONValue?
    private let salt: FixedBytes<32> = randomBytes()

    /// Begins with nothing.
    package init() {}

    /// Set as it is: decoding judges it.
    package var limits: JSONValue?
    private var platform: JSONValue?

    /// The manifest as far as it is known.
    package var value: JSONValue {
        let parts: [(String, JSONValue?)] = [
            ("version", 1), ("name", name.map { .string($0) }), ("purpose", purpose.map { .string($0) }),
            ("salt", .string(salt.description)), ("participants", .array(participants.map(\.json))),
            ("components", .array(components.map { $0.json(grants, links: links) })),
            ("data", .array(data.map(formed))),
            ("outputs", .array(outputs.map(formed))), ("channels", .array(links.map(\.json) + channels)), ("run", run),
            ("limits", limits), ("platform", platform),
        ]
        return .object(parts.compactMap { name, value in value.map { JSONMember(name, $0) } })
    }

    /// The whole manifest, and every component admitted as a session admits it.
    package func manifest() throws(CommandFailure) -> Manifest {
        let manifest: Manifest
        do {
            manifest = try Manifest(decoding: value.indentedBytes)
        } catch {
            throw CommandFailure(CommandError.draft(error), in: "the draft")
        }
        for component in components {
            guard let entry = manifest.components.first(where: { $0.name == component.name }) else { continue }
            try component.admit(as: entry, under: manifest)
        }
        return manifest
    }
}

// MARK: - The agreement

extension Draft {
    package func named(_ texts: [String]) throws(CommandFailure) -> Draft {
        var draft = self
        draft.name = try Self.name(texts.first ?? "").description
        return draft
    }

    package func purposed(_ texts: [String]) throws(CommandFailure) -> Draft {
        var draft = self
        let text = texts.first ?? ""
        if let fault = Manifest.fault(ofPurpose: text) { throw Self.refusal(.purpose(expected: fault)) }
        draft.purpose = text
        return draft
    }

    /// - Parameter files: `NAME.pub` files.
    package func joined(by files: [String]) throws(CommandFailure) -> Draft {
        var participants: [Participant] = []
        var taken: [Name] = []
        for file in files {
            let participant = try readFile(
                file, maximumByteCount: Participant.maximumByteCount, as: Participant.init(decoding:))
            guard !taken.contains(participant.name) else { throw Self.refusal(.nameTaken(participant.name)) }
            taken.append(participant.name)
            participants.append(participant)
        }
        return joined(participants)
    }

    /// - Parameter participants: of different names.
    package func joined(_ participants: [Participant]) -> Draft {
        var draft = self
        draft.participants = participants
        draft.names["participant"] = participants.map(\.name)
        return draft
    }
}

// MARK: - Code

extension Draft {
    /// - Parameter texts: each `NAME:PROVIDER=FILE`.
    package func bringing(components texts: [String]) throws(CommandFailure) -> Draft {
        var draft = self
        draft.components = []
        draft.names["component"] = []
        for text in texts {
            let owned = try OwnedText(text, expected: "NAME:PROVIDER=FILE")
            guard let file = owned.value else { throw malformed(text, "NAME:PROVIDER=FILE") }
            let name = try draft.newName(owned.name, as: "component")
            let provider = try known(owned.owner, as: "participant")
            draft.components.append(try DraftComponent(name, of: provider, in: file))
        }
        return draft
    }

    /// - Parameter texts: one, `COMPONENT` or `COMPONENT=INTERFACE`.
    package func running(_ texts: [String]) throws(CommandFailure) -> Draft {
        var draft = self
        let parts = (texts.first ?? "").split(separator: "=", maxSplits: 1).map(String.init)
        let component = try self.component(parts.first ?? "")
        let export = parts.count == 2 ? parts[1] : "wasi:cli/run"
        try component.requireExport(export)
        draft.run = ["component": .string(component.name.description), "export": .string(export)]
        return draft
    }

    /// Refuses a link that is none, and imports that nothing meets.
    ///
    /// - Parameter texts: each `IMPORTER:IMPORT=EXPORTER:INTERFACE`.
    package func linked(_ texts: [String]) throws(CommandFailure) -> Draft {
        var draft = self
        draft.links = []
        let expected = "IMPORTER:IMPORT=EXPORTER:INTERFACE"
        for text in texts {
            let sides = try pairText(text, expected: expected)
            let importing = try OwnedText(sides.0, expected: expected)
            let exporting = try OwnedText(sides.1, expected: expected)
            let (importer, exporter) = (try component(importing.name), try component(exporting.name))
            guard importer.importNames.contains(importing.owner) else {
                throw Self.refusal(.noImport(importer.name, importing.owner, found: importer.importNames))
            }
            try exporter.requireExport(exporting.owner)
            draft.links.append(
                DraftLink(
                    importName: importing.owner, importer: importer.name, exporter: exporter.name,
                    export: exporting.owner))
        }
        for component in components {
            let unmet = component.linkImports.filter { entry in
                !draft.links.contains { $0.importer == component.name && $0.importName == entry.name }
            }
            guard unmet.isEmpty else { throw Self.refusal(.unlinked(component.name, unmet)) }
        }
        return draft
    }

    /// Whether any component needs another one.
    package var needsLinks: Bool { components.contains { !$0.linkImports.isEmpty } }

    /// What flags grant besides what the files themselves say.
    package func granting(_ grants: DraftGrants) throws(CommandFailure) -> Draft {
        var draft = self
        draft.grants = grants
        let known = components.map(\.name.description)
        for (option, names) in grants.named {
            for name in names where !known.contains(name) {
                throw malformed("\(name)=", "\(option) with the name of a component")
            }
        }
        return draft
    }

    /// Components that import randomness, and for which nobody has said which.
    package var undecided: [Name] {
        components.filter { grants.randomness[$0.name.description] == nil && $0.importsRandomness(grants, links) }
            .map(\.name)
    }

    package func deciding(randomness texts: [String], of component: Name) throws(CommandFailure) -> Draft {
        var draft = self
        let word = texts.first ?? ""
        guard ["real", "repeatable"].contains(word) else { throw malformed(word, "real or repeatable") }
        draft.grants.randomness[component.description] = word
        return draft
    }
}

// MARK: - Data and outputs

extension Draft {
    /// - Parameter texts: each `NAME:PROVIDER` or `NAME:PROVIDER=COMMITMENT`.
    package func bringing(data texts: [String]) throws(CommandFailure) -> Draft {
        var draft = self
        draft.data = []
        draft.names["data"] = []
        for text in texts {
            let owned = try OwnedText(text, expected: "NAME:PROVIDER or NAME:PROVIDER=COMMITMENT")
            let name = try draft.newName(owned.name, as: "data")
            let provider = try known(owned.owner, as: "participant")
            if let value = owned.value, value != "any", SHA256Digest(prefixed: value) == nil {
                throw malformed(text, "a commitment as `2cvm data commit` prints it")
            }
            draft.data.append([
                "name": .string(name.description), "provider": .string(provider.description),
                "commitment": .string(owned.value ?? "any"),
                "maximumBytes": .integer(grants.maximumBytes[owned.name] ?? 16 << 20),
            ])
        }
        return draft
    }

    /// - Parameter texts: each `NAME=RECIPIENT,RECIPIENT` or `NAME=all`.
    package func releasing(outputs texts: [String]) throws(CommandFailure) -> Draft {
        var draft = self
        draft.outputs = []
        draft.names["output"] = []
        for text in texts {
            let sides = try pairText(text, expected: "NAME=RECIPIENT,RECIPIENT")
            let name = try draft.newName(sides.0, as: "output")
            let words = sides.1.split(separator: ",").map(String.init)
            guard !words.isEmpty else { throw malformed(text, "NAME=RECIPIENT,RECIPIENT") }
            var recipients: [Name] = []
            for word in words where words != ["all"] { recipients.append(try known(word, as: "participant")) }
            if words == ["all"] { recipients = participants.map(\.name) }
            draft.outputs.append([
                "name": .string(name.description),
                "recipients": .array(recipients.map { .string($0.description) }),
                "maximumBytes": .integer(grants.maximumBytes[sides.0] ?? Self.maximumOutputBytes),
            ])
        }
        let known = (draft.names["data"] ?? []) + (draft.names["output"] ?? [])
        let named = [("--maximum-bytes", Array(grants.maximumBytes.keys)), ("--format", Array(grants.formats.keys))]
        for (option, names) in named {
            for name in names where !known.contains(where: { $0.description == name }) {
                throw malformed("\(name)=", "\(option) with the name of data or of an output")
            }
        }
        return draft
    }

    /// Refuses data that nobody would read.
    ///
    /// - Parameter texts: each `DATA:COMPONENT=/path`.
    package func mounting(_ texts: [String]) throws(CommandFailure) -> Draft {
        let draft = try adding(texts, "mount", of: "data") { owned throws(CommandFailure) in
            guard let path = GuestPath(owned.value), path.segments.first != "output" else {
                throw malformed(owned.value, "an absolute path outside /output, such as /data/\(owned.name).csv")
            }
        }
        for name in draft.names["data"] ?? [] where !draft.hasChannel(["mount"], of: name) {
            throw Self.refusal(.unmounted(name))
        }
        return draft
    }

    /// - Parameter texts: each `OUTPUT:COMPONENT=/output/path`.
    package func releasing(files texts: [String]) throws(CommandFailure) -> Draft {
        try adding(texts, "release", of: "output") { owned throws(CommandFailure) in
            guard let path = GuestPath(owned.value), path.segments.first == "output", path.segments.count > 1 else {
                throw malformed(owned.value, "a path below /output, such as /output/\(owned.name)")
            }
        }
    }

    /// Refuses outputs that leave in no way, since no question about them follows.
    ///
    /// - Parameter texts: each `OUTPUT:COMPONENT=stdout` or `=stderr`.
    package func logging(_ texts: [String]) throws(CommandFailure) -> Draft {
        var draft = try adding(texts, "log", of: "output") { owned throws(CommandFailure) in
            guard ["stdout", "stderr"].contains(owned.value) else { throw malformed(owned.value, "stdout or stderr") }
        }
        for name in draft.names["output"] ?? [] {
            guard draft.hasChannel(["release", "log"], of: name) else { throw Self.refusal(.neverLeaves(name)) }
            guard draft.hasChannel(["log"], of: name), grants.formats[name.description] == nil else { continue }
            // A log takes what is printed, and turns other characters into question marks. Its bytes bound it first.
            let bytes = grants.maximumBytes[name.description] ?? Self.maximumOutputBytes
            draft.grants.formats[name.description] = ["kind": "text", "maximumCharacters": .integer(bytes)]
        }
        return draft
    }

    package var hasData: Bool { !data.isEmpty }
    package var hasOutputs: Bool { !outputs.isEmpty }

    private func hasChannel(_ kinds: [String], of entry: Name) -> Bool {
        channels.contains { channel in
            guard case .object(let members) = channel, let first = members.first else { return false }
            return kinds.contains(first.name) && first.value == .string(entry.description)
        }
    }

    /// Channels of one kind, in the place of those that were there.
    private func adding(
        _ texts: [String], _ kind: String, of entry: String,
        _ require: ((name: String, value: String)) throws(CommandFailure) -> Void
    ) throws(CommandFailure) -> Draft {
        var draft = self
        draft.channels.removeAll { channel in
            guard case .object(let members) = channel else { return false }
            return members.first?.name == kind
        }
        let member = kind == "log" ? "stream" : "path"
        for text in texts {
            let expected = "\(entry.uppercased()):COMPONENT=\(member.uppercased())"
            let owned = try OwnedText(text, expected: expected)
            guard let value = owned.value else { throw malformed(text, expected) }
            let (name, component) = (try known(owned.name, as: entry), try self.component(owned.owner))
            try require((owned.name, value))
            draft.channels.append(
                .object([
                    JSONMember(kind, .string(name.description)),
                    JSONMember("component", .string(component.name.description)), JSONMember(member, .string(value)),
                ]))
        }
        return draft
    }
}

// MARK: - The platform

extension Draft {
    package func on(_ platform: JSONValue) -> Draft {
        var draft = self
        draft.platform = platform
        return draft
    }

    /// Whether the platform says nothing of `key` yet.
    package func lacks(_ key: String) -> Bool {
        guard case .object(let members)? = platform else { return false }
        return !members.contains { $0.name == key } && members.contains { $0 == JSONMember("kind", "sev-snp") }
    }

    package func bound(_ word: String) throws(CommandFailure) -> Draft {
        guard ["launch", "lock"].contains(word) else { throw malformed(word, "launch or lock") }
        return with("binding", .string(word))
    }

    package func chipped(_ chips: [String]) -> Draft {
        with("chips", chips == ["any"] ? "any" : .array(chips.map { .string($0) }))
    }

    private func with(_ key: String, _ value: JSONValue) -> Draft {
        guard case .object(let members)? = platform else { return self }
        return on(.object(members + [JSONMember(key, value)]))
    }

    /// Throws what is wrong with the platform, and nothing else.
    package func requirePlatform() throws(CommandFailure) {
        do {
            _ = try Manifest(decoding: value.indentedBytes)
        } catch {
            let path =
                switch error {
                case .document(let error): error.path
                case .rule(_, let path): path
                }
            guard path.description.hasPrefix("$.platform") else { return }
            throw CommandFailure(CommandError.draft(error), in: "the draft")
        }
    }
}

// MARK: - Names

extension Draft {
    private static func name(_ text: String) throws(CommandFailure) -> Name {
        guard let name = Name(text) else { throw malformed(text, "a name of a-z, 0-9 and -, begun by a letter") }
        return name
    }

    /// A name that nothing in the draft has yet.
    private mutating func newName(_ text: String, as kind: String) throws(CommandFailure) -> Name {
        let name = try Self.name(text)
        guard !names.values.joined().contains(name) else { throw Self.refusal(.nameTaken(name)) }
        names[kind, default: []].append(name)
        return name
    }

    func known(_ text: String, as kind: String) throws(CommandFailure) -> Name {
        guard let name = names[kind]?.first(where: { $0.description == text }) else {
            throw Self.refusal(.unknown(kind, text, known: names[kind] ?? []))
        }
        return name
    }

    private func component(_ text: String) throws(CommandFailure) -> DraftComponent {
        let name = try known(text, as: "component")
        guard let component = components.first(where: { $0.name == name }) else {
            throw Self.refusal(.unknown("component", text, known: components.map(\.name)))
        }
        return component
    }

    private static func refusal(_ error: DraftError) -> CommandFailure { CommandFailure(error) }
}
