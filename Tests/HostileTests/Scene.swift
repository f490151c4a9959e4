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
        channels.append(["mount": .string(name), "component": .string(component), "path": .string(path)])
    }

    mutating func release(_ name: String, of component: String, at path: String, maximumBytes: Int) {
        outputs.append((name, maximumBytes))
        channels.append(["release": .string(name), "component": .string(component), "path": .string(path)])
    }

    mutating func log(_ name: String, of component: String, _ stream: String = "stderr", maximumBytes: Int) {
        outputs.append((name, maximumBytes))
        channels.append(["log": .string(name), "component": .string(component), "stream": .string(stream)])
    }

    mutating func link(_ name: String, _ importer: String, _ exporter: String, _ export: String) {
        channels.append([
            "link": .string(name), "importer": .string(importer), "exporter": .string(exporter),
            "export": .string(export),
        ])
    }
}

extension Scene {
    func manifest() throws -> Manifest {
        try Manifest(decoding: try json().canonicalBytes)
    }

    func composed(under manifest: Manifest) throws -> ComposedBinary {
        let components = try zip(manifest.components, parts).map { try admit($1.binary, as: $0, under: manifest) }
        return try compose(manifest, of: components)
    }

    /// Starts the worker, with every input in its place.
    func prepare() throws -> PreparedRun {
        let manifest = try manifest()
        let plan = ExecutionPlan(manifest: manifest, composed: try composed(under: manifest), diagnostics: true)
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

    func json() throws -> JSONValue {
        [
            "version": 1, "name": "hostile", "purpose": .string(purpose),
            "salt": .string(String(repeating: "5a", count: 32)), "participants": [Self.participant],
            "components": .array(try parts.map(Self.component)),
            "data": .array(
                data.map {
                    [
                        "name": .string($0.name), "provider": "provider", "commitment": "any",
                        "maximumBytes": .integer(max(1, $0.content.count)),
                    ]
                }),
            "outputs": .array(
                outputs.map {
                    [
                        "name": .string($0.name), "recipients": ["provider"], "format": "any",
                        "maximumBytes": .integer($0.maximumBytes),
                    ]
                }),
            "channels": .array(channels),
            "run": ["component": .string(parts[0].name), "export": .string(export)],
            "limits": [
                "compileSeconds": .integer(compileSeconds), "wallTimeSeconds": .integer(wallTimeSeconds),
                "admissionSeconds": 60, "retentionSeconds": 60, "runs": 1,
            ],
            "platform": [
                "kind": "simulated", "binding": "launch",
                "measurements": [.string(String(repeating: "00", count: 48))],
            ],
        ]
    }

    private static func component(_ part: Part) throws -> JSONValue {
        let imports = try part.imports ?? ComponentDescription(of: part.binary).listedImports
        var members: [JSONMember] = [
            JSONMember("name", .string(part.name)), JSONMember("provider", "provider"),
            JSONMember("digest", .string(SHA256Digest(sha256: part.binary).prefixed)),
            JSONMember("maximumBytes", .integer(part.binary.count)),
            JSONMember("imports", .array(imports.map(JSONValue.string))),
            JSONMember("memoryMiB", .integer(part.memoryMiB)),
        ]
        if imports.contains(where: { $0.hasPrefix("wasi:random/") }) {
            members.append(JSONMember("randomness", "repeatable"))
        }
        if let size = part.temporaryMiB { members.append(JSONMember("temporaryMiB", .integer(size))) }
        if !part.arguments.isEmpty {
            members.append(JSONMember("arguments", .array(part.arguments.map(JSONValue.string))))
        }
        return .object(members)
    }

    private static var participant: JSONValue {
        let signing = SigningPublicKey(rawRepresentation: FixedBytes(repeating: 1))
        let sealing = FixedBytes<1216>([UInt8](repeating: 0, count: 1184) + [UInt8](repeating: 1, count: 32))
        return [
            "name": "provider", "signingKey": .string(signing.didKey),
            "sealingKey": .string(sealing.map { SealingPublicKey(rawRepresentation: $0).text } ?? ""),
        ]
    }
}
