import Commitments
import Composition
import Execution
import Primitives
import TestSupport
import Testing

/// What is reserved for a run before any of its components is there.
@Suite("Bounds of a run")
struct BoundsTests {
    private func manifest(_ binary: [UInt8], outputBytes: Int = 4096) throws -> Manifest {
        let key = "did:key:z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd"
        let value: JSONValue = [
            "version": 1, "name": "bounds", "purpose": "Tests.", "salt": .string(String(repeating: "5a", count: 32)),
            "participants": [
                ["name": "lab", "signingKey": .string(key), "sealingKey": .string(try Self.sealingKey())]
            ],
            "components": [
                [
                    "name": "model", "provider": "lab", "digest": .string(SHA256Digest(sha256: binary).prefixed),
                    "maximumBytes": .integer(binary.count),
                    "imports": .array(try ComponentDescription(of: binary).listedImports.map(JSONValue.string)),
                    "memoryMiB": 16,
                ]
            ],
            "data": [
                ["name": "rows", "provider": "lab", "commitment": "any", "maximumBytes": 1_000_000]
            ],
            "outputs": [
                ["name": "result", "recipients": ["lab"], "format": "any", "maximumBytes": .integer(outputBytes)]
            ],
            "channels": [
                ["mount": "rows", "component": "model", "path": "/data/data"],
                ["release": "result", "component": "model", "path": "/output/copy"],
            ],
            "run": ["component": "model", "export": "wasi:cli/run"],
            "limits": [
                "compileSeconds": 1, "wallTimeSeconds": 1, "admissionSeconds": 1, "retentionSeconds": 1, "runs": 1,
            ],
            "platform": [
                "kind": "simulated", "binding": "lock", "measurements": [.string(String(repeating: "00", count: 48))],
            ],
        ]
        return try Manifest(decoding: value.canonicalBytes)
    }

    private static func sealingKey() throws -> String {
        "xwing:" + Base64.urlUnpadded.encode([UInt8](repeating: 0, count: 1184) + [UInt8](repeating: 1, count: 32))
    }

    @Test("hold what its components come to")
    func hold() throws {
        let binary = try ComponentText(named: "Jobs/copies-a-file").binary()
        let manifest = try manifest(binary)
        let component = try admit(binary, as: manifest.components[0], under: manifest)
        let composed = try compose(manifest, of: [component])
        let plan = ExecutionPlan(manifest: manifest, composed: composed, diagnostics: false)
        let bounds = ExecutionBounds(manifest)
        #expect(bounds.hold(plan))
        #expect(composed.bytes.count <= CompositionBounds(manifest).byteCount)
        #expect(composed.memoryByteCount <= CompositionBounds(manifest).memoryByteCount)

        var greedy = plan
        greedy.limits.memoryBytes += 1 << 30
        #expect(!bounds.hold(greedy))
        var large = plan
        large.composed += [UInt8](repeating: 0, count: 8 << 20)
        #expect(!bounds.hold(large))
    }

    @Test("grow with the manifest's outputs")
    func grow() throws {
        let binary = try ComponentText(named: "Jobs/copies-a-file").binary()
        let small = ExecutionBounds(try manifest(binary))
        let large = ExecutionBounds(try manifest(binary, outputBytes: 64 << 20))
        #expect(large.fileBytes >= small.fileBytes + (63 << 20))
    }
}
