package import Client
package import Commitments
internal import Platform
package import Plans
package import Primitives

/// What one participant brings to the sessions of a plan: which file fills which slot where.
package struct PlannedContents: Sendable {
    /// What fills one slot of one session.
    package struct Entry: Sendable {
        package let slot: Name
        package let path: String
        /// Reads the same bytes at any time, or says that they changed.
        package let content: ContentSource
        /// Of pinned data, what its commitment was made with.
        package let salt: FixedBytes<32>?
        package let isData: Bool
        /// Of a part of a table.
        package let rows: Int?
    }

    /// By session; components first, so that compiling begins as early as it can.
    package private(set) var entries: [Name: [Entry]] = [:]
    /// The sessions at which the participant promised something, in the plan's order.
    package let sessions: [Name]
    /// What was promised there and not named, with how many sessions it lacks in.
    package private(set) var unnamed: [(slot: Name, sessions: Int)] = []

    /// What was typed.
    package struct Arguments {
        package let components: [Assignment]
        package let data: [Assignment]
        package let splits: [Assignment]
        package let salts: [Assignment]

        package init(components: [Assignment], data: [Assignment], splits: [Assignment], salts: [Assignment]) {
            self.components = components
            self.data = data
            self.splits = splits
            self.salts = salts
        }
    }

    /// Opens each file and finds out where it goes. Nobody has been asked for anything by then.
    package init(
        _ arguments: Arguments, of participant: Name, in plan: ResolvedPlan
    ) throws(CommandFailure) {
        let provider = End.participant(participant)
        let manifests = plan.manifests
        let promised = manifests.filter { manifest in
            manifest.components.contains { $0.provider == participant }
                || manifest.data.contains { $0.provider == provider }
        }
        sessions = promised.map(\.name)
        for argument in arguments.components { try add(component: argument, of: participant, to: promised) }
        for argument in arguments.data { try add(data: argument, arguments.salts, of: provider, to: promised) }
        for argument in arguments.splits { try add(split: argument, of: provider, to: promised) }
        guard !entries.isEmpty else { throw CommandFailure(SessionCommandError.nothingToSubmit) }
        noteUnnamed(participant, promised)
    }

    /// How many sessions get something.
    package var sessionCount: Int { entries.count }

    // MARK: - Where a name leads

    /// `NAME`, or `SESSION/NAME`, where the session may be one that became shards: `site` for `site-1`, `site-2`, ….
    private struct Target {
        let session: String?
        let slot: Name

        init(_ text: String) throws(CommandFailure) {
            let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            guard parts.count <= 2, let slot = Name(parts[parts.count - 1]) else {
                throw CommandFailure(
                    CommandError.argument(text, expected: "the name of a slot, perhaps after its session and a slash"))
            }
            self.slot = slot
            session = parts.count == 2 ? parts[0] : nil
        }

        func matches(_ name: Name, among all: [Manifest]) -> Bool {
            guard let session else { return true }
            if all.contains(where: { $0.name.description == session }) { return name.description == session }
            guard name.description.hasPrefix(session + "-") else { return false }
            let number = name.description.dropFirst(session.utf8.count + 1)
            return !number.isEmpty && number.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        }
    }

    private func known(_ found: [Manifest], _ text: String, _ option: String) throws(CommandFailure) {
        guard found.isEmpty else { return }
        throw CommandFailure(PlannedContentsError.nowhere(text, option))
    }

    private mutating func put(_ entry: Entry, into session: Name) throws(CommandFailure) {
        guard entries[session]?.contains(where: { $0.slot == entry.slot }) != true else {
            throw CommandFailure(PlannedContentsError.twice(entry.slot, session))
        }
        entries[session, default: []].append(entry)
    }

    // MARK: - Files

    private mutating func add(
        component argument: Assignment, of participant: Name, to promised: [Manifest]
    ) throws(CommandFailure) {
        let target = try Target(argument.name)
        let found = promised.filter { manifest in
            target.matches(manifest.name, among: promised)
                && manifest.components.contains { $0.name == target.slot && $0.provider == participant }
        }
        try known(found, argument.name, "--component")
        var admitted: Set<SHA256Digest> = []
        for manifest in found {
            guard let component = manifest.components.first(where: { $0.name == target.slot }) else { continue }
            let file = try ComponentFile(argument.value, of: component)
            if admitted.insert(component.digest).inserted { _ = try file.admitted(under: manifest) }
            let opened = file.file
            try put(
                Entry(
                    slot: target.slot, path: argument.value,
                    content: ContentSource(byteCount: opened.byteCount) { try opened.read(upTo: $0, at: $1) },
                    salt: nil, isData: false, rows: nil), into: manifest.name)
        }
    }

    private mutating func add(
        data argument: Assignment, _ salts: [Assignment], of provider: End, to promised: [Manifest]
    ) throws(CommandFailure) {
        let target = try Target(argument.name)
        let found = Self.slots(target, of: provider, in: promised)
        try known(found.map(\.manifest), argument.name, "--data")
        let isOpen = found.contains { $0.entry.commitment == .any }
        guard found.count == 1 || !isOpen else {
            throw CommandFailure(
                PlannedContentsError.several(argument.name, argument.value, found.map(\.manifest.name)))
        }
        let salt = try Self.salt(of: argument.name, salts)
        for (manifest, entry) in found {
            let file = try DataFile.open(argument.value, of: entry, isPinned: entry.commitment != .any)
            try put(
                Entry(
                    slot: entry.name, path: argument.value,
                    content: ContentSource(byteCount: file.byteCount) { try file.read(upTo: $0, at: $1) },
                    salt: salt, isData: true, rows: nil), into: manifest.name)
        }
    }

    private mutating func add(
        split argument: Assignment, of provider: End, to promised: [Manifest]
    ) throws(CommandFailure) {
        let target = try Target(argument.name)
        let found = Self.slots(target, of: provider, in: promised)
        try known(found.map(\.manifest), argument.name, "--split")
        if let pinned = found.first(where: { $0.entry.commitment != .any }) {
            throw CommandFailure(PlannedContentsError.pinned(pinned.entry.name, pinned.manifest.name))
        }
        let shards = try RowShards(argument.value, into: found.count)
        for (part, (manifest, entry)) in found.enumerated() {
            let byteCount = shards.byteCount(of: part)
            guard byteCount <= entry.maximumBytes else {
                throw CommandFailure(
                    PlannedContentsError.partTooLarge(
                        entry.name, manifest.name, found: byteCount, maximum: entry.maximumBytes), in: argument.value)
            }
            try put(
                Entry(
                    slot: entry.name, path: argument.value,
                    content: ContentSource(byteCount: byteCount) { try shards.read(part: part, upTo: $0, at: $1) },
                    salt: nil, isData: true, rows: shards.rowCount(of: part)), into: manifest.name)
        }
    }

    private static func slots(
        _ target: Target, of provider: End, in promised: [Manifest]
    ) -> [(manifest: Manifest, entry: DataEntry)] {
        promised.filter { target.matches($0.name, among: promised) }.compactMap { manifest in
            manifest.data.first { $0.name == target.slot && $0.provider == provider }.map { (manifest, $0) }
        }
    }

    private static func salt(of name: String, _ salts: [Assignment]) throws(CommandFailure) -> FixedBytes<32>? {
        guard let text = salts.last(where: { $0.name == name })?.value else { return nil }
        guard let salt = FixedBytes<32>(hex: text) else {
            throw CommandFailure(CommandError.argument(text, expected: "64 hexadecimal digits"))
        }
        return salt
    }

    private mutating func noteUnnamed(_ participant: Name, _ promised: [Manifest]) {
        var counts: [Name: Int] = [:]
        for manifest in promised {
            let named = Set((entries[manifest.name] ?? []).map(\.slot))
            let own =
                manifest.components.filter { $0.provider == participant }.map(\.name)
                + manifest.data.filter { $0.provider == .participant(participant) }.map(\.name)
            for slot in own where !named.contains(slot) { counts[slot, default: 0] += 1 }
        }
        unnamed = counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}

/// Why files do not fill a plan's slots.
package enum PlannedContentsError: Error, Equatable {
    case nowhere(String, String)
    case twice(Name, Name)
    case several(String, String, [Name])
    case pinned(Name, Name)
    case partTooLarge(Name, Name, found: Int, maximum: Int)
}

extension PlannedContentsError: CommandFault {
    package var status: ExitStatus {
        switch self {
        case .nowhere, .twice: .usage
        case .several, .pinned, .partTooLarge: .refused
        }
    }

    package var code: String {
        switch self {
        case .nowhere: "plan.slot.unknown"
        case .twice: "plan.slot.twice"
        case .several: "plan.slot.several"
        case .pinned: "split.pinned"
        case .partTooLarge: "split.size"
        }
    }

    package var message: String {
        switch self {
        case .nowhere(let text, let option): "\(option): you promised no \(text) in this plan"
        case .twice(let slot, let session): "\(slot) of \(session) is named twice"
        case .several(let slot, _, let sessions):
            "\(slot) is a slot of \(sessions.count) sessions, from \(sessions[0]) on"
        case .pinned(let slot, let session): "\(session) pins the content of \(slot), so it cannot be a part of a table"
        case .partTooLarge(let slot, let session, let found, let maximum):
            "the part for \(slot) of \(session) has \(found) bytes, and the manifest allows \(maximum)"
        }
    }

    package var hint: String? {
        switch self {
        case .nowhere: "`2cvm plan explain --as` shows what you bring"
        case .twice: nil
        case .several(let slot, let path, let sessions):
            "--split \(slot)=\(path) gives each a part of the rows; "
                + "--data \(sessions[0])/\(slot)=FILE names one of them"
        case .pinned: "a manifest that becomes shards leaves such data open: \"commitment\": \"any\""
        case .partTooLarge: "make the plan with more shards, or a larger maximumBytes"
        }
    }
}
