import ArgumentParser
import CommandOptions
import Commitments
import Execution
import Formats
import Platform
import Primitives
import Verification
import Workbench

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

    @OptionGroup var brought: BroughtFilesOption

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

        let brought = try brought.read(
            without: components.component, (data.map(\.name) + standIn.map(\.name)))
        // A component that is installed here is that one, whatever file is named for it.
        let runtimes = try RuntimeShelf().held(by: document.manifest)
        let isInstalled = { (name: String) in runtimes.keys.contains { $0.description == name } }
        let components = try Assignment.complete(
            (components.component + brought.components).filter { !isInstalled($0.name) },
            for: document.manifest.components.map(\.name).filter { runtimes[$0] == nil }, option: "--component")
        let sources = try DataSources(
            data + brought.data, standIns: standIn, seed: seed, salts: salt + brought.salts, for: document.manifest)
        let result = try rehearsal.rehearse(components, holding: runtimes, sources)

        let summary = RunSummary(document, result, standIns: sources.standIns)
        if case .completed(let outputs) = result.outcome { try folder.write(outputs) }
        if json { printJSON(summary.json(folder: output)) } else { summary.show(folder: output) }
        if case .failed(let reason) = result.outcome {
            throw CommandFailure(summary.failure(reason))
        }
    }
}
