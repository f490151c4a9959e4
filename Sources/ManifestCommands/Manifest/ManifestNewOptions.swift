import ArgumentParser
import CommandOptions
import Commitments
import Evidence
import Image
import Platform
import Primitives
import Workbench

// The options of `manifest new`. Draft holds their values against each other.

struct AgreementOptions: ParsableArguments {
    @Option(help: "The manifest's name.")
    var name: String?

    @Option(help: "What it is for, in plain words.")
    var purpose: String?

    @Option(help: ArgumentHelp("A participant's NAME.pub. Repeat it.", valueName: "file"), completion: .file())
    var participant: [String] = []
}

struct PartOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A component: NAME:PROVIDER=FILE. Repeat it.", valueName: "component"))
    var component: [String] = []

    @Option(
        help: ArgumentHelp(
            "What it may import: NAME=INTERFACE,INTERFACE. Without it, what the file imports.", valueName: "imports"))
    var imports: [String] = []

    @Option(
        help: ArgumentHelp(
            "Its memory in MiB: NAME=COUNT. Without it, twice what the file starts with, and 64 at least.",
            valueName: "memory"))
    var memory: [String] = []

    @Option(help: ArgumentHelp("An argument of a component: NAME=TEXT. Repeat it, in order.", valueName: "text"))
    var argument: [String] = []

    @Option(help: ArgumentHelp("The MiB of its folder /tmp: NAME=COUNT. Without it: none.", valueName: "size"))
    var temporary: [String] = []

    @Option(help: ArgumentHelp("NAME=real for the host's clock. Without one: virtual.", valueName: "clock"))
    var clock: [String] = []

    @Option(help: ArgumentHelp("NAME=real or NAME=repeatable, if it imports wasi:random.", valueName: "randomness"))
    var randomness: [String] = []

    @Option(
        help: ArgumentHelp(
            "Data: NAME:PROVIDER, or NAME:PROVIDER=COMMITMENT from `2cvm data commit`. Repeat it. Beside --sql "
                + "or --python: NAME=FILE:PROVIDER.", valueName: "data"))
    var data: [String] = []

    @Option(help: ArgumentHelp("An output: NAME=RECIPIENT,RECIPIENT, or NAME=all. Repeat it.", valueName: "output"))
    var outputTo: [String] = []

    @Option(
        help: ArgumentHelp(
            "The bound of data or an output: NAME=BYTES. Without one: 16 MiB, 1 MiB.", valueName: "bound"))
    var maximumBytes: [String] = []

    @Option(
        help: ArgumentHelp(
            "What an output or data may be: NAME=FILE, as `2cvm data describe` drafts it, or NAME=any for whatever "
                + "bytes. Each output needs one; a log's is text if you give none.", valueName: "format"))
    var format: [String] = []

    @Option(
        help: ArgumentHelp(
            "Data that is brought for each run anew: its name. Beside --sql the question's is query, beside --python "
                + "script. Repeat it.", valueName: "name"))
    var perRun: [String] = []

    @Option(
        help: ArgumentHelp(
            "Who must agree to a question before it runs, or to an output before it leaves, and within how long: "
                + "NAME=PARTICIPANT,PARTICIPANT:SECONDS. Repeat it.", valueName: "approval"))
    var approval: [String] = []

    func grants() throws(CommandFailure) -> DraftGrants {
        func same(_ text: String) throws(CommandFailure) -> String { text }
        var arguments: [String: [String]] = [:]
        for text in argument {
            let (name, value) = try pairText(text, expected: "NAME=TEXT")
            arguments[name, default: []].append(value)
        }
        var grants = DraftGrants()
        grants.imports = try pairTexts(imports) { text throws(CommandFailure) in
            text.split(separator: ",").map(String.init)
        }
        grants.memory = try pairTexts(memory, countText)
        grants.temporary = try pairTexts(temporary, countText)
        grants.arguments = arguments
        grants.clock = try pairTexts(clock, same)
        grants.randomness = try pairTexts(randomness, same)
        grants.maximumBytes = try pairTexts(maximumBytes, countText)
        grants.formats = try pairTexts(format, DraftGrants.format)
        grants.perRun = Set(perRun)
        grants.approvals = try pairTexts(approval, DraftGrants.approval)
        return grants
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
}

struct LimitOptions: ParsableArguments {
    @Option(help: "Seconds to compile. Without it: 60, and 600 for a script.")
    var compileSeconds: Int?

    @Option(help: "Seconds to run. Without it: 60, and more for a question over much data.")
    var wallTimeSeconds: Int?

    @Option(help: "Seconds until everything must be submitted.")
    var admissionSeconds = 86_400

    @Option(help: "Seconds for which outputs can be fetched.")
    var retentionSeconds = 86_400

    @Option(help: "How many runs there can be: more than one needs data that is brought --per-run.")
    var runs = 1

    @Option(help: ArgumentHelp("How many runs may release nothing. Without it: all.", valueName: "count"))
    var failures: Int?

    @Option(help: ArgumentHelp("How many runs' outputs are kept at once. Without it: 1.", valueName: "count"))
    var keepRuns: Int?

    static let usualWallTimeSeconds = 60

    /// As no option says anything.
    static let usual: JSONValue = [
        "compileSeconds": 60, "wallTimeSeconds": .integer(usualWallTimeSeconds), "admissionSeconds": 86_400,
        "retentionSeconds": 86_400, "runs": 1,
    ]

    /// - Parameters:
    ///   - wallTime: the seconds to run, where no option says it.
    ///   - compiling: the seconds to compile, where no option says it.
    func value(wallTime: Int, compiling: Int = 60) throws(CommandFailure) -> JSONValue {
        let counts: [(String, Int?)] = [("runs", runs), ("failures", failures), ("keepRuns", keepRuns)]
        var members: [JSONMember] = [
            JSONMember("compileSeconds", .integer(try countText("\(compileSeconds ?? compiling)"))),
            JSONMember("wallTimeSeconds", .integer(try countText("\(wallTimeSeconds ?? wallTime)"))),
            JSONMember("admissionSeconds", .integer(try countText("\(admissionSeconds)"))),
            JSONMember("retentionSeconds", .integer(try countText("\(retentionSeconds)"))),
        ]
        for (name, count) in counts {
            if let count { members.append(JSONMember(name, .integer(try countText("\(count)")))) }
        }
        return .object(members)
    }
}

struct PlatformOptions: ParsableArguments {
    enum Binding: String, CaseIterable, ExpressibleByArgument {
        case launch, lock
    }

    @Flag(help: "A simulated platform, for rehearsals: it keeps nobody out.")
    var simulated = false

    @Option(help: ArgumentHelp("A simulated platform's measurement: 96 digits. Repeat it.", valueName: "hex"))
    var measurement: [String] = []

    @Option(
        help: ArgumentHelp("A file with the manifest's \"platform\" object.", valueName: "file"), completion: .file())
    var platform: String?

    @Option(
        help: ArgumentHelp(
            "lock: the first manifest that all have signed locks a machine that was launched for none. launch: the "
                + "machine is launched for this manifest's digest. Needed if the file has none; a simulated platform's "
                + "is lock unless you say launch.", valueName: "lock|launch"))
    var binding: Binding?

    @Option(help: ArgumentHelp("A CHIP_ID, \"csp:NAME\" or \"any\", if the file has no chips.", valueName: "chip"))
    var chip: [String] = []

    @Option(
        help: ArgumentHelp("An image, for its measurements, if the file has none.", valueName: "folder"),
        completion: .directory)
    var image: String?

    static let simulatedWord = "simulated"
    /// A simulated platform, as no option says anything.
    static let usual: JSONValue = [
        "kind": "simulated", "binding": "lock",
        "measurements": [.string(FixedBytes<48>(repeating: 0).description)],
    ]
    static let platformQuestion = Question(
        "File with the platform object, or simulated", flag: "--platform or --simulated", .line)
    static let bindingQuestion = Question(
        "Binding: launch for a machine that is launched for this manifest alone, lock for one that its first signed "
            + "manifest locks", flag: "--binding", .line)
    // "any" is never proposed: it accepts a chip that somebody opened in a laboratory.
    static let chipQuestion = Question("Chips: CHIP_IDs, csp:NAME, or any", flag: "--chip")

    /// What the flags say of the platform: a file, or the word `simulated`.
    var given: [String] { simulated ? [Self.simulatedWord] : platform.map { [$0] } ?? [] }

    /// The platform as the file has it. Binding and chips may still be missing.
    func value(_ file: String) throws(CommandFailure) -> JSONValue {
        if file == Self.simulatedWord, platform == nil {
            return [
                "kind": "simulated", "binding": .string((binding ?? .lock).rawValue),
                "measurements": try simulatedMeasurements(),
            ]
        }
        let value = try readFile(file, maximumByteCount: Manifest.maximumByteCount) {
            bytes throws(JSONError) in
            try JSONValue(parsing: bytes, maximumByteCount: Manifest.maximumByteCount)
        }
        guard case .object(var members) = value else {
            throw CommandFailure(CommandError.notAnObject, in: file)
        }
        if let image {
            guard !members.contains(where: { $0.name == "measurements" }) else {
                throw malformed(image, "no --image beside a file that has measurements")
            }
            members.append(JSONMember("measurements", try launchMeasurements(of: image)))
        }
        guard binding == nil || !members.contains(where: { $0.name == "binding" }) else {
            throw malformed(binding?.rawValue ?? "", "no --binding beside a file that has one")
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
        guard !measurements.isEmpty else { throw CommandFailure(ImageError.noFirmware, in: folder) }
        let digests = measurements.map { $0.digest.description }
        return .array(digests.indices.filter { !digests[..<$0].contains(digests[$0]) }.map { .string(digests[$0]) })
    }
}
