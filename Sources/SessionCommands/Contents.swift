import ArgumentParser
import CommandOptions
import Client
import Commitments
import Evidence
import Keys
import Platform
import Primitives
import Workbench

/// Which files fill which slots.
struct ContentOptions: ParsableArguments {
    @OptionGroup var components: ComponentOptions

    @Option(help: ArgumentHelp("A file of data.", valueName: "name=file"), completion: .file())
    var data: [Assignment] = []

    @Option(help: ArgumentHelp("The salt that pinned data was committed with.", valueName: "name=hex"))
    var salt: [Assignment] = []

    @OptionGroup var brought: BroughtFilesOption

    @Option(
        help: ArgumentHelp(
            "Submit although you submitted to another session of this manifest: this one's words.", valueName: "words"))
    var acceptSecondSession: String?

    var isEmpty: Bool { components.component.isEmpty && data.isEmpty && brought.files == nil }

    /// The files, in the manifest's order: components first, so that compiling begins as early as it can.
    ///
    /// Nobody has been asked for anything by then: what the session would refuse is refused before it is spent.
    func files(of provider: Name, under manifest: Manifest) throws(CommandFailure) -> [ContentFile] {
        let own = Set(
            manifest.components.filter { $0.provider == provider }.map(\.name.description)
                + manifest.data.filter { $0.provider == .participant(provider) }.map(\.name.description))
        let brought = try brought.read(without: components.component, data.map(\.name), where: own.contains)
        let paths = try Assignment.unique(
            components.component + brought.components, among: manifest.components.map(\.name), option: "--component")
        let entries = try Assignment.unique(
            data + brought.data, among: manifest.data.map(\.name), option: "--data")
        let salts = try Assignment.salts(salt + brought.salts, for: manifest)
        var files: [ContentFile] = []
        for component in manifest.components {
            guard let path = paths[component.name] else { continue }
            try require(.participant(component.provider), provider, component.name)
            let file = try ComponentFile(path, of: component)
            _ = try file.admitted(under: manifest)
            files.append(
                ContentFile(slot: component.name, path: path, file: file.file, salt: nil, isPerRun: false))
        }
        for entry in manifest.data {
            guard let path = entries[entry.name] else { continue }
            try require(entry.provider, provider, entry.name)
            let isOpen = if case .any = entry.commitment { true } else { false }
            let file = try DataFile.open(path, of: entry, isPinned: !isOpen)
            // Data that is left open still gets a salt: the receipt states a commitment, and nobody should guess it.
            let drawn: FixedBytes<32>? = isOpen ? randomBytes() : nil
            files.append(
                ContentFile(
                    slot: entry.name, path: path, file: file, salt: salts[entry.name] ?? drawn,
                    isPerRun: entry.period == .run))
        }
        guard !files.isEmpty else { throw CommandFailure(SessionCommandError.nothingToSubmit) }
        return files
    }

    private func require(_ found: End, _ provider: Name, _ slot: Name) throws(CommandFailure) {
        guard found == .participant(provider) else {
            throw CommandFailure(SessionCommandError.anothersSlot(slot, of: found))
        }
    }
}
