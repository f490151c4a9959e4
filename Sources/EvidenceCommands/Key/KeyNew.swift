import ArgumentParser
import CommandOptions
import Commitments
import Keys
import Platform
import Primitives
import Workbench

struct KeyNew: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Make your signing and sealing keys.",
        discussion: """
            Writes NAME.key, which stays with you, and NAME.pub, which the others put into the manifest. Existing \
            files are never overwritten.

            Example: 2cvm key new hospital-a --directory keys --passphrase
            """)

    @Argument(help: "Your name in manifests: 1 to 40 of a-z, 0-9 and -, begun by a letter.")
    var name: NameArgument

    @Option(help: "Where to write the two files.", completion: .directory)
    var directory = "."

    @Flag(help: "Lock NAME.key with a passphrase.")
    var passphrase = false

    @OptionGroup var passphraseOption: PassphraseOption

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let keys = PrivateKeys(signingSeed: SecretSeed(randomBytes()), sealingSeed: SecretSeed(randomBytes()))
        let participant = Participant(name: name.name, keys: keys)
        let stem = directory == "." ? "\(name.name)" : "\(directory)/\(name.name)"
        let privateFile = stem + ".key"
        let publicFile = stem + ".pub"
        try writeFile(privateFile, try keyFile(keys).encoded, mode: 0o600, force: false)
        do {
            try writeFile(publicFile, participant.json.indentedBytes, mode: 0o644, force: false)
        } catch {
            // Half a pair helps nobody, and nobody has seen this key yet.
            try? NamedFile.remove(privateFile)
            throw error
        }
        if json {
            printJSON([
                "name": .string(name.name.description), "signingKey": .string(participant.signingKey.didKey),
                "fingerprint": .string(participant.signingKey.fingerprint), "privateFile": .string(privateFile),
                "publicFile": .string(publicFile),
            ])
        } else {
            print("wrote \(privateFile): keep it secret; nobody can replace it")
            print("wrote \(publicFile): send it to the others, and read them its fingerprint")
            print("fingerprint  \(participant.signingKey.fingerprint)")
        }
    }

    private func keyFile(_ keys: PrivateKeys) throws(CommandFailure) -> KeyFile {
        guard passphrase || passphraseOption.passphraseFile != nil else { return .open(keys) }
        let words = try passphraseOption.new()
        do {
            return .locked(try LockedKeys(locking: keys, with: words, randomness: randomBytes()))
        } catch {
            throw CommandFailure(error)
        }
    }
}
