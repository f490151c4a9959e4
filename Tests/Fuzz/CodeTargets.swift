import Commitments
import Composition
import Primitives
import TestSupport

extension Target {
    /// Components, read, admitted and composed before an engine sees them.
    static let code: [Target] = [
        Target("component", .wasm) { bytes in
            for allowsExceptions in [false, true] {
                let read = decoded { try ComponentBinary(decoding: bytes, allowsExceptions: allowsExceptions) }
                guard let read else { continue }
                claim(read.imports.count + read.exports.count <= bytes.count, "each item has its bytes")
            }
        },
        Target("composition", .wasm) { bytes in composition(bytes) },
        Target("runtime", .wasm) { bytes in
            guard let twin = decoded({ try RuntimeTwin(decoding: bytes) }) else { return }
            claim(twin.bytes == bytes, "a twin is its bytes")
            let whole = twin.component(containing: [0x00, 0x61, 0x73, 0x6D, 1, 0, 0, 0])
            claim(whole.count > 8, "a twin with a module is a component")
        },
    ]

    /// What is admitted is composed, or refused with a reason; what is composed reads as a component.
    private static func composition(_ bytes: [UInt8]) {
        guard let description = decoded({ try ComponentDescription(of: bytes) }),
            let export = description.binary.exports.first(where: { $0.kind == .instance })?.name.base,
            InterfaceName(export) != nil
        else { return }
        let memory = max(1, min(description.leastMemoryMiB, 4096))
        var more: [JSONMember] = []
        if !description.features.isEmpty { more.append(JSONMember("features", ["exceptions"])) }
        if description.listedImports.contains(where: { $0.hasPrefix("wasi:random/") }) {
            more.append(JSONMember("randomness", "repeatable"))
        }
        var fixture = ManifestFixture([Scene.parties[0]])
        fixture.components = [
            ManifestFixture.component(
                "model", of: Scene.parties[0], description.digest, maximumBytes: max(1, bytes.count),
                imports: description.listedImports, memoryMiB: memory, more: more)
        ]
        fixture.run = ("model", export)
        guard let manifest = decoded({ try fixture.manifest() }) else { return }
        guard let admitted = decoded({ try admit(bytes, as: manifest.components[0], under: manifest) }) else { return }
        claim(admitted.binary.imports.count == description.binary.imports.count, "one reader, one reading")
        guard let composed = decoded({ try compose(manifest, of: [admitted]) }) else { return }
        claim(composed.digest == SHA256Digest(sha256: composed.bytes), "the digest is of the bytes")
        claim(composed.bytes.count <= CompositionBounds(manifest).byteCount, "the bound holds")
        claim(composed.memoryByteCount <= CompositionBounds(manifest).memoryByteCount, "the bound of memory holds")
        let again = decoded { try ComponentBinary(decoding: composed.bytes, allowsExceptions: true) }
        claim(again != nil, "what is composed reads as a component")
        let names = Set(composed.hostImports)
        claim(again?.imports.allSatisfy { names.contains($0.name.description) } ?? false, "the host world is all of it")
    }
}
