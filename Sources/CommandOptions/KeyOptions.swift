package import ArgumentParser
package import Keys
import Platform
import Primitives
package import Workbench

/// Where a passphrase comes from.
package struct PassphraseOption: ParsableArguments {
    @Option(
        help: ArgumentHelp("Take the passphrase from this file's first line.", valueName: "file"), completion: .file())
    package var passphraseFile: String?

    package init() {}

    /// The passphrase for a file that has one.
    package func existing(for file: String) throws(CommandFailure) -> [UInt8] {
        if let passphraseFile { return try Self.firstLine(of: passphraseFile) }
        return try Self.ask("Passphrase for \(file): ")
    }

    /// A new passphrase, typed twice.
    package func new() throws(CommandFailure) -> [UInt8] {
        if let passphraseFile { return try Self.firstLine(of: passphraseFile) }
        let first = try Self.ask("New passphrase: ")
        guard try Self.ask("The same again: ") == first else {
            throw CommandFailure(CommandError.passphrasesDiffer)
        }
        return first
    }

    private static func firstLine(of file: String) throws(CommandFailure) -> [UInt8] {
        let bytes = try readFile(file, maximumByteCount: LockedKeys.maximumPassphraseByteCount + 2)
        return Array(bytes.prefix { $0 != 0x0A && $0 != 0x0D })
    }

    private static func ask(_ prompt: String) throws(CommandFailure) -> [UInt8] {
        guard Keyboard.isInteractive else { throw CommandFailure(CommandError.noTerminal) }
        printError(prompt)
        do {
            return Array((try Keyboard.secretLine() ?? "").utf8)
        } catch {
            throw CommandFailure(error)
        }
    }
}

/// Reads a participant's private keys, and asks for the passphrase if there is one.
package func readPrivateKeys(_ file: String, _ passphrase: PassphraseOption) throws(CommandFailure) -> PrivateKeys {
    try privateKeys(in: try readFile(file, maximumByteCount: KeyFile.maximumByteCount), of: file, passphrase)
}

/// The private keys in what was read of a key file.
package func privateKeys(
    in bytes: [UInt8], of file: String, _ passphrase: PassphraseOption
) throws(CommandFailure) -> PrivateKeys {
    switch try decoded(bytes, of: file, as: KeyFile.init(decoding:)) {
    case .open(let keys): return keys
    case .locked(let locked):
        let words = try passphrase.existing(for: file)
        do {
            return try locked.unlocked(with: words)
        } catch {
            throw CommandFailure(error, in: file)
        }
    }
}

/// The file of one's private keys.
package struct KeyOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Your key file. Without it: TWOCVM_KEY, or your settings, else NAME.key.", valueName: "file"),
        completion: .file(extensions: ["key"]))
    package var key: String?

    package init() {}

    /// - Parameter name: whose keys they are, if that is known.
    package func file(for name: String?) throws(CommandFailure) -> String {
        try Setting.key.required(try Setting.key.text(key) ?? name.map { "\($0).key" })
    }
}
