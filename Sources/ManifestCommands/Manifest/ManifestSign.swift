import ArgumentParser
import CommandOptions
import Commitments
import Keys
import Primitives
import Workbench

struct ManifestSign: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Sign a manifest as one of its participants.",
        discussion: """
            Refuses while another participant's key is not in your address book, or when your own entry is not what \
            your key file says. Takes a draft, or an envelope that others signed; writes an envelope.

            Name the components that you have at hand: each is held against the manifest as a session will do it, \
            and nothing is signed that could not run.

            Example: 2cvm manifest sign manifest.json --key hospital-a.key --component moments-a=moments.wasm
            """)

    @OptionGroup var file: ManifestArgument

    @OptionGroup var keyFile: KeyOption
    @OptionGroup var passphrase: PassphraseOption
    @OptionGroup var components: ComponentOptions
    @OptionGroup var output: OutputOption

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let document = try file.read()
        let keys = try readPrivateKeys(keyFile.file(for: Setting.name.text(nil)), passphrase)
        let signer = try document.signer(holding: keys, in: file.manifest)
        let admitted = try components.admit(under: document.manifest)

        let signed = try document.signed(by: keys.signing, in: file.manifest)
        let path = try output.write(signed.encoded, unlessNamed: envelopeName(of: file.manifest, signer.name))

        let dangers = Explanation(of: document, addressBook: try Home().addressBook()).statements(of: .danger)
        if !json {
            for name in admitted { print("\(name) is the component that the manifest pins, and fits it") }
            print("signed as \(signer.name): \(signed.manifest.digest.prefixed)")
        }
        reportEnvelope(
            signed, path, json: json,
            more: [
                JSONMember("signer", .string(signer.name.description)), JSONMember("components", jsonNames(admitted)),
                JSONMember("dangers", .array(dangers.map { .string($0.text) })),
            ])
        if json { return }
        // What was signed stays signed; but nobody should have to say that they were not told.
        for statement in dangers { printError("2cvm: danger: \(statement.text)") }
    }
}
