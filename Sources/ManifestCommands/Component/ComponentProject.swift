import ArgumentParser
import CommandOptions
import Commitments
import Platform
import Primitives
import Workbench

/// A component's folder, as `2cvm component new` makes it: its sources, `component.json`, and in `test/` what it is to
/// write of which data.
struct ComponentProject {
    /// What the templates are written in.
    enum Language: String, CaseIterable, ExpressibleByArgument {
        case sql, python
        case pythonScience = "python-science"
        case c, cpp, rust, go, swift, wat

        /// Whether a runtime runs its sources as they are, so that nothing is built.
        var isRun: Bool { self == .sql || self == .pythonScience }
    }

    let folder: String
    let name: Name
    let language: Language

    private static let fileName = "component.json"
    private static let maximumByteCount = 1 << 16
    /// More is no folder of a test.
    private static let mostFiles = 64
    /// What a test calls everything else of its manifest.
    static let reservedPrefix = "test-"

    /// Reads what a folder holds.
    init(in folder: String) throws(CommandFailure) {
        let path = "\(folder)/\(Self.fileName)"
        guard NamedFile.exists(path) else { throw CommandFailure(ComponentProjectError.none(folder)) }
        self.folder = folder
        (name, language) = try readFile(path, maximumByteCount: Self.maximumByteCount) {
            bytes throws(ComponentProjectError) in
            try JSONDocument.read(
                bytes, maximumByteCount: Self.maximumByteCount, orThrow: ComponentProjectError.document
            ) { reader throws(JSONShapeError) in
                var object = try reader.object()
                _ = try object.integer("version", in: 1...1)
                let name = try object.required("name").parsed(as: "a name that does not begin with test-", Self.name)
                let language = try object.choice("language", of: Language.self)
                try object.finish()
                return (name, language)
            }
        }
    }

    private static func name(_ text: String) -> Name? {
        text.hasPrefix(reservedPrefix) ? nil : Name(text)
    }

    /// The component that `build` makes.
    var product: String { "\(folder)/\(name).wasm" }

    /// The files of a folder in it, by name, in the order of their names. None where there is no such folder.
    func files(in part: String, _ isTaken: (String) -> Bool = { _ in true }) throws(CommandFailure) -> [String] {
        try Self.files(in: "\(folder)/\(part)").filter(isTaken)
    }

    private static func files(in path: String) throws(CommandFailure) -> [String] {
        guard NamedFile.exists(path) else { return [] }
        do {
            let entries = try Folder(path: path).entries(atMost: mostFiles + 1)
            let names = entries.filter { $0.kind == .file }.compactMap(\.name).filter { !$0.hasPrefix(".") }
            guard entries.count <= mostFiles else {
                throw CommandFailure(ComponentProjectError.tooManyFiles(maximum: mostFiles), in: path)
            }
            return names.sorted()
        } catch let failure as CommandFailure {
            throw failure
        } catch let error as PlatformError {
            throw CommandFailure(error, in: path)
        } catch {
            preconditionFailure("a folder's faults are the platform's")
        }
    }
}

// MARK: - Making one

extension ComponentProject {
    /// Copies the template. Nothing that is there already is changed.
    static func make(_ text: String, in language: Language) throws(CommandFailure) -> ComponentProject {
        guard let name = name(text) else {
            throw malformed(text, "a name of a-z, 0-9 and -, begun by a letter, and not by test-")
        }
        guard !NamedFile.exists(text) else { throw CommandFailure(CommandError.fileExists(text)) }
        guard let templates = try Shared.path(of: "templates", orBuilt: "templates") else {
            throw CommandFailure(ComponentProjectError.noTemplates)
        }
        var copies: [(from: String, to: String)] = []
        for file in try files(in: "\(templates)/\(language.rawValue)") {
            copies.append(("\(language.rawValue)/\(file)", file))
        }
        if !language.isRun { copies.append(("world.wit", "wit/world.wit")) }
        for part in ["test/data", "test/expected"] {
            for file in try files(in: "\(templates)/\(part)") { copies.append(("\(part)/\(file)", "\(part)/\(file)")) }
        }
        do {
            for folder in ["wit", "test/data", "test/expected"] where !language.isRun || folder != "wit" {
                try NamedFile.makeFolders("\(text)/\(folder)")
            }
        } catch {
            throw CommandFailure(error)
        }
        for copy in copies {
            let content = try readFile("\(templates)/\(copy.from)", maximumByteCount: maximumByteCount)
            try writeFile("\(text)/\(copy.to)", content, mode: 0o644, force: false)
        }
        let project: JSONValue = [
            "version": 1, "name": .string("\(name)"), "language": .string(language.rawValue),
        ]
        try writeFile("\(text)/\(fileName)", project.indentedBytes, mode: 0o644, force: false)
        return try ComponentProject(in: text)
    }
}

/// What is wrong with a component's folder, or comes out of it.
enum ComponentProjectError: Error, Equatable {
    case none(String)
    case noTemplates
    case noBuilder
    case document(DocumentError)
    case tooManyFiles(maximum: Int)
    case noExpectation
    case buildFailed(Name, status: Int32)
    case differs(String, line: Int, expected: String, found: String)
}

extension ComponentProjectError: CommandFault, PositionedError {
    var position: TextPosition? {
        if case .document(let error) = self { error.position } else { nil }
    }

    var status: ExitStatus {
        switch self {
        case .none, .noTemplates, .noBuilder: .unavailable
        case .document: .unreadable
        case .buildFailed(_, let status): status == 3 ? .unavailable : .refused
        case .tooManyFiles, .noExpectation, .differs: .refused
        }
    }

    var code: String {
        switch self {
        case .none: "component.folder"
        case .noTemplates, .noBuilder: "component.templates"
        case .document(let error): "component.\(error.code)"
        case .tooManyFiles: "component.files"
        case .noExpectation: "component.test.missing"
        case .buildFailed: "component.build"
        case .differs: "component.test"
        }
    }

    var message: String {
        switch self {
        case .none(let folder): "\(folder) is no folder of a component: it has no component.json"
        case .noTemplates: "the templates are not here"
        case .noBuilder: "the script that builds components is not here"
        case .document(let error): error.message
        case .tooManyFiles(let maximum): "more than \(maximum) files"
        case .noExpectation: "there is nothing in test/expected, so nothing is tested"
        case .buildFailed(let name, let status): "\(name) was not built: the build ended with status \(status)"
        case .differs(let file, let line, let expected, let found):
            "\(file), line \(line): expected \"\(expected)\", found \"\(found)\""
        }
    }

    var hint: String? {
        switch self {
        case .none: "`2cvm component new --language LANGUAGE NAME` makes one"
        case .noTemplates, .noBuilder: "use the 2cvm of a checkout, or of an installation with its share folder"
        case .document(let error): error.hint
        case .noExpectation: "write what the component shall write: test/expected/result.csv is /output/result.csv"
        case .buildFailed: "what was printed above says why"
        case .tooManyFiles, .differs: nil
        }
    }
}
