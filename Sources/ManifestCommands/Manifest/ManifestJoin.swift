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

    @OptionGroup var envelopes: EnvelopesOptions<Manifest>

    func run() throws { try envelopes.join() }
}

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
            let isComplete = JSONMember("complete", .bool(document.missingSigners.isEmpty))
            let start = [JSONMember("digest", .string(manifest.digest.prefixed)), isComplete]
            printJSON(.object(start + jsonSigners(document.signers, missing: document.missingSigners)))
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
