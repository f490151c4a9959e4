package import Commitments
package import Primitives

/// What the command line itself refuses.
package enum CommandError: Error, Equatable {
    case fileExists(String)
    case outputExists(String)
    case notAFolder(String)
    /// The worker, or the gate beside it.
    case noProgram(String)
    case keyName(expected: Name, found: Name)
    case noClock
    case inputTwice
    case draft(ManifestError)
    case noHome
    case noTerminal
    case passphrasesDiffer
    case keysUnknown([String], hint: String)
    case ownEntryDiffers(Name)
    case missing([String])
    case argument(String, expected: String)
    case notAnObject
    case tooLarge(maximum: Int)
    case contentChanged
    case measurementDiffers(expected: FixedBytes<48>, found: FixedBytes<48>)
}

extension CommandError: CommandFault {
    package var status: ExitStatus {
        switch self {
        case .fileExists, .outputExists, .notAFolder, .keyName, .draft, .passphrasesDiffer, .keysUnknown,
            .ownEntryDiffers, .measurementDiffers:
            .refused
        case .notAnObject, .tooLarge: .unreadable
        case .noProgram, .noHome, .noTerminal, .noClock, .contentChanged: .unavailable
        case .missing, .argument, .inputTwice: .usage
        }
    }

    package var code: String {
        switch self {
        case .fileExists, .outputExists: "file.exists"
        case .notAFolder: "folder.form"
        case .noProgram: "program.missing"
        case .keyName: "key.name"
        case .noClock: "clock.date"
        case .inputTwice: "input.twice"
        case .draft(let error): error.code
        case .noHome: "home.missing"
        case .noTerminal: "passphrase.terminal"
        case .passphrasesDiffer: "passphrase.differs"
        case .keysUnknown: "manifest.keys.unknown"
        case .ownEntryDiffers: "manifest.entry.differs"
        case .missing: "manifest.incomplete"
        case .argument: "argument.form"
        case .notAnObject: "platform.form"
        case .tooLarge: "file.size"
        case .contentChanged: "file.changed"
        case .measurementDiffers: "measurement.differs"
        }
    }

    package var message: String {
        switch self {
        case .fileExists(let path), .outputExists(let path): "\(path) exists already"
        case .notAFolder(let path): "\(path) is not a folder"
        case .noProgram(let path): "a program is missing: there is no \(path)"
        case .keyName(let expected, let found): "expected the public file of \(expected), found that of \(found)"
        case .noClock: "the system's clock shows no date that can be written"
        case .inputTwice: "standard input can be read once, and two inputs are to come from it"
        case .draft(let error): error.message
        case .noHome: "neither TWOCVM_HOME, XDG_CONFIG_HOME nor HOME says where the address book lies"
        case .noTerminal: "a passphrase is needed, and there is no terminal to ask at"
        case .passphrasesDiffer: "the two passphrases differ"
        case .keysUnknown(let names, _): "you have not confirmed the keys of " + names.joined(separator: ", ")
        case .ownEntryDiffers(let name): "\(name)'s entry has another sealing key than your key file"
        case .missing(let parts): "the manifest still needs " + parts.joined(separator: ", ")
        case .argument(let text, let expected): "expected \(expected), found \"\(text)\""
        case .notAnObject: "expected a JSON object, the manifest's \"platform\""
        case .tooLarge(let maximum): "expected at most \(maximum) bytes, found more"
        case .contentChanged: "the file changed while it was read"
        case .measurementDiffers(let expected, let found): "expected measurement \(expected), found \(found)"
        }
    }

    package var hint: String? {
        switch self {
        case .fileExists(let path):
            [".key", ".pub", ".pem"].contains(where: path.hasSuffix)
                ? "keys are never overwritten; choose another name or folder" : "use --force to replace it"
        case .outputExists: "outputs are never overwritten; choose another folder"
        case .notAFolder: "choose another folder; it is made if it does not exist"
        case .keyName(_, let found): "`2cvm key trust \(found) FILE` trusts the key under the name that its file has"
        case .inputTwice: "give one of them as a file"
        case .draft(let error): error.hint
        case .noHome: "set TWOCVM_HOME to a folder of yours"
        case .noProgram: "it belongs beside 2cvm; `make build` makes them all"
        case .noTerminal: "use --passphrase-file"
        case .keysUnknown(_, let hint): hint
        case .ownEntryDiffers: "the manifest must have the entry of your NAME.pub, unchanged"
        case .missing: "see `2cvm manifest new --help`, or run it at a terminal to be asked"
        default: nil
        }
    }
}
