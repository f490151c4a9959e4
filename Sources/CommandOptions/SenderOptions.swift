package import ArgumentParser
package import Commitments
package import Keys
import Primitives
package import Workbench

/// Which participant acts.
package struct SenderOptions: ParsableArguments {
    @Option(
        name: .customLong("as"),
        help: ArgumentHelp(
            "Your name in the manifest. Without it: TWOCVM_AS, or your settings.", valueName: "name"))
    package var givenName: String?

    @OptionGroup package var keyFile: KeyOption
    @OptionGroup package var passphrase: PassphraseOption

    package init() {}

    /// The keys, which must be those of the manifest's entry of that name.
    package func keys(under manifest: Manifest) throws(CommandFailure) -> (participant: Participant, keys: PrivateKeys)
    {
        let name = try Setting.name.required(try Setting.name.text(givenName))
        guard let participant = manifest.participants.first(where: { $0.name.description == name }) else {
            throw CommandFailure(SessionCommandError.unknownName(name, manifest.participants.map(\.name)))
        }
        let file = try keyFile.file(for: name)
        let keys = try readPrivateKeys(file, passphrase)
        guard participant.signingKey == keys.signing.publicKey, participant.sealingKey == keys.sealing.publicKey else {
            throw CommandFailure(SessionCommandError.otherKeys(participant.name), in: file)
        }
        return (participant, keys)
    }
}

/// Where a participant's outputs go.
package struct OutputFolderOption: ParsableArguments {
    @Option(
        name: .shortAndLong, help: ArgumentHelp("The folder for the files.", valueName: "folder"),
        completion: .directory)
    package var output: String

    package init() {}
}
