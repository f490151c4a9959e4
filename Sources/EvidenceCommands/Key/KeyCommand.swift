import ArgumentParser
import CommandOptions
import Commitments
import Keys
import Primitives
import Workbench

/// Groups the commands on keys.
struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Make your keys, and say whose keys you know.",
        subcommands: [KeyNew.self, KeyShow.self, KeyTrust.self, KeyForget.self, KeyList.self])
}

struct KeyShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the public side of a key file.",
        discussion: """
            FILE is a NAME.pub or a NAME.key. Compare the fingerprint with the one that its owner reads out to you.

            Example: 2cvm key show hospital-b.pub
            """)

    @Argument(help: "A NAME.pub or NAME.key file.", completion: .file(extensions: ["pub", "key"]))
    var file: String

    @OptionGroup var passphrase: PassphraseOption

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let bytes = try readFile(file, maximumByteCount: max(Participant.maximumByteCount, KeyFile.maximumByteCount))
        let participant = try? Participant(decoding: bytes)
        // Not a public file: then its errors as a private one are the ones to tell.
        let signing = try participant?.signingKey ?? privateKeys(in: bytes, of: file, passphrase).signing.publicKey
        if json {
            var members = [JSONMember("signingKey", .string(signing.didKey))]
            members.append(JSONMember("fingerprint", .string(signing.fingerprint)))
            if let name = participant?.name { members.insert(JSONMember("name", .string(name.description)), at: 0) }
            printJSON(.object(members))
        } else {
            if let name = participant?.name { print("name         \(name)") }
            print("key          \(signing.didKey)")
            print("fingerprint  \(signing.fingerprint)")
        }
    }
}

struct KeyTrust: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust",
        abstract: "Remember a participant's key, once you have compared its fingerprint.",
        discussion: """
            A manifest names its participants by keys. Only the address book says that a key is really theirs, so \
            `2cvm manifest sign` refuses keys that are not in it. Ask the participant over another channel, by \
            telephone for instance, to read out the fingerprint that `2cvm key show` prints.

            Example: 2cvm key trust hospital-b hospital-b.pub

            Example: 2cvm key trust hospital-b did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw
            """)

    @Argument(help: "The participant's name in manifests.")
    var name: NameArgument

    @Argument(help: "The participant's signing key, or the NAME.pub that it is in.", transform: keySource)
    var key: KeySource

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let key = try key.signingKey(of: name.name)
        let home = try Home()
        var book = try home.addressBook()
        let isNew: Bool
        do {
            isNew = try book.trust(key, as: name.name)
        } catch {
            throw CommandFailure(error)
        }
        if isNew { try home.save(book) }
        if json {
            printJSON([
                "name": .string(name.name.description), "signingKey": .string(key.didKey),
                "fingerprint": .string(key.fingerprint), "new": .bool(isNew),
            ])
        } else {
            print("\(isNew ? "trusted" : "already trusted"): \(name.name), fingerprint \(key.fingerprint)")
            if isNew, case .file = self.key {
                printError("2cvm: note: a file proves nothing: compare this fingerprint with the one of its owner")
                printError("2cvm: note: if they differ: 2cvm key forget \(name.name)")
            }
        }
    }
}

struct KeyForget: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "Forget a participant's key, for instance because it was replaced.",
        discussion: "Example: 2cvm key forget hospital-b")

    @Argument(help: "The participant's name.")
    var name: NameArgument

    func run() throws {
        let home = try Home()
        var book = try home.addressBook()
        guard book.forget(name.name) else {
            print("not known: \(name.name)")
            return
        }
        try home.save(book)
        print("forgotten: \(name.name)")
    }
}

struct KeyList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the keys that you trust.",
        discussion: "Example: 2cvm key list --json")

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let keys = try Home().addressBook().keys.sorted { $0.key < $1.key }
        if json {
            let entries = keys.map { name, key -> JSONValue in
                [
                    "name": .string(name.description), "signingKey": .string(key.didKey),
                    "fingerprint": .string(key.fingerprint),
                ]
            }
            printJSON(.array(entries))
        } else {
            let width = keys.map(\.key.description.count).max() ?? 0
            for (name, key) in keys {
                let padding = String(repeating: " ", count: width - name.description.count)
                print("\(name)\(padding)  \(key.fingerprint)")
            }
        }
    }
}

/// A key as it is written, or the public file of its owner.
enum KeySource {
    case key(SigningPublicKey)
    case file(String)

    /// - Parameter name: who the key is said to be of. A file of somebody else is refused.
    func signingKey(of name: Name) throws(CommandFailure) -> SigningPublicKey {
        switch self {
        case .key(let key): return key
        case .file(let path):
            let participant = try readFile(
                path, maximumByteCount: Participant.maximumByteCount, as: Participant.init(decoding:))
            guard participant.name == name else {
                throw CommandFailure(CommandError.keyName(expected: name, found: participant.name), in: path)
            }
            return participant.signingKey
        }
    }
}

private func keySource(_ text: String) throws(ValidationError) -> KeySource {
    guard text.hasPrefix("did:") else { return .file(text) }
    guard let key = SigningPublicKey(didKey: text) else {
        throw ValidationError("expected an Ed25519 key as did:key:z6Mk…, or a NAME.pub file")
    }
    return .key(key)
}
