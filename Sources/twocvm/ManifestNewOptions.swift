import ArgumentParser
import Commitments
import Evidence
import Image
import Platform
import Primitives

// The options of `manifest new`, each group with the JSON that it gives. Values are not judged here:
// decoding the draft does that once, with the same rules as for everyone's manifest.

struct AgreementOptions: ParsableArguments {
    @Option(help: "The manifest's name.")
    var name: String?

    @Option(help: "What it is for, in plain words.")
    var purpose: String?

    @Option(help: ArgumentHelp("A participant's NAME.pub. Repeat it.", valueName: "file"), completion: .file())
    var participant: [String] = []

    static func entries(_ files: [String]) throws(CommandFailure) -> [JSONValue] {
        var entries: [JSONValue] = []
        for file in files {
            let participant = try readFile(
                file, maximumByteCount: Participant.maximumByteCount, as: Participant.init(decoding:))
            entries.append(participant.json)
        }
        return entries
    }
}

struct PartOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A component: NAME:PROVIDER=FILE. Repeat it.", valueName: "component"))
    var component: [String] = []

    @Option(help: ArgumentHelp("What it may import: NAME=INTERFACE,INTERFACE.", valueName: "imports"))
    var imports: [String] = []

    @Option(help: ArgumentHelp("Its memory in MiB: NAME=COUNT. Without one: 64.", valueName: "memory"))
    var memory: [String] = []

    @Option(help: ArgumentHelp("NAME=real for the host's clock. Without one: virtual.", valueName: "clock"))
    var clock: [String] = []

    @Option(help: ArgumentHelp("NAME=real or NAME=repeatable, if it imports wasi:random.", valueName: "randomness"))
    var randomness: [String] = []

    @Option(
        help: ArgumentHelp(
            "Data: NAME:PROVIDER, or NAME:PROVIDER=COMMITMENT from `2cvm data commit`. Repeat it.", valueName: "data"))
    var data: [String] = []

    @Option(help: ArgumentHelp("An output: NAME=RECIPIENT,RECIPIENT, or NAME=all. Repeat it.", valueName: "output"))
    var outputTo: [String] = []

    @Option(
        help: ArgumentHelp(
            "The bound of data or an output: NAME=BYTES. Without one: 16 MiB, 1 MiB.", valueName: "bound"))
    var maximumBytes: [String] = []

    /// The largest component that `manifest new` reads; the format's own bound.
    private static let maximumComponentByteCount = 1 << 28

    func components(_ specifications: [String]) throws(CommandFailure) -> [JSONValue] {
        let imports = try pairs(self.imports)
        let memory = try pairs(self.memory)
        let clock = try pairs(self.clock)
        let randomness = try pairs(self.randomness)
        var entries: [JSONValue] = []
        var names: [String] = []
        for text in specifications {
            let owned = try Owned(text, expected: "NAME:PROVIDER=FILE")
            guard let file = owned.value else { throw Self.malformed(text, "NAME:PROVIDER=FILE") }
            names.append(owned.name)
            let content = try hashFile(file, maximumByteCount: Self.maximumComponentByteCount)
            var members = [
                JSONMember("name", .string(owned.name)), JSONMember("provider", .string(owned.owner)),
                JSONMember("digest", .string(content.digest.prefixed)),
                JSONMember("maximumBytes", .integer(max(content.byteCount, 1))),
                JSONMember("imports", .array(list(imports[owned.name] ?? "").map { .string($0) })),
                JSONMember("memoryMiB", .integer(try count(memory[owned.name] ?? "64"))),
            ]
            if let clock = clock[owned.name] { members.append(JSONMember("clock", .string(clock))) }
            if let kind = randomness[owned.name] { members.append(JSONMember("randomness", .string(kind))) }
            entries.append(.object(members))
        }
        for values in [imports, memory, clock, randomness] { try Self.require(values, among: names) }
        return entries
    }

    mutating func askForRest(_ questions: Questions) {
        imports = questions.rest(imports, asking: "Imports, each COMPONENT=INTERFACE,INTERFACE")
        data = questions.rest(data, asking: "Data, each NAME:PROVIDER or NAME:PROVIDER=COMMITMENT")
        outputTo = questions.rest(outputTo, asking: "Outputs, each NAME=RECIPIENT,RECIPIENT or NAME=all")
    }

    func dataEntries() throws(CommandFailure) -> [JSONValue] {
        let bounds = try pairs(maximumBytes)
        var entries: [JSONValue] = []
        for text in data {
            let owned = try Owned(text, expected: "NAME:PROVIDER or NAME:PROVIDER=COMMITMENT")
            entries.append([
                "name": .string(owned.name), "provider": .string(owned.owner),
                "commitment": .string(owned.value ?? "any"),
                "maximumBytes": .integer(try count(bounds[owned.name] ?? "16777216")),
            ])
        }
        return entries
    }

    func outputs(participants: [JSONValue]) throws(CommandFailure) -> [JSONValue] {
        let bounds = try pairs(maximumBytes)
        let everyone = participants.compactMap { value -> JSONValue? in
            guard case .object(let members) = value else { return nil }
            return members.first { $0.name == "name" }?.value
        }
        var entries: [JSONValue] = []
        for text in outputTo {
            let (name, recipients) = try pair(text, expected: "NAME=RECIPIENT,RECIPIENT")
            entries.append([
                "name": .string(name),
                "recipients": .array(recipients == "all" ? everyone : list(recipients).map { .string($0) }),
                "maximumBytes": .integer(try count(bounds[name] ?? "1048576")),
            ])
        }
        let names = (data + outputTo).map { String($0.prefix { $0 != ":" && $0 != "=" }) }
        try Self.require(bounds, among: names)
        return entries
    }

    /// A value for a name that nothing has would be ignored, and its author would not know.
    private static func require(_ values: [String: String], among names: [String]) throws(CommandFailure) {
        for (name, value) in values where !names.contains(name) {
            throw malformed("\(name)=\(value)", "the name of an entry")
        }
    }

    static func malformed(_ text: String, _ expected: String) -> CommandFailure {
        CommandFailure(.usage, CommandError.argument(text, expected: expected))
    }
}

struct FlowOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Data to read: DATA:COMPONENT=/path. Repeat it.", valueName: "mount"))
    var mount: [String] = []

    @Option(
        help: ArgumentHelp("Calls: IMPORTER:IMPORT=EXPORTER:INTERFACE. Repeat it.", valueName: "link"))
    var link: [String] = []

    @Option(help: ArgumentHelp("A file that leaves: OUTPUT:COMPONENT=/output/path. Repeat it.", valueName: "release"))
    var release: [String] = []

    @Option(help: ArgumentHelp("Printed words that leave: OUTPUT:COMPONENT=stderr. Repeat it.", valueName: "log"))
    var log: [String] = []

    @Option(help: ArgumentHelp("The component to call: COMPONENT, or COMPONENT=INTERFACE.", valueName: "run"))
    var run: String?

    mutating func askForRest(_ questions: Questions) {
        mount = questions.rest(mount, asking: "Mounts, each DATA:COMPONENT=/path")
        link = questions.rest(link, asking: "Links, each IMPORTER:IMPORT=EXPORTER:INTERFACE")
        release = questions.rest(release, asking: "Releases, each OUTPUT:COMPONENT=/output/path")
        log = questions.rest(log, asking: "Logs, each OUTPUT:COMPONENT=stdout or stderr")
    }

    func channels() throws(CommandFailure) -> [JSONValue] {
        var channels: [JSONValue] = []
        for text in mount { channels.append(try channel("mount", text, "path", "DATA:COMPONENT=/path")) }
        for text in link {
            let expected = "IMPORTER:IMPORT=EXPORTER:INTERFACE"
            let sides = try pair(text, expected: expected)
            let importing = try Owned(sides.0, expected: expected)
            let exporting = try Owned(sides.1, expected: expected)
            channels.append([
                "link": .string(importing.owner), "importer": .string(importing.name),
                "exporter": .string(exporting.name), "export": .string(exporting.owner),
            ])
        }
        for text in release { channels.append(try channel("release", text, "path", "OUTPUT:COMPONENT=/output/path")) }
        for text in log { channels.append(try channel("log", text, "stream", "OUTPUT:COMPONENT=stdout or stderr")) }
        return channels
    }

    static func entryPoint(_ text: String) throws(CommandFailure) -> JSONValue {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        return [
            "component": .string(parts.first ?? ""), "export": .string(parts.count == 2 ? parts[1] : "wasi:cli/run"),
        ]
    }

    private func channel(
        _ kind: String, _ text: String, _ member: String, _ expected: String
    ) throws(CommandFailure) -> JSONValue {
        let owned = try Owned(text, expected: expected)
        guard let value = owned.value else { throw PartOptions.malformed(text, expected) }
        return .object([
            JSONMember(kind, .string(owned.name)), JSONMember("component", .string(owned.owner)),
            JSONMember(member, .string(value)),
        ])
    }
}

struct LimitOptions: ParsableArguments {
    @Option(help: "Seconds to compile.")
    var compileSeconds = 60

    @Option(help: "Seconds to run.")
    var wallTimeSeconds = 60

    @Option(help: "Seconds until everything must be submitted.")
    var admissionSeconds = 86_400

    @Option(help: "Seconds for which outputs can be fetched.")
    var retentionSeconds = 86_400

    func value() throws(CommandFailure) -> JSONValue {
        [
            "compileSeconds": .integer(try bounded(compileSeconds)),
            "wallTimeSeconds": .integer(try bounded(wallTimeSeconds)),
            "admissionSeconds": .integer(try bounded(admissionSeconds)),
            "retentionSeconds": .integer(try bounded(retentionSeconds)),
            "runs": 1,
        ]
    }
}

struct PlatformOptions: ParsableArguments {
    @Flag(help: "A simulated platform, for rehearsals: it keeps nobody out.")
    var simulated = false

    @Option(help: ArgumentHelp("A simulated platform's measurement: 96 digits. Repeat it.", valueName: "hex"))
    var measurement: [String] = []

    @Option(
        help: ArgumentHelp("A file with the manifest's \"platform\" object.", valueName: "file"), completion: .file())
    var platform: String?

    @Option(help: ArgumentHelp("A CHIP_ID, \"csp:NAME\" or \"any\", if the file has no chips.", valueName: "chip"))
    var chip: [String] = []

    @Option(
        help: ArgumentHelp("An image, for its measurements, if the file has none.", valueName: "folder"),
        completion: .directory)
    var image: String?

    func value(_ questions: inout Questions) throws(CommandFailure) -> JSONValue {
        let file =
            simulated
            ? "simulated"
            : questions.answer(
                platform, asking: "File with the platform object, or simulated", missing: "--platform or --simulated")
        if simulated || (platform == nil && file == "simulated") {
            return [
                "kind": "simulated", "binding": "launch", "measurements": try simulatedMeasurements(),
            ]
        }
        guard !file.isEmpty else { return .null }
        let value = try readFile(file, maximumByteCount: Manifest.maximumByteCount) {
            bytes throws(JSONError) in
            try JSONValue(parsing: bytes, maximumByteCount: Manifest.maximumByteCount)
        }
        guard case .object(var members) = value else {
            throw CommandFailure(.unreadable, CommandError.notAnObject, in: file)
        }
        if let image {
            guard !members.contains(where: { $0.name == "measurements" }) else {
                throw PartOptions.malformed(image, "no --image beside a file that has measurements")
            }
            members.append(JSONMember("measurements", try launchMeasurements(of: image)))
        }
        if !members.contains(where: { $0.name == "chips" }) {
            // Never proposed: "any" accepts a chip that somebody opened in a laboratory.
            let chips = questions.answers(chip, asking: "Chips: CHIP_IDs, csp:NAME, or any", missing: "--chip")
            members.append(JSONMember("chips", chips == ["any"] ? "any" : .array(chips.map { .string($0) })))
        }
        return .object(members)
    }

    /// Those that were given, else the one that a trial of the image shows, else zeros.
    private func simulatedMeasurements() throws(CommandFailure) -> JSONValue {
        if !measurement.isEmpty { return .array(measurement.map { .string($0) }) }
        guard let image else { return [.string(FixedBytes<48>(repeating: 0).description)] }
        let hashes = try kernelHashes(of: try readImage(image).manifest)
        return [.string(TrialMeasurement(hashes).digest.description)]
    }

    /// Recomputed from the image's files, never taken from what it says.
    private func launchMeasurements(of folder: String) throws(CommandFailure) -> JSONValue {
        let measurements = try recomputedMeasurements(of: try readImage(folder))
        guard !measurements.isEmpty else { throw CommandFailure(.refused, ImageError.noFirmware, in: folder) }
        let digests = measurements.map { $0.digest.description }
        return .array(digests.indices.filter { !digests[..<$0].contains(digests[$0]) }.map { .string(digests[$0]) })
    }
}

// MARK: - Reading flags

/// `NAME:OWNER` or `NAME:OWNER=VALUE`.
private struct Owned {
    let name: String
    let owner: String
    let value: String?

    init(_ text: String, expected: String) throws(CommandFailure) {
        let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let parts = sides[0].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            throw PartOptions.malformed(text, expected)
        }
        name = parts[0]
        owner = parts[1]
        value = sides.count == 2 ? sides[1] : nil
    }
}

private func pair(_ text: String, expected: String) throws(CommandFailure) -> (String, String) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !parts[0].isEmpty else { throw PartOptions.malformed(text, expected) }
    return (parts[0], parts[1])
}

/// `NAME=VALUE` flags by name; a name that comes twice is a mistake.
private func pairs(_ texts: [String]) throws(CommandFailure) -> [String: String] {
    var values: [String: String] = [:]
    for text in texts {
        let (name, value) = try pair(text, expected: "NAME=VALUE")
        guard values.updateValue(value, forKey: name) == nil else {
            throw PartOptions.malformed(text, "one value for \(name)")
        }
    }
    return values
}

private func list(_ text: String) -> [String] {
    text.split(separator: ",").map(String.init)
}

private func count(_ text: String) throws(CommandFailure) -> Int {
    guard let count = Int(text) else { throw PartOptions.malformed(text, "a whole number") }
    return try bounded(count)
}

/// A number that JSON can hold. Whether the manifest takes it, its decoding says.
private func bounded(_ count: Int) throws(CommandFailure) -> Int {
    guard count.magnitude <= JSONValue.maximumInteger else {
        throw PartOptions.malformed("\(count)", "a whole number below 2^53")
    }
    return count
}
