import Commitments
import Composition
import Primitives
import TestSupport

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
    /// Of data, by name.
    var formats: [String: JSONValue] = [:]
    var outputs: [(name: String, maximumBytes: Int)] = []
    var channels: [JSONValue] = []
    var run: (component: String, export: String)

    /// - Parameter parts: The first one is run.
    init(_ parts: [Part], run export: String = "wasi:cli/run") {
        self.parts = parts
        run = (parts[0].name, export)
    }

    func manifest() throws -> Manifest {
        var draft = ManifestFixture([Self.provider])
        draft.components = parts.map(component)
        draft.data = data.map { name, maximumBytes in
            let format = formats[name].map { [JSONMember("format", $0)] }
            return ManifestFixture.data(name, of: Self.provider, maximumBytes: maximumBytes, more: format ?? [])
        }
        draft.outputs = outputs.map {
            ManifestFixture.output($0.name, to: [Self.provider], maximumBytes: $0.maximumBytes)
        }
        draft.channels = channels
        draft.run = run
        return try draft.manifest()
    }

    private static let provider = Party("provider", 1)

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

    private func component(_ part: Part) -> JSONValue {
        var members: [JSONMember] = []
        if let clock = part.clock { members.append(JSONMember("clock", .string(clock))) }
        if let randomness = part.randomness { members.append(JSONMember("randomness", .string(randomness))) }
        return ManifestFixture.component(
            part.name, of: Self.provider, part.digest ?? SHA256Digest(sha256: part.binary),
            maximumBytes: part.maximumBytes, imports: part.imports, memoryMiB: part.memoryMiB, more: members)
    }
}
