import ArgumentParser
import CommandOptions
import Commitments
import Execution
import FoundationEssentials
import Keys
import Platform
import Primitives
import Workbench

struct ComponentNew: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Make a folder with a component that works, to begin from.",
        discussion: """
            Each reads /data/rows.csv, adds up a column, and writes /output/result.csv. The folder test has data, and \
            what the component must write of it.

            Example: 2cvm component new --language rust sums
            """)

    @Option(help: "sql, python, python-science, c, cpp, rust, go, swift or wat.")
    var language: ComponentProject.Language

    @Argument(help: "The component's name, and the folder to make.")
    var name: String

    func run() throws {
        let project = try ComponentProject.make(name, in: language)
        print("made \(project.folder)")
        print("test it with `2cvm component test \(project.folder)`")
    }
}

struct ComponentBuild: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Build the component of a folder.",
        discussion: """
            The tools are fetched when they are first needed, from PyPI and Debian, each pinned by its digest, into \
            ~/.cache/2cvm. The same sources give the same bytes, so that others can compare the digest.

            Example: 2cvm component build sums
            """)

    @Argument(help: "The folder that `2cvm component new` made.", completion: .directory)
    var folder = "."

    func run() throws {
        print(try ComponentProject(in: folder).build())
    }
}

struct ComponentTest: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Build the component of a folder, and rehearse it on the data in its test folder.",
        discussion: """
            The component finds each file of test/data in /data. For each file of test/expected it must write one of \
            that name and content to /output. It runs as in `2cvm run`, behind the same walls.

            Example: 2cvm component test sums
            """)

    @Argument(help: "The folder that `2cvm component new` made.", completion: .directory)
    var folder = "."

    func run() throws {
        let project = try ComponentProject(in: folder)
        let count = try project.test(try project.build())
        print("passed: \(count) \(count == 1 ? "file" : "files") as expected")
    }
}

extension ComponentProject {
    /// Builds the component, and shows what its tools print.
    ///
    /// - Returns: its path.
    func build() throws(CommandFailure) -> String {
        if language == .sql { return try Shared.runtime(nil) }
        if language == .pythonScience { return try installedPython().path }
        guard let script = try Shared.path(of: "scripts/component", orBuilt: "scripts/component") else {
            throw CommandFailure(ComponentProjectError.noBuilder)
        }
        let status: Int32
        do {
            let cancellation = try Cancellation()
            status = try cancellation.whileInterruptsCancel { () throws(PlatformError) -> Int32 in
                // The tools are the caller's own: they find caches, and the network, as elsewhere.
                let environment = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
                var program = try ChildProgram(
                    script, [language.rawValue, folder, name.description], environment: environment)
                while true {
                    switch try program.nextEvent(until: nil, or: cancellation) {
                    case .output(let bytes): try NamedFile.writeStandardError(bytes)
                    case .ended(let status): return status
                    case .cancelled, .timeout: return 130
                    }
                }
            }
        } catch {
            throw CommandFailure(error)
        }
        guard status == 0 else { throw CommandFailure(ComponentProjectError.buildFailed(name, status: status)) }
        return product
    }

    private func installedPython() throws(CommandFailure) -> InstalledRuntime {
        guard let runtime = try RuntimeShelf().newest(named: "python") else {
            throw CommandFailure(RuntimeFailure.noRuntime("python"))
        }
        return runtime
    }

    /// Rehearses a component on what lies in `test/`.
    ///
    /// - Returns: how many files it wrote as expected.
    func test(_ component: String) throws(CommandFailure) -> Int {
        let expected = try files(in: "test/expected")
        guard !expected.isEmpty else { throw CommandFailure(ComponentProjectError.noExpectation, in: folder) }
        var mounts = try files(in: "test/data").map { (file: "\(folder)/test/data/\($0)", path: "/data/\($0)") }
        if language == .sql {
            mounts += try files(in: ".") { $0.hasSuffix(".sql") }.map { ("\(folder)/\($0)", "/code/\($0)") }
        }
        if language == .pythonScience { mounts.append(("\(folder)/main.py", "/code/main.py")) }
        let prefix = Self.reservedPrefix
        let data = mounts.indices.map { Assignment(name: "\(prefix)data-\($0 + 1)", value: mounts[$0].file) }
        let manifest = try manifest(of: component, data, mounts.map(\.path), expected)
        let progress = Progress(isQuiet: false)
        let rehearsal = Rehearsal(manifest: manifest, progress: progress)
        let sources = try DataSources(data, standIns: [], seed: 1, salts: [], for: manifest)
        let held = language == .pythonScience ? [name: try installedPython()] : [:]
        let result = try rehearsal.rehearse([(name, component)], holding: held, sources)
        let outputs = try RunSummary(.draft(manifest), result, standIns: []).requireOutputs()
        for (file, output) in zip(expected, outputs) { try compare(output, with: file) }
        return expected.count
    }

    /// Compiling takes from what a component may have too, and Go's code takes much.
    private static let leastMemoryMiB = 256

    /// The agreement of one participant with itself.
    private func manifest(
        of component: String, _ data: [Assignment], _ paths: [String], _ expected: [String]
    ) throws(CommandFailure) -> Manifest {
        let prefix = Self.reservedPrefix
        guard let owner = Name(prefix + "owner") else { preconditionFailure("a constant that is a name") }
        let keys = PrivateKeys(signingSeed: SecretSeed(randomBytes()), sealingSeed: SecretSeed(randomBytes()))
        let names = expected.indices.map { "\(prefix)output-\($0 + 1)" }
        var grants = DraftGrants()
        grants.leastMemoryMiB = Self.leastMemoryMiB
        for entry in data {
            let byteCount = try readPieces(of: entry.value) { _, _ in }
            grants.maximumBytes[entry.name] = byteCount.roundedToPowerOfTwo(atLeast: 1)
        }
        for name in names {
            grants.formats[name] = "any"
            grants.maximumBytes[name] = 16 << 20
        }
        var draft = try Draft().named([name.description]).purposed(["A test."])
        draft = draft.joined([Participant(name: owner, keys: keys)])
        if language == .pythonScience {
            grants.leastMemoryMiB = QuestionLanguage.python(try installedPython()).memoryMiB(reading: 0)
            grants.temporary["\(name)"] = 64
            draft = try draft.bringing(try installedPython(), as: name, of: "\(owner)")
        } else {
            draft = try draft.bringing(components: ["\(name):\(owner)=\(component)"])
        }
        draft = try draft.granting(grants).running(["\(name)"])
        for component in draft.undecided { draft = try draft.deciding(randomness: ["repeatable"], of: component) }
        draft = try draft.bringing(data: data.map { "\($0.name):\(owner)" })
        draft = try draft.mounting(data.indices.map { "\(data[$0].name):\(name)=\(paths[$0])" })
        draft = try draft.releasing(outputs: names.map { "\($0)=\(owner)" })
        draft = try draft.releasing(files: names.indices.map { "\(names[$0]):\(name)=/output/\(expected[$0])" })
        draft.limits = LimitOptions.usual
        return try draft.on(PlatformOptions.usual).manifest()
    }

    private func compare(_ output: CollectedOutput, with file: String) throws(CommandFailure) {
        let path = "\(folder)/test/expected/\(file)"
        let expected = try readFile(path, maximumByteCount: 16 << 20)
        let found: [UInt8]
        do {
            found = try output.read(upTo: output.byteCount, at: 0)
        } catch {
            throw CommandFailure(error)
        }
        guard found != expected else { return }
        func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
            bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        }
        let (one, other) = (lines(expected), lines(found))
        let line = zip(one, other).prefix { $0 == $1 }.count
        func shown(_ lines: [ArraySlice<UInt8>]) -> String {
            line < lines.count ? String(decoding: lines[line].prefix(200), as: UTF8.self) : ""
        }
        throw CommandFailure(
            ComponentProjectError.differs("/output/\(file)", line: line + 1, expected: shown(one), found: shown(other)))
    }
}
