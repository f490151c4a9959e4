import ArgumentParser
import CommandOptions
import Commitments
import Keys
import Plans
import Primitives
import Workbench

struct PlanSign: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Sign a plan, and with it every manifest in it, as one of its participants.",
        discussion: """
            Wants every manifest at hand. Refuses a plan or a manifest that breaks a rule, and refuses while another \
            participant's key is not in your address book, or when your own entry is not what your key file says. \
            Takes a draft, or an envelope that others signed; writes an envelope.

            Example: 2cvm plan sign cohort/plan.json --key hospital-a.key
            """)

    @OptionGroup var file: PlanArgument
    @OptionGroup var keyFile: KeyOption
    @OptionGroup var passphrase: PassphraseOption
    @OptionGroup var output: OutputOption

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let (document, plan) = try file.read()
        let keys = try readPrivateKeys(keyFile.file(for: Setting.name.text(nil)), passphrase)
        let signer = try document.signer(holding: keys, in: file.plan)
        let signed = try document.signed(by: keys.signing, in: file.plan)
        let path = try output.write(signed.encoded, unlessNamed: envelopeName(of: file.plan, signer.name))
        if !json {
            print("signed as \(signer.name), with \(plan.manifests.count) manifests: \(signed.plan.digest.prefixed)")
        }
        reportEnvelope(signed, path, json: json)
        // What was signed stays signed; but nobody should have to say that they were not told.
        let explanation = PlanExplanation(of: plan, in: document, addressBook: try Home().addressBook())
        for statement in explanation.statements(of: .danger) { printError("2cvm: danger: \(statement.text)") }
    }
}

struct PlanJoin: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "join",
        abstract: "Merge the signatures of several envelopes of one plan.",
        discussion: "Example: 2cvm plan join plan.hospital-a.json plan.hospital-b.json --output plan.signed.json")

    @OptionGroup var envelopes: EnvelopesOptions<Plan>

    func run() throws { try envelopes.join() }
}
