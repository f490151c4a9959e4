import ArgumentParser
import Commitments
import Keys
import Platform
import Primitives

/// How a command ends. 0 is done.
enum ExitStatus: Int32 {
    case refused = 1
    case unreadable = 2
    case unavailable = 3
    case runFailed = 4
    case usage = 64
    case interrupted = 130

    var code: ExitCode { ExitCode(rawValue) }
}

/// What a command throws: an error that explains itself, the status to end with, and the file at fault.
struct CommandFailure: Error {
    let status: ExitStatus
    let error: any ExplainedError
    let place: String?

    init(_ status: ExitStatus, _ error: any ExplainedError, in place: String? = nil) {
        self.status = status
        self.error = error
        self.place = place
    }

    /// For input that was read and not taken: its own rules refused it, or it is no such thing at all.
    init(taking error: any ExplainedError, in place: String) {
        self.init(Self.isRefusal(error) ? .refused : .unreadable, error, in: place)
    }

    private static func isRefusal(_ error: any ExplainedError) -> Bool {
        switch error {
        case ManifestError.rule, SignedManifestError.manifest(.rule): true
        case SignedManifestError.manifest, SignedManifestError.envelope(.json), SignedManifestError.envelope(.shape):
            false
        case is SignedManifestError: true
        case KeyFileError.wrongPassphrase, KeyFileError.emptyPassphrase, KeyFileError.passphraseTooLong: true
        default: false
        }
    }
}

/// The one place where errors become text: `2cvm: error[code]: message`, then a hint.
func report(_ failure: CommandFailure) {
    let place = failure.place.map { "\($0): " } ?? ""
    printRows("2cvm: error[\(failure.error.code)]: \(place + failure.error.message)")
    if let hint = failure.error.hint { printRows("2cvm: hint: \(hint)") }
}

/// Names of files and agents' answers come from others too: a terminal must not obey what is in them, nor break them
/// where a row would pass for a line of this program's own.
private func printRows(_ text: String) {
    let shown = text.showingItself(besides: [])
    guard let columns = Terminal.standardError.columns else { return printError(shown) }
    printError(shown.wrapped(columns: max(columns - 4, 20)).joined(separator: "\n    "))
}

/// A line on standard error.
func printError(_ line: String) {
    var stream = StandardError()
    print(line, to: &stream)
}

/// Sees that what was printed has arrived: a full disk is no success.
func flushOutput() throws(CommandFailure) {
    do {
        try NamedFile.flushStandardOutput()
    } catch {
        throw CommandFailure(.unavailable, error)
    }
}

/// A value on standard output, for machines.
func printJSON(_ value: JSONValue) {
    print(String(decoding: value.indentedBytes, as: UTF8.self), terminator: "")
}

private struct StandardError: TextOutputStream {
    mutating func write(_ text: String) {
        // Nobody is left to tell when standard error itself cannot be written.
        try? NamedFile.writeStandardError(Array(text.utf8))
    }
}

/// What the command line itself refuses.
enum CommandError: Error, Equatable {
    case fileExists(String)
    case outputExists(String)
    case notAFolder(String)
    case noWorker(String)
    case name(String)
    case keyText(String)
    case noHome
    case noTerminal
    case passphrasesDiffer
    case keysUnknown([String], hint: String)
    case ownEntryDiffers(Name)
    case missing([String])
    case argument(String, expected: String)
    case notAnObject
    case tooLarge(found: Int, maximum: Int)
    case contentChanged
    case measurementDiffers(expected: FixedBytes<48>, found: FixedBytes<48>)
}

extension CommandError: ExplainedError {
    var code: String {
        switch self {
        case .fileExists, .outputExists: "file.exists"
        case .notAFolder: "folder.form"
        case .noWorker: "worker.missing"
        case .name: "name.form"
        case .keyText: "key.form"
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

    var message: String {
        switch self {
        case .fileExists(let path), .outputExists(let path): "\(path) exists already"
        case .notAFolder(let path): "\(path) is not a folder"
        case .noWorker(let path): "the worker is missing: there is no \(path)"
        case .name: "expected a name of 1 to 40 of a-z, 0-9 and -, begun by a letter"
        case .keyText: "expected an Ed25519 key as did:key:z6Mk…"
        case .noHome: "neither TWOCVM_HOME, XDG_CONFIG_HOME nor HOME says where the address book lies"
        case .noTerminal: "a passphrase is needed, and there is no terminal to ask at"
        case .passphrasesDiffer: "the two passphrases differ"
        case .keysUnknown(let names, _): "you have not confirmed the keys of " + names.joined(separator: ", ")
        case .ownEntryDiffers(let name): "\(name)'s entry has another sealing key than your key file"
        case .missing(let parts): "the manifest still needs " + parts.joined(separator: ", ")
        case .argument(let text, let expected): "expected \(expected), found \"\(text)\""
        case .notAnObject: "expected a JSON object, the manifest's \"platform\""
        case .tooLarge(let found, let maximum): "expected at most \(maximum) bytes, found \(found)"
        case .contentChanged: "the file changed while it was read"
        case .measurementDiffers(let expected, let found): "expected measurement \(expected), found \(found)"
        }
    }

    var hint: String? {
        switch self {
        case .fileExists(let path):
            [".key", ".pub", ".pem"].contains(where: path.hasSuffix)
                ? "keys are never overwritten; choose another name or folder" : "use --force to replace it"
        case .outputExists: "outputs are never overwritten; choose another folder"
        case .notAFolder: "choose another folder; it is made if it does not exist"
        case .noHome: "set TWOCVM_HOME to a folder of yours"
        case .noWorker: "it belongs beside 2cvm; `make build` makes both"
        case .noTerminal: "use --passphrase-file"
        case .keysUnknown(_, let hint): hint
        case .ownEntryDiffers: "the manifest must have the entry of your NAME.pub, unchanged"
        case .missing: "see `2cvm manifest new --help`, or run it at a terminal to be asked"
        default: nil
        }
    }
}
