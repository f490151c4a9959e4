import ArgumentParser
import Commitments
import Execution
import Formats
import Platform
import Primitives
import Verification

/// Runs a manifest on this machine, for those who own everything that they bring to it.
struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Rehearse a manifest on this machine: the same composition and walls, no attestation.",
        discussion: """
            Takes a draft or an envelope, and says whose signatures are missing. Every component must be the one \
            that the manifest pins. Data that the manifest pins is compared with its commitment, which needs its \
            salt; use --stand-in to rehearse on other data, or on data that is made up by the entry's format.

            Here, and only here, you see why code failed: traps, and what components printed. In a sealed run their \
            provider sees no more than a log channel grants.

            Outputs are written to files of the folder that bear the outputs' names, all or none of them.

            Exit status: 0 all outputs are there, 1 refused before anything ran, 2 and 3 as for every command, \
            4 the run failed, 130 interrupted: then no output is left.

            Example: 2cvm run manifest.json --component moments-a=moments.wasm --component regression=regression.wasm \
            --data patients-a=patients.csv --output results
            """)

    @Argument(help: "A draft, or an envelope with signatures.", completion: .file(extensions: ["json"]))
    var manifest: String

    @OptionGroup var components: ComponentOptions

    @Option(help: ArgumentHelp("A file of data.", valueName: "name=file"), completion: .file())
    var data: [Assignment] = []

    @Option(
        help: ArgumentHelp(
            "Other data in the place of an entry: a file, or data that is made up by its format.",
            valueName: "name[=file]"))
    var standIn: [StandInArgument] = []

    @Option(help: ArgumentHelp("What made-up data is drawn from: the same number, the same data.", valueName: "number"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("The salt that pinned data was committed with.", valueName: "name=hex"))
    var salt: [Assignment] = []

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The folder for the outputs.", valueName: "folder"),
        completion: .directory)
    var output: String

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let document = try readManifest(manifest)
        let progress = Progress(isQuiet: json)
        progress.note("this is a rehearsal: nothing is attested, and this machine's owner sees everything")
        if !document.missingSigners.isEmpty {
            progress.note("not signed by " + document.missingSigners.map(\.description).joined(separator: ", "))
        }
        let rehearsal = Rehearsal(manifest: document.manifest, progress: progress)
        let folder = OutputFolder(output, for: document.manifest)
        try folder.requireFree()

        let components = try Assignment.complete(
            components.component, for: document.manifest.components.map(\.name), option: "--component")
        let sources = try DataSources(
            data, standIns: standIn, seed: seed, salts: salt, for: document.manifest)
        let plan = try rehearsal.plan(components)
        let result = try rehearsal.run(plan, sources)

        let summary = RunSummary(document, result, standIns: sources.standIns)
        if case .completed(let outputs) = result.outcome { try folder.write(outputs) }
        if json { printJSON(summary.json(folder: output)) } else { summary.show(folder: output) }
        if case .failed(let reason) = result.outcome {
            throw CommandFailure(summary.failure(reason))
        }
    }
}

/// `NAME=FILE`, or `NAME` for data that is made up.
struct StandInArgument: ExpressibleByArgument {
    let name: String
    let file: String?

    init?(argument: String) {
        guard let equals = argument.firstIndex(of: "=") else {
            (name, file) = (argument, nil)
            return
        }
        guard let assignment = Assignment(argument: argument), equals != argument.startIndex else { return nil }
        (name, file) = (assignment.name, assignment.value)
    }
}

/// `NAME=VALUE` of an option that can be given for each component or each entry of data.
struct Assignment: ExpressibleByArgument {
    let name: String
    let value: String

    init(name: String, value: String) {
        self.name = name
        self.value = value
    }

    init?(argument: String) {
        guard let equals = argument.firstIndex(of: "="), equals != argument.startIndex else { return nil }
        name = String(argument[..<equals])
        value = String(argument[argument.index(after: equals)...])
        guard !value.isEmpty else { return nil }
    }

    /// One value for each of `names`: none missing, none twice, none besides.
    static func complete(
        _ assignments: [Assignment], for names: [Name], option: String
    ) throws(CommandFailure) -> [(name: Name, value: String)] {
        let values = try unique(assignments, among: names, option: option)
        return try names.map { name throws(CommandFailure) in
            guard let value = values[name] else { throw CommandFailure(RunError.missing(name, option)) }
            return (name, value)
        }
    }

    /// At most one value for each of `names`.
    static func unique(
        _ assignments: [Assignment], among names: [Name], option: String
    ) throws(CommandFailure) -> [Name: String] {
        var values: [Name: String] = [:]
        for assignment in assignments {
            guard let name = names.first(where: { $0.description == assignment.name }) else {
                throw CommandFailure(RunError.unknown(assignment.name, option, names))
            }
            guard values.updateValue(assignment.value, forKey: name) == nil else {
                throw CommandFailure(RunError.twice(name, option))
            }
        }
        return values
    }

    /// The salts that were given, each for an entry of the manifest's data.
    static func salts(
        _ assignments: [Assignment], for manifest: Manifest
    ) throws(CommandFailure) -> [Name: FixedBytes<32>] {
        var salts: [Name: FixedBytes<32>] = [:]
        for (name, text) in try unique(assignments, among: manifest.data.map(\.name), option: "--salt") {
            guard let salt = FixedBytes<32>(hex: text) else { throw CommandFailure(RunError.saltForm(name)) }
            salts[name] = salt
        }
        return salts
    }
}

/// What is refused of the files that somebody names for a manifest's components and data.
enum RunError: Error, Equatable {
    case missing(Name, String)
    case unknown(String, String, [Name])
    case twice(Name, String)
    case saltMissing(Name)
    case saltForm(Name)
    case tooLarge(Name, Int)
    case contentDiffers(Name)
    case formatDiffers(Name, Misfit)
    /// Data cannot be made up without a format.
    case formless(Name)
}

extension RunError: CommandFault {
    var status: ExitStatus { .refused }

    var code: String {
        switch self {
        case .missing: "run.argument.missing"
        case .unknown: "run.argument.unknown"
        case .twice: "run.argument.twice"
        case .saltMissing: "run.salt.missing"
        case .saltForm: "run.salt.form"
        case .tooLarge: "content.size"
        case .contentDiffers: "content.digest"
        case .formatDiffers: "content.format"
        case .formless: "run.stand-in.format"
        }
    }

    var message: String {
        switch self {
        case .missing(let name, let option): "the manifest's \(Self.thing(option)) \(name) has no file"
        case .unknown(let text, let option, _): "\(option) \(text): the manifest has no \(Self.thing(option)) \(text)"
        case .twice(let name, let option): "\(option) is given twice for \(name)"
        case .saltMissing(let name): "the manifest pins \(name), and its commitment cannot be compared without a salt"
        case .saltForm(let name): "--salt \(name): expected 64 lowercase hexadecimal digits"
        case .tooLarge(let name, let maximum): "the manifest allows \(name) at most \(maximum) bytes, and this has more"
        case .contentDiffers(let name): "this is not the \(name) that the manifest pins"
        case .formless(let name): "the manifest does not say what \(name) is, so it cannot be made up"
        case .formatDiffers(let name, let misfit): "this is not of the format of \(name): \(misfit.message)"
        }
    }

    var hint: String? {
        switch self {
        case .missing(let name, let option): "add \(option) \(name)=FILE"
        case .unknown(let text, _, let names): Suggestion(for: text, among: names.map(\.description)).text
        case .saltMissing(let name):
            "add --salt \(name)=HEX, or rehearse on other data with --stand-in \(name)=FILE"
        case .formless(let name): "give a file: --stand-in \(name)=FILE"
        case .formatDiffers(_, let misfit): misfit.hint ?? "bring data of the format that the manifest says"
        case .contentDiffers(let name):
            "bring the file that was committed to, with its salt; `2cvm run` also takes --stand-in \(name)=FILE"
        case .tooLarge(let name, _): "bring less, or raise maximumBytes of \(name) in a new manifest"
        case .twice, .saltForm: nil
        }
    }

    private static func thing(_ option: String) -> String { option == "--component" ? "component" : "data" }
}
