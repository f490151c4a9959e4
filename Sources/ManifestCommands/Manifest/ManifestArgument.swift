import ArgumentParser
import Commitments
import Workbench

/// A manifest's file: a draft, or an envelope with signatures.
struct ManifestArgument: ParsableArguments {
    @Argument(help: "A draft, or an envelope with signatures.", completion: .file(extensions: ["json"]))
    var manifest: String

    func read() throws(CommandFailure) -> ManifestDocument {
        try readManifest(manifest)
    }
}
