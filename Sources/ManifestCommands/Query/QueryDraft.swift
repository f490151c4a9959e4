import Commitments
import Execution
import Formats
import FoundationEssentials
import Platform
import Primitives
import Workbench

/// A draft for one query: the parts that `manifest new` has options for, worked out from the query's files.
struct QueryDraft {
    /// More digits of a number than a result needs, which would each be a way to tell something.
    private static let mostFractionDigits = 6
    /// What a result may have that is described.
    private static let describedBytes = 16 << 20
    private static let leastBytes = 1 << 16

    private let query: String
    private let querySalt: FixedBytes<32> = randomBytes()
    private let language: QuestionLanguage
    private let provider: String
    private let tables: [QueryTable]
    private let output: (name: Name, recipients: [Name])
    /// What somebody said of single entries.
    private let given: DraftGrants

    /// Reads everything that the options name.
    init(
        _ query: String, _ options: QueryOptions, _ parts: PartOptions, output: String?
    ) throws(CommandFailure) {
        self.query = query
        let expected = "--output NAME:RECIPIENT,RECIPIENT beside \(options.flag)"
        guard let output else { throw Questions.missing(["--output NAME:RECIPIENT"]) }
        let owned = try OwnedText(output, expected: expected)
        let recipients = owned.owner.split(separator: ",").map { Name(String($0)) }
        guard let name = Name(owned.name), owned.value == nil, !recipients.isEmpty, !recipients.contains(nil) else {
            throw malformed(output, expected)
        }
        self.output = (name, recipients.compactMap(\.self))
        provider = options.by ?? "\(self.output.recipients[0])"
        language = try options.language()
        var tables: [QueryTable] = []
        given = try parts.grants()
        for text in parts.data { tables.append(try QueryTable(text, given.formats)) }
        self.tables = tables
        let (_, byteCount) = try hashFile(query, maximumByteCount: 1 << 20)
        guard byteCount > 0 else { throw CommandFailure(QueryError.empty(language.noun), in: query) }
        // What is made up does not show what the real result can be.
        guard !isDescribing || tables.allSatisfy({ $0.pin != nil }) else {
            throw CommandFailure(QueryError.undescribed(name))
        }
    }

    /// The manifest's name: the query's, where it can be one.
    var name: String {
        Name(stem).map(\.description) ?? "\(output.name)"
    }

    var purpose: String {
        let read = tables.isEmpty ? "" : " over " + tables.map(\.name.description).joined(separator: ", ")
        let recipients = output.recipients.map(\.description).joined(separator: ", ")
        let file = "\(language.noun) \(stem)\(language.ending)"
        return "The \(file)\(read). \(recipients) receives its result, \(output.name)."
    }

    /// The query's own name without its ending, where a path can have it.
    private var stem: String {
        let file = query.split(separator: "/").last.map(String.init) ?? ""
        let ending = language.ending
        let stem = file.hasSuffix(ending) ? String(file.dropLast(ending.count)) : file
        return GuestPath("/code/\(stem)\(ending)") == nil || stem.isEmpty ? language.entry : stem
    }

    /// Everybody who takes part, each once.
    private var participants: [String] {
        var names: [String] = []
        let all = [provider] + tables.map(\.provider.description) + output.recipients.map(\.description)
        for name in all where !names.contains(name) { names.append(name) }
        return names
    }

    /// - Parameter given: `.pub` files that were named. The others lie here, under their participants' names.
    func participantFiles(_ given: [String]) throws(CommandFailure) -> [String] {
        var known: [Name] = []
        for file in given {
            known.append(
                try readFile(
                    file, maximumByteCount: Participant.maximumByteCount, as: Participant.init(decoding:)
                ).name)
        }
        var files = given
        for text in participants where !known.contains(where: { $0.description == text }) {
            guard let name = Name(text) else { throw malformed(text, "a participant's name") }
            guard NamedFile.exists("\(name).pub") else { throw CommandFailure(QueryError.noParticipant(name)) }
            files.append("\(name).pub")
        }
        return files
    }
}

// MARK: - The parts

extension QueryDraft {
    /// Fills the draft with what follows from the query.
    func fill(_ draft: Draft) throws(CommandFailure) -> Draft {
        let (component, entry) = (language.component, language.entry)
        let (commitment, _, byteCount) = try contentCommitment(to: query, salt: querySalt)
        var bounds = [entry: byteCount.roundedToPowerOfTwo(atLeast: 4096)]
        var formats: [String: JSONValue] = [:]
        for table in tables {
            bounds["\(table.name)"] = table.maximumBytes
            formats["\(table.name)"] = table.format
        }
        bounds["\(output.name)"] = Self.describedBytes
        if isDescribing { formats["\(output.name)"] = "any" }
        var grants = given
        grants.maximumBytes.merge(bounds) { given, _ in given }
        grants.formats.merge(formats) { given, _ in given }
        let read = tables.reduce(0) { $0 + (grants.maximumBytes["\($1.name)"] ?? 0) }
        grants.memory.merge([component: language.memoryMiB(reading: read)]) { given, _ in given }
        language.grant(&grants)

        var draft = try language.bring(to: draft, of: provider)
        draft = try draft.granting(grants).running([component])
        let pinned = tables.map { table in
            "\(table.name):\(table.provider)" + (table.pin.map { "=\($0.commitment.prefixed)" } ?? "")
        }
        let question = "\(entry):\(provider)" + (isAskedAnew ? "" : "=\(commitment.prefixed)")
        draft = try draft.bringing(data: pinned + [question])
        draft = try draft.mounting(
            tables.map { "\($0.name):\(component)=\($0.mountPath)" }
                + ["\(entry):\(component)=\(language.source(named: stem))"])
        draft = try draft.releasing(outputs: [outputText])
        let result = language.result(of: stem, for: output.name)
        return try draft.releasing(files: ["\(output.name):\(component)=\(result)"]).logging([])
    }

    private var outputText: String {
        "\(output.name)=" + output.recipients.map(\.description).joined(separator: ",")
    }

    /// Seconds to compile, where no option says it.
    var compileSeconds: Int { language.compileSeconds }

    /// More than the usual where there is much to read: some 4 MiB in a second, at the slowest.
    var wallTimeSeconds: Int {
        LimitOptions.usualWallTimeSeconds + tables.reduce(0) { $0 + $1.maximumBytes } >> 22
    }

    /// The option that a rehearsal needs for data that is not at hand.
    var standIns: String {
        tables.filter { $0.pin == nil }.map { "--stand-in \($0.name) " }.joined()
    }

    /// Whether each run has a question of its own: then nothing pins the one at hand.
    private var isAskedAnew: Bool { given.perRun.contains(language.entry) }

    /// Whether nobody has said what the output may be: then the query's result shows it.
    var isDescribing: Bool { given.formats["\(output.name)"] == nil }

    /// Runs the query here, and gives the output the format that its result shows.
    ///
    /// - Parameter manifest: the draft as it is so far.
    func describing(
        _ draft: Draft, _ manifest: Manifest, _ progress: Progress
    ) throws(CommandFailure) -> Draft {
        let rehearsal = Rehearsal(manifest: manifest, progress: progress)
        let brought = brought(manifest)
        let sources = try DataSources(brought.data, standIns: [], seed: 1, salts: brought.salts, for: manifest)
        let result = try rehearsal.rehearse(
            brought.components.map { (manifest.components[0].name, $0.value) },
            holding: language.installed(for: manifest), sources)
        let outputs = try RunSummary(.draft(manifest), result, standIns: []).requireOutputs()
        guard let table = outputs.first else { throw CommandFailure(QueryError.notTable(output.name)) }
        return try formed(draft, by: table)
    }

    private func formed(_ draft: Draft, by table: CollectedOutput) throws(CommandFailure) -> Draft {
        let format: JSONValue
        do {
            let content = try table.read(upTo: table.byteCount, at: 0)
            var description = CSVDraft()
            try description.take(content)
            format = try description.finish()
        } catch {
            throw CommandFailure(QueryError.notTable(output.name))
        }
        var draft = draft
        draft.grants.formats["\(output.name)"] = Self.narrowed(format)
        let bound = given.maximumBytes["\(output.name)"]
        draft.grants.maximumBytes["\(output.name)"] =
            bound ?? (4 * table.byteCount).roundedToPowerOfTwo(atLeast: Self.leastBytes)
        return try draft.releasing(outputs: [outputText])
    }

    private static func narrowed(_ format: JSONValue) -> JSONValue {
        switch format {
        case .object(let members):
            .object(
                members.map { member in
                    guard member.name == "fractionDigits", case .integer(let digits) = member.value else {
                        return JSONMember(member.name, narrowed(member.value))
                    }
                    return JSONMember(member.name, .integer(min(digits, mostFractionDigits)))
                })
        case .array(let values): .array(values.map(narrowed))
        default: format
        }
    }

    /// What the commands that follow need to know: which file is what, and by which salt.
    func brought(_ manifest: Manifest) -> BroughtFiles {
        var brought = BroughtFiles()
        if case .sql(let runtime) = language {
            for component in manifest.components {
                brought.add(component: component.name, file: absolutePath(runtime))
            }
        }
        for entry in manifest.data {
            if let table = tables.first(where: { $0.name == entry.name }) {
                guard let pin = table.pin else { continue }
                brought.add(data: entry.name, file: absolutePath(table.path), salt: pin.salt)
            } else {
                brought.add(data: entry.name, file: absolutePath(query), salt: isAskedAnew ? nil : querySalt)
            }
        }
        return brought
    }
}

/// A path that means the same file in every folder.
private func absolutePath(_ path: String) -> String {
    path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
}
