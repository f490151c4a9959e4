package import Commitments
internal import FoundationEssentials
internal import Platform
package import Primitives
internal import Synchronization

/// What every step of a session asks for, and need not be typed each time: an option wins over a variable, a variable
/// over `settings.json` in ``Home``.
///
/// That file is read from the user's own folder, never from the current one: whoever prepared a folder for somebody
/// else would else choose the manifest, or the root, that they believe.
package enum Setting: String, CaseIterable {
    case agent
    case manifest
    case name = "as"
    case key
    case simulatedRoot

    package var variable: String {
        switch self {
        case .agent: "TWOCVM_AGENT"
        case .manifest: "TWOCVM_MANIFEST"
        case .name: "TWOCVM_AS"
        case .key: "TWOCVM_KEY"
        case .simulatedRoot: "TWOCVM_SIMULATED_ROOT"
        }
    }

    /// As a person gives it on the command line.
    fileprivate var option: String {
        switch self {
        case .agent: "the agent's address"
        case .manifest: "--manifest"
        case .name: "--as"
        case .key: "--key"
        case .simulatedRoot: "--simulated-root"
        }
    }

    fileprivate var example: String {
        switch self {
        case .agent: "http://HOST:PORT"
        case .manifest: "--manifest FILE"
        case .name: "--as NAME"
        case .key: "--key FILE"
        case .simulatedRoot: "--simulated-root HEX"
        }
    }

    /// Parses the given text, else what the settings have. `nil` where there is none.
    ///
    /// - Parameters:
    ///   - expected: what it must be, to follow "expected" in the error.
    ///   - parse: returns `nil` for what is not of the form.
    package func value<Value>(
        _ given: Value?, as expected: String, _ parse: (String) -> Value?
    ) throws(CommandFailure) -> Value? {
        if let given { return given }
        guard let (text, source) = try found() else { return nil }
        guard let value = parse(text) else {
            throw CommandFailure(SettingsError.form(self, source: source, expected: expected))
        }
        tell("\(option) \(text), from \(source)")
        return value
    }

    /// The given text, else what the settings have.
    package func text(_ given: String?) throws(CommandFailure) -> String? {
        try value(given, as: "a text") { $0 }
    }

    /// For what a command cannot do without.
    package func required<Value>(_ value: Value?) throws(CommandFailure) -> Value {
        guard let value else { throw CommandFailure(SettingsError.missing(self)) }
        return value
    }

    /// Who reads, among these names. A name from one's settings may be none of them, a name that was given may not.
    package static func reader(
        _ given: String?, among names: [Name], asksSettings: Bool = true
    ) throws(CommandFailure) -> Name? {
        let known = asksSettings ? try Setting.name.text(given) : given
        let reader = names.first { $0.description == known }
        if let given, reader == nil { throw CommandFailure(SessionCommandError.unknownName(given, names)) }
        return reader
    }

    private func found() throws(CommandFailure) -> (text: String, source: String)? {
        if let text = ProcessInfo.processInfo.environment[variable], !text.isEmpty { return (text, variable) }
        // Without a home there is no file; a command that needs one says so itself.
        guard let home = try? Home(), let file = try SettingsFile(in: home) else { return nil }
        return file.values[self].map { ($0, file.path) }
    }

    /// Once, however often it is asked for. Quiet for machines, as every note is.
    private func tell(_ line: String) {
        let isNew = Self.told.withLock { $0.insert(self).inserted }
        if isNew { Progress(isQuiet: Report.isJSON).note(line) }
    }

    private static let told = Mutex<Set<Setting>>([])
}

/// `settings.json`: `{"version": 1, "agent", "manifest", "as", "key", "simulatedRoot"}`, all but the first optional.
private struct SettingsFile {
    static let maximumByteCount = 65_536

    let path: String
    private(set) var values: [Setting: String] = [:]

    /// - Returns: `nil` if there is no file.
    init?(in home: Home) throws(CommandFailure) {
        path = home.folder + "/settings.json"
        let bytes: [UInt8]
        do throws(PlatformError) {
            bytes = try NamedFile.readSecret(path, maximumByteCount: Self.maximumByteCount)
        } catch {
            switch error {
            case .system(_, .notFound): return nil
            case .notPrivate: throw CommandFailure(SettingsError.notPrivate(path))
            default: throw CommandFailure(error)
            }
        }
        do throws(SettingsError) {
            try decode(bytes)
        } catch {
            throw CommandFailure(error, in: path)
        }
    }

    private mutating func decode(_ bytes: [UInt8]) throws(SettingsError) {
        values = try JSONDocument.read(
            bytes, maximumByteCount: Self.maximumByteCount, maximumDepth: 2, orThrow: SettingsError.document
        ) { reader throws(JSONShapeError) in
            var values: [Setting: String] = [:]
            var object = try reader.object()
            _ = try object.integer("version", in: 1...1)
            for setting in Setting.allCases {
                guard let reader = object.optional(setting.rawValue) else { continue }
                values[setting] = try text(of: reader, as: setting)
            }
            try object.finish()
            return values
        }
    }

    /// A path that means another file in every folder would let a folder choose it.
    private func text(of reader: JSONReader, as setting: Setting) throws(JSONShapeError) -> String {
        switch setting {
        case .manifest, .key: try reader.parsed(as: "a path that begins with /") { $0.hasPrefix("/") ? $0 : nil }
        case .agent, .name, .simulatedRoot: try reader.parsed(as: "a text") { $0.isEmpty ? nil : $0 }
        }
    }
}

/// Why what a command needs is not known.
package enum SettingsError: Error, Equatable {
    case missing(Setting)
    case form(Setting, source: String, expected: String)
    case notPrivate(String)
    case document(DocumentError)
}

extension SettingsError: CommandFault, PositionedError {
    package var position: TextPosition? {
        if case .document(let error) = self { error.position } else { nil }
    }

    package var status: ExitStatus {
        switch self {
        case .missing, .form: .usage
        case .notPrivate: .refused
        case .document: .unreadable
        }
    }

    package var code: String {
        switch self {
        case .missing: "argument.missing"
        case .form: "settings.form"
        case .notPrivate: "settings.not-private"
        case .document(let error): "settings.\(error.code)"
        }
    }

    package var message: String {
        switch self {
        case .missing(let setting): "\(setting.option) is missing"
        case .form(let setting, let source, let expected): "\(source): expected \(expected) for \(setting.option)"
        case .notPrivate(let path): "\(path) is not yours alone, and what it says decides whom you believe"
        case .document(let error): error.message
        }
    }

    package var hint: String? {
        switch self {
        case .missing(let setting): "add \(setting.example), or set \(setting.variable)"
        case .notPrivate(let path): "read it, then `chmod 600 \(path)`"
        case .document(let error): error.hint
        case .form: nil
        }
    }
}
