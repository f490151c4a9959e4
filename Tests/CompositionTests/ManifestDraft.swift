import Commitments
import Composition
import Keys
import Primitives

/// A manifest in the making: everything valid but what a test says otherwise.
struct ManifestDraft {
    struct Part {
        var name: String
        var binary: [UInt8]
        var imports: [String] = []
        var memoryMiB = 64
        var maximumBytes = 1 << 20
        var clock: String?
        var randomness: String?
        /// Another digest than the binary's.
        var digest: SHA256Digest?
    }

    var parts: [Part]
    var data: [(name: String, maximumBytes: Int)] = []
    var outputs: [(name: String, maximumBytes: Int)] = []
    var channels: [JSONValue] = []
    var run: (component: String, export: String)

    /// - Parameter parts: The first one is run.
    init(_ parts: [Part], run export: String = "wasi:cli/run") {
        self.parts = parts
        run = (parts[0].name, export)
    }

    func manifest() throws -> Manifest {
        let json: JSONValue = [
            "version": 1, "name": "test", "purpose": "Test.",
            "salt": .string(String(repeating: "5a", count: 32)),
            "participants": [participant("provider", 1)],
            "components": .array(parts.map(component)),
            "data": .array(
                data.map {
                    [
                        "name": .string($0.name), "provider": "provider", "commitment": "any",
                        "maximumBytes": .integer($0.maximumBytes),
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
            "run": ["component": .string(run.component), "export": .string(run.export)],
            "limits": [
                "compileSeconds": 60, "wallTimeSeconds": 60, "admissionSeconds": 60, "retentionSeconds": 60, "runs": 1,
            ],
            "platform": [
                "kind": "simulated", "binding": "launch",
                "measurements": [.string(String(repeating: "00", count: 48))],
            ],
        ]
        return try Manifest(decoding: json.canonicalBytes)
    }

    /// The manifest and every part of it, admitted.
    func admitted() throws -> (Manifest, [AdmittedComponent]) {
        let manifest = try manifest()
        let components = try zip(manifest.components, parts).map { try admit($1.binary, as: $0, under: manifest) }
        return (manifest, components)
    }

    /// What admitting the part at `index` throws, or `nil`.
    func refusal(ofPart index: Int = 0) throws -> AdmissionError? {
        let manifest = try manifest()
        do throws(AdmissionError) {
            _ = try admit(parts[index].binary, as: manifest.components[index], under: manifest)
            return nil
        } catch {
            return error
        }
    }

    func composed(in house: House? = nil) throws -> ComposedBinary {
        let (manifest, components) = try admitted()
        guard let house else { return try compose(manifest, of: components) }
        return try compose(manifest, of: components, in: house)
    }

    static func link(_ name: String, _ importer: String, _ exporter: String, _ export: String) -> JSONValue {
        [
            "link": .string(name), "importer": .string(importer), "exporter": .string(exporter),
            "export": .string(export),
        ]
    }

    static func mount(_ data: String, _ component: String, _ path: String) -> JSONValue {
        ["mount": .string(data), "component": .string(component), "path": .string(path)]
    }

    static func release(_ output: String, _ component: String, _ path: String) -> JSONValue {
        ["release": .string(output), "component": .string(component), "path": .string(path)]
    }

    static func log(_ output: String, _ component: String, _ stream: String) -> JSONValue {
        ["log": .string(output), "component": .string(component), "stream": .string(stream)]
    }

    private func component(_ part: Part) -> JSONValue {
        var members: [JSONMember] = [
            JSONMember("name", .string(part.name)), JSONMember("provider", "provider"),
            JSONMember("digest", .string((part.digest ?? SHA256Digest(sha256: part.binary)).prefixed)),
            JSONMember("maximumBytes", .integer(part.maximumBytes)),
            JSONMember("imports", .array(part.imports.map(JSONValue.string))),
            JSONMember("memoryMiB", .integer(part.memoryMiB)),
        ]
        if let clock = part.clock { members.append(JSONMember("clock", .string(clock))) }
        if let randomness = part.randomness { members.append(JSONMember("randomness", .string(randomness))) }
        return .object(members)
    }

    private func participant(_ name: String, _ number: UInt8) -> JSONValue {
        let signing = SigningPublicKey(rawRepresentation: FixedBytes(repeating: number))
        let point = [UInt8](repeating: number, count: 32)
        let sealing = FixedBytes<1216>([UInt8](repeating: 0, count: 1184) + point)
        return [
            "name": .string(name), "signingKey": .string(signing.didKey),
            "sealingKey": .string(sealing.map { SealingPublicKey(rawRepresentation: $0).text } ?? ""),
        ]
    }
}
