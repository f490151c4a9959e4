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

    func run() throws {
        let document = try file.read()
        let keys = try readPrivateKeys(keyFile.file(for: Setting.name.text(nil)), passphrase)
        let signer = try ownEntry(in: document.manifest, keys)
        try requireKnownKeys(of: document.manifest, besides: signer)
        let admitted = try components.admit(under: document.manifest)

        let signed = try sign(document, keys.signing)
        let path = try output.write(signed.encoded, unlessNamed: Self.fileName(file.manifest, signer.name))

        for name in admitted { print("\(name) is the component that the manifest pins, and fits it") }
        print("signed as \(signer.name): \(signed.manifest.digest.prefixed)")
        print("wrote \(path), with \(signed.signers.count) of \(signed.manifest.participants.count) signatures")
        if !signed.missingSigners.isEmpty {
            print("missing: \(signed.missingSigners.map(\.description).joined(separator: ", "))")
        }
        try warn(of: document)
    }

    private func ownEntry(in manifest: Manifest, _ keys: PrivateKeys) throws(CommandFailure) -> Participant {
        guard let entry = manifest.participant(signingWith: keys.signing.publicKey) else {
            throw CommandFailure(SignedManifestError.notAParticipant(keys.signing.publicKey), in: file.manifest)
        }
        guard entry.sealingKey == keys.sealing.publicKey else {
            throw CommandFailure(CommandError.ownEntryDiffers(entry.name), in: file.manifest)
        }
        return entry
    }

    /// Else a proposer could invent the other participants.
    private func requireKnownKeys(of manifest: Manifest, besides signer: Participant) throws(CommandFailure) {
        let book = try Home().addressBook()
        var names: [String] = []
        var steps: [String] = []
        for participant in manifest.participants where participant.name != signer.name {
            switch book.standing(of: participant) {
            case .trusted: continue
            case .unknown:
                names.append(participant.name.description)
                steps.append("`2cvm key trust \(participant.name) \(participant.signingKey.didKey)`")
            case .contradicted(let known):
                names.append("\(participant.name) (you know it under another key, \(known.fingerprint))")
                steps.append("ask \(participant.name) whether its key was replaced")
            }
        }
        guard names.isEmpty else {
            let hint = "compare each fingerprint with its owner, then " + steps.joined(separator: ", ")
            throw CommandFailure(CommandError.keysUnknown(names, hint: hint), in: file.manifest)
        }
    }

    private func sign(_ document: ManifestDocument, _ key: SigningKey) throws(CommandFailure) -> SignedManifest {
        do {
            switch document {
            case .draft(let manifest): return try SignedManifest(signing: manifest, by: key)
            case .signed(var signed):
                try signed.sign(by: key)
                return signed
            }
        } catch {
            throw CommandFailure(error, in: file.manifest)
        }
    }

    /// What was signed stays signed; but nobody should have to say that they were not told.
    private func warn(of document: ManifestDocument) throws(CommandFailure) {
        let explanation = Explanation(of: document, addressBook: try Home().addressBook())
        for statement in explanation.statements(of: .danger) { printError("2cvm: danger: \(statement.text)") }
    }

    /// `manifest.json` signed by hospital-a becomes `manifest.hospital-a.json`.
    private static func fileName(_ file: String, _ signer: Name) -> String {
        let stem = file.hasSuffix(".json") ? String(file.dropLast(".json".count)) : file
        return "\(stem).\(signer).json"
    }
}
