package import ArgumentParser
package import Workbench

/// `--files`, beside `--component`, `--data` and `--salt`, which say otherwise of single entries.
package struct BroughtFilesOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What `2cvm manifest new --sql` wrote of your files and their salts, instead of the options for them.",
            valueName: "file"), completion: .file(extensions: ["json"]))
    package var files: String?

    package init() {}

    /// What the file says, without the entries that are given otherwise.
    ///
    /// - Parameter isWanted: which slots; a file may name those of several participants.
    package func read(
        without components: [Assignment], _ data: [String], where isWanted: (String) -> Bool = { _ in true }
    ) throws(CommandFailure) -> BroughtFiles {
        var brought = try files.map { path throws(CommandFailure) in try BroughtFiles(path) } ?? BroughtFiles()
        brought.keep { name, isData in
            isWanted(name) && !(isData ? data.contains(name) : components.contains { $0.name == name })
        }
        return brought
    }
}
