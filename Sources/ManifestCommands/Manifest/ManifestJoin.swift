import ArgumentParser
import CommandOptions
import Commitments
import Primitives
import Workbench

struct ManifestJoin: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "join",
        abstract: "Merge the signatures of several envelopes of one manifest.",
        discussion: "Example: 2cvm manifest join manifest.*.json --output manifest.signed.json")

    @Argument(help: "Envelopes, as `2cvm manifest sign` writes them.", completion: .file(extensions: ["json"]))
    var envelopes: [String]

    @OptionGroup var output: OutputOption

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        guard envelopes.count >= 2 else { throw ValidationError("expected at least two envelopes") }
        let joined: SignedManifest = try joinedEnvelopes(envelopes)
        let path = try output.write(joined.encoded, unlessNamed: "manifest.signed.json")
        if json {
            return printJSON([
                "file": .string(path), "digest": .string(joined.manifest.digest.prefixed),
                "signers": names(joined.signers), "missingSigners": names(joined.missingSigners),
            ])
        }
        reportEnvelope(joined, path)
    }
}

/// Names, for machines.
func names(_ names: some Sequence<Name>) -> JSONValue { .array(names.map { .string($0.description) }) }

struct ManifestVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verify that every participant signed.",
        discussion: """
            Exit status 0 when all have, 1 when a signature is missing or does not hold.

            Example: 2cvm manifest verify manifest.signed.json
            """)

    @OptionGroup var file: ManifestArgument

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let document = try file.read()
        let manifest = document.manifest
        if json {
            printJSON([
                "digest": .string(manifest.digest.prefixed), "complete": .bool(document.missingSigners.isEmpty),
                "signers": names(document.signers), "missingSigners": names(document.missingSigners),
            ])
        } else {
            for name in document.signers { print("signed   \(name)") }
            for name in document.missingSigners { print("missing  \(name)") }
        }
        guard document.missingSigners.isEmpty else {
            throw CommandFailure(SignedManifestError.signaturesMissing(document.missingSigners), in: file.manifest)
        }
        if !json { print("complete: \(manifest.name), \(manifest.digest.prefixed)") }
    }
}
