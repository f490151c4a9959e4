import ArgumentParser
import CommandOptions
import Commitments
import Formats
import Pages
import Primitives
import Workbench

/// Groups the commands on manifests.
struct ManifestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manifest",
        abstract: "Propose, read, sign and compare Commitment Manifests.",
        discussion: "docs/MANIFEST.md describes the format, key by key.",
        subcommands: [
            ManifestNew.self, ManifestCheck.self, ManifestDigest.self, ManifestExplain.self, ManifestSign.self,
            ManifestJoin.self, ManifestVerify.self, ManifestDiff.self,
        ])
}

struct ManifestCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Hold a manifest against every rule of the format.",
        discussion: """
            Names the path of the first value that breaks a rule. Says nothing about trust: see `explain` and `verify`.

            With --maximum-bits, also refuses a manifest by which more of somebody's data, or of how their code \
            behaves, can reach all other participants together. Whether results were released, which everybody \
            learns, is one bit more.

            Example: 2cvm manifest check manifest.json --maximum-bits 1000
            """)

    @OptionGroup var file: ManifestArgument

    @Option(help: ArgumentHelp("How much of anything may reach the others, in bits.", valueName: "bits"))
    var maximumBits: Int?

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let document = try file.read()
        let manifest = document.manifest
        let told = Reachability(of: manifest).disclosures.max { $0.together < $1.together }
        if let maximumBits, let told, told.together.bits > max(0, maximumBits) {
            throw CommandFailure(TooManyBits(told: told, maximum: maximumBits), in: file.manifest)
        }
        if json {
            let start = [
                JSONMember("name", .string(manifest.name.description)),
                JSONMember("digest", .string(manifest.digest.prefixed)),
                JSONMember("maximumBits", .integer(Int(told?.together.bits ?? 0))),
            ]
            printJSON(.object(start + jsonSigners(document.signers, missing: document.missingSigners)))
        } else {
            print("valid: \(manifest.name), \(manifest.digest.prefixed)")
            print("signatures: \(document.signers.count) of \(manifest.participants.count)")
            if let told {
                print("at most \(told.together) of \(told.source) can reach others than \(told.provider)")
            }
        }
    }
}

/// More could leave than somebody wants.
private struct TooManyBits: CommandFault {
    let told: Disclosure
    let maximum: Int

    var status: ExitStatus { .refused }
    var code: String { "manifest.bits" }
    var message: String {
        "\(told.together) of \(told.source) can reach others than \(told.provider), and \(maximum) may"
    }
    var hint: String? { "`2cvm manifest explain` shows by which outputs; narrow their formats" }
}

struct ManifestDigest: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "digest",
        abstract: "Print the digest that evidence will show for this manifest.",
        discussion: "Example: 2cvm manifest digest manifest.json")

    @OptionGroup var file: ManifestArgument

    func run() throws {
        print(try file.read().manifest.digest.prefixed)
    }
}

struct ManifestDiff: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Show what a change of a manifest means: who can learn more, which bound widened.",
        discussion: """
            Consequences come first. --paths adds each changed value with its place. \(howToReadMarks)

            Exit status 0 when they are the same manifest, 1 when they differ.

            Example: 2cvm manifest diff old.json new.json
            """)

    @Argument(help: "The earlier manifest.", completion: .file(extensions: ["json"]))
    var before: String

    @Argument(help: "The later manifest.", completion: .file(extensions: ["json"]))
    var after: String

    @OptionGroup var shown: DifferenceOptions
    @OptionGroup var page: PageOption

    func validate() throws { try page.requireFile() }

    func run() throws {
        let (old, new) = (try readManifest(before).manifest, try readManifest(after).manifest)
        let difference = ManifestDifference(from: old, to: new)
        let isWritten = try page.write(Page(from: old, to: new, difference), says: !shown.isJSON)
        shown.show(difference.json, unless: isWritten) { difference.text(colour: $0, columns: $1, paths: $2) }
        if !difference.isEmpty { throw ExitStatus.refused.code }
    }
}
