import Commitments
import Composition
import Execution
import Foundation
import Keys
import Platform
import Primitives
import TestSupport
import Testing

/// A manifest with its components and data, and its run on the way that every run takes: admit, compose, prepare,
/// place the inputs, run in the real worker.
struct Scene {
    struct Part {
        var name: String
        var binary: [UInt8]
        var memoryMiB = 16
        /// `nil` for everything that the binary imports of the host's.
        var imports: [String]?
        var temporaryMiB: Int?
        var arguments: [String] = []
        var features: [String] = []
    }

    /// The first one is run.
    var parts: [Part]
    var data: [(name: String, content: [UInt8])] = []
    var outputs: [(name: String, maximumBytes: Int)] = []
    var channels: [JSONValue] = []
    var export = "wasi:cli/run"
    var compileSeconds = 60
    var wallTimeSeconds = 60
    var purpose = "Withstand."
    var place = Place()

    init(_ parts: [Part]) {
        self.parts = parts
    }

    /// One component of Tests/Components/Hostile that is run, and nothing else.
    static func alone(_ name: String, memoryMiB: Int = 16) throws -> Scene {
        Scene([Part(name: "main", binary: try ComponentText(named: "Hostile/\(name)").binary(), memoryMiB: memoryMiB)])
    }

    /// The prober, which is told what to attack and reports to the output `report`.
    static func probing(_ attacks: [String], reportBytes: Int = 1 << 18) throws -> Scene {
        var scene = Scene([Part(name: "main", binary: try Guest.prober.binary())])
        scene.addProber("main", attacks, reportBytes: reportBytes)
        return scene
    }

    /// The same without a report, for what ends before one is written.
    static func ending(_ attacks: [String]) throws -> Scene {
        var scene = Scene([Part(name: "main", binary: try Guest.prober.binary())])
        scene.mount("attack", attacks.joined(separator: "\n"), in: "main", at: "/data/attack")
        return scene
    }

    /// Gives a prober its orders and its report.
    mutating func addProber(_ component: String, _ attacks: [String], reportBytes: Int = 1 << 18) {
        let suffix = component == "main" ? "" : "-" + component
        mount("attack" + suffix, attacks.joined(separator: "\n"), in: component, at: "/data/attack")
        release("report" + suffix, of: component, at: "/output/report", maximumBytes: reportBytes)
    }

    mutating func mount(_ name: String, _ content: String, in component: String, at path: String) {
        data.append((name, Array(content.utf8)))
        channels.append(ManifestFixture.mount(name, in: component, at: path))
    }

    mutating func release(_ name: String, of component: String, at path: String, maximumBytes: Int) {
        outputs.append((name, maximumBytes))
        channels.append(ManifestFixture.release(name, of: component, at: path))
    }

    mutating func log(_ name: String, of component: String, _ stream: String = "stderr", maximumBytes: Int) {
        outputs.append((name, maximumBytes))
        channels.append(ManifestFixture.log(name, of: component, stream))
    }

    mutating func link(_ name: String, _ importer: String, _ exporter: String, _ export: String) {
        channels.append(ManifestFixture.link(name, from: exporter, export, to: importer))
    }
}

extension Scene {
    func manifest() throws -> Manifest {
        try draft().manifest()
    }

    func composed(under manifest: Manifest) throws -> ComposedBinary {
        let components = try zip(manifest.components, parts).map { try admit($1.binary, as: $0, under: manifest) }
        return try compose(manifest, of: components)
    }

    /// Starts the worker, with every input in its place.
    func prepare() throws -> PreparedRun {
        let manifest = try manifest()
        let plan = ExecutionPlan(try composed(under: manifest), diagnostics: true)
        let settings = ExecutionSettings(
            worker: Built.worker.path, policy: .reported, diagnostics: true, temporaryParent: place.path)
        let prepared = try PreparedRun.prepare(plan, settings)
        for input in plan.inputs {
            let content = data.first { $0.name == input.name.description }?.content
            var arriving = try prepared.inputs.begin(input.path)
            try arriving.append(try #require(content))
            try arriving.finish()
        }
        return prepared
    }

    /// Runs to the end, and sees that nothing is left.
    func run() throws -> Ended {
        let ended = Ended(try prepare().run())
        #expect(place.names == [], "a run leaves no job folder")
        return ended
    }

    /// Why nothing was composed.
    func refusal() throws -> any ExplainedError {
        do {
            _ = try composed(under: try manifest())
        } catch let error as any ExplainedError {
            return error
        }
        throw Unrefused()
    }

    struct Unrefused: Error {}

    func draft() throws -> ManifestFixture {
        var draft = ManifestFixture([Self.provider])
        draft.purpose = purpose
        draft.components = try parts.map(Self.component)
        draft.data = data.map {
            ManifestFixture.data($0.name, of: Self.provider, maximumBytes: max(1, $0.content.count))
        }
        draft.outputs = outputs.map {
            ManifestFixture.output($0.name, to: [Self.provider], maximumBytes: $0.maximumBytes)
        }
        draft.channels = channels
        draft.run = (parts[0].name, export)
        draft.limits = ManifestFixture.Limits(compileSeconds: compileSeconds, wallTimeSeconds: wallTimeSeconds)
        return draft
    }

    private static let provider = Party("provider", 1)

    private static func component(_ part: Part) throws -> JSONValue {
        let imports = try part.imports ?? ComponentDescription(of: part.binary).listedImports
        var members: [JSONMember] = []
        if imports.contains(where: { $0.hasPrefix("wasi:random/") }) {
            members.append(JSONMember("randomness", "repeatable"))
        }
        if let size = part.temporaryMiB { members.append(JSONMember("temporaryMiB", .integer(size))) }
        if !part.features.isEmpty {
            members.append(JSONMember("features", .array(part.features.map(JSONValue.string))))
        }
        if !part.arguments.isEmpty {
            members.append(JSONMember("arguments", .array(part.arguments.map(JSONValue.string))))
        }
        return ManifestFixture.component(
            part.name, of: provider, SHA256Digest(sha256: part.binary), maximumBytes: part.binary.count,
            imports: imports, memoryMiB: part.memoryMiB, more: members)
    }
}
