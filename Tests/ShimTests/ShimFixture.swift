import Commitments
import Composition
import Foundation
import Keys
import Primitives
import TestSupport
import Wasmtime
import WorkerJob

/// One of the guests in Tests/Guests, as a component.
struct Guest: Sendable, CustomStringConvertible {
    let description: String
    let binary: [UInt8]
    /// How it must end, and what the engine then says.
    let expected: String
    let words: String

    init(_ name: String) throws {
        description = name
        binary = [UInt8](try Data(contentsOf: try Self.products.get().appending(path: name + ".wasm")))
        let source = try String(contentsOf: Self.sources.appending(path: name + ".c"), encoding: .utf8)
        let headers = source.split(separator: "\n").prefix { $0.hasPrefix("// ") && $0.contains(": ") }
        func header(_ key: String) -> String {
            headers.first { $0.hasPrefix("// \(key): ") }.map { String($0.dropFirst(key.count + 5)) } ?? ""
        }
        expected = header("expect")
        words = header("words")
    }

    static func all() throws -> [Guest] {
        try FileManager.default.contentsOfDirectory(atPath: sources.path).filter { $0.hasSuffix(".c") }.sorted()
            .map { try Guest(String($0.dropLast(2))) }
    }

    private static let sources = Repository.root.appending(path: "Tests/Guests")

    /// Built once for all tests.
    private static let products = Result {
        let folder = Repository.root.appending(path: ".build/guests-for-tests")
        try Script.run("guests-for-tests", folder.path)
        return folder
    }
}

enum Script {
    struct Failed: Error {
        let name: String
        let message: String
    }

    /// Runs one of scripts/ and returns what it printed.
    @discardableResult
    static func run(_ name: String, _ arguments: String...) throws -> String {
        let process = Process()
        process.executableURL = Repository.root.appending(path: "scripts/\(name)")
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed(name: name, message: text) }
        return text
    }
}

/// A job folder with one guest, which is the component `a`, among others whose names resemble its own.
///
/// Everything is composed as it is for a run. The guest is built for this, so its imports are granted as it has them.
struct ShimFixture {
    let folder: URL
    let composed: ComposedBinary
    let manifest: Manifest
    private let preopens: [Preopen]

    /// - Parameter reversed: Makes the same files in another order, and years apart.
    init(_ guest: Guest, logFolder: Bool = true, reversed: Bool = false) throws {
        manifest = try Self.manifest(for: guest.binary)
        let component = try admit(guest.binary, as: manifest.components[0], under: manifest)
        composed = try compose(manifest, of: [component])
        folder = FileManager.default.temporaryDirectory.appending(path: "2cvm-shim-\(UUID().uuidString)")
        let layout = JobLayout(manifest)
        preopens = layout.preopens.filter { logFolder || !$0.name.hasSuffix("$log") }
        for path in layout.folders + Self.neighbours.map(\.folder) {
            try FileManager.default.createDirectory(
                at: folder.appending(path: path), withIntermediateDirectories: true)
        }
        let files = layout.mounts.map { ($0.path, Self.content[$0.data.description] ?? []) }
        for (index, (path, content)) in (reversed ? files.reversed() : files).enumerated() {
            let file = folder.appending(path: path)
            try Data(content).write(to: file)
            let date = Date(timeIntervalSince1970: reversed ? 1e9 : 2e9 + Double(index))
            try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: file.path)
        }
        for neighbour in Self.neighbours {
            try Data("of \(neighbour.name)\n".utf8).write(
                to: folder.appending(path: neighbour.folder).appending(path: "patients.csv"))
        }
    }

    func remove() throws {
        try FileManager.default.removeItem(at: folder)
    }

    /// `ok`, `error`, `trap` with the engine's words, or another of the engine's codes.
    func run() throws -> (ending: String, words: String) {
        var folders = try FolderGrants()
        for neighbour in Self.neighbours {
            try folders.grant(folder.appending(path: neighbour.folder).path, as: neighbour.name, .write)
        }
        for preopen in preopens {
            let access: FolderGrants.Access = preopen.access == .write ? .write : .read
            try folders.grant(folder.appending(path: preopen.folder).path, as: preopen.name, access)
        }
        let engine = try Engine()
        let limits = composed.storeLimits
        let bounds = StoreBounds(
            memoryBytes: limits.memoryBytes, tableElements: limits.tableElements, instances: limits.instances,
            tables: limits.tables, memories: limits.memories)
        let store = try Store(engine, bounds: bounds, folders: folders)
        do {
            var instance = try Linker(engine).instantiate(try engine.compile(composed.bytes), in: store)
            return ("\(try instance.call("run", of: composed.entry))", "")
        } catch {
            return (error.code == "engine.trap" ? "trap" : error.code, error.words?.description ?? "")
        }
    }

    /// The names of neighbours whose folder no longer holds exactly what it did.
    func disturbed() throws -> [String] {
        try Self.neighbours.filter { neighbour in
            let place = folder.appending(path: neighbour.folder)
            let names = try FileManager.default.contentsOfDirectory(atPath: place.path)
            let content = try String(contentsOf: place.appending(path: "patients.csv"), encoding: .utf8)
            return names != ["patients.csv"] || content != "of \(neighbour.name)\n"
        }.map(\.name)
    }

    func bytes(at path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appending(path: path)))
    }

    /// Folders of others, and folders whose names come as near to `a:/…` as names can. All can be written.
    private static let neighbours: [(folder: String, name: String)] = [
        ":/data", "A:/data", "a", "a-b:/data", "a:", "a::/data", "a:data", "a:$log2", "ab:$log", "ab:/data", "b:/data",
        "/data",
    ].enumerated().map { ("neighbours/\($0.offset)", $0.element) }

    private static let content: [String: [UInt8]] = [
        "patients": Array("of a\n".utf8), "leaf": Array("leaf".utf8), "top": Array("top".utf8),
        "large": [UInt8](repeating: 0, count: 8 << 20),
    ]

    private static func manifest(for binary: [UInt8]) throws -> Manifest {
        let imports = try ComponentDescription(of: binary).listedImports
        var more = [
            JSONMember("arguments", ["--site", "two words", "ü"]), JSONMember("temporaryMiB", 1),
        ]
        if imports.contains(where: { $0.hasPrefix("wasi:random/") }) {
            more.append(JSONMember("randomness", "repeatable"))
        }
        let provider = Party("provider", 1)
        var draft = ManifestFixture([provider])
        draft.components = [
            ManifestFixture.component(
                "a", of: provider, SHA256Digest(sha256: binary), maximumBytes: 1 << 20, imports: imports,
                memoryMiB: 64, more: more)
        ]
        draft.data = ["patients", "leaf", "top", "large"].map {
            ManifestFixture.data($0, of: provider, maximumBytes: 1 << 20)
        }
        draft.outputs = [
            ManifestFixture.output("mine", to: [provider], maximumBytes: 2 << 20),
            ManifestFixture.output("log", to: [provider], maximumBytes: 1 << 20),
        ]
        draft.channels = [
            ManifestFixture.mount("patients", in: "a", at: "/data/patients.csv"),
            ManifestFixture.mount("leaf", in: "a", at: "/data/sub/deep/leaf"),
            ManifestFixture.mount("top", in: "a", at: "/top.csv"),
            ManifestFixture.mount("large", in: "a", at: "/data/large.bin"),
            ManifestFixture.release("mine", of: "a", at: "/output/mine"),
            ManifestFixture.log("log", of: "a"),
        ]
        draft.run.component = "a"
        return try draft.manifest()
    }
}
