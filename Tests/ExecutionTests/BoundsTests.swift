import Commitments
import Composition
import Execution
import Primitives
import TestSupport
import Testing

/// What is reserved for a run before any of its components is there.
@Suite("Bounds of a run")
struct BoundsTests {
    private func manifest(
        _ binary: [UInt8], outputBytes: Int = 4096, format: JSONValue = "any"
    ) throws -> Manifest {
        let lab = Party("lab", 1)
        var draft = ManifestFixture([lab])
        draft.components = [
            ManifestFixture.component(
                "model", of: lab, SHA256Digest(sha256: binary), maximumBytes: binary.count,
                imports: try ComponentDescription(of: binary).listedImports)
        ]
        draft.data = [
            ManifestFixture.data("rows", of: lab, maximumBytes: 1_000_000, more: [JSONMember("format", format)])
        ]
        draft.outputs = [ManifestFixture.output("result", to: [lab], maximumBytes: outputBytes)]
        draft.channels = [
            ManifestFixture.mount("rows", in: "model", at: "/data/data"),
            ManifestFixture.release("result", of: "model", at: "/output/copy"),
        ]
        draft.binding = "lock"
        return try draft.manifest()
    }

    @Test("hold what its components come to")
    func hold() throws {
        let binary = try ComponentText(named: "Jobs/copies-a-file").binary()
        let manifest = try manifest(binary)
        let component = try admit(binary, as: manifest.components[0], under: manifest)
        let composed = try compose(manifest, of: [component])
        let plan = ExecutionPlan(composed, diagnostics: false)
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

    /// A table's format, as long as few would write one.
    private static let longFormat: JSONValue = [
        "kind": "csv", "maximumRows": 1,
        "columns": .array(
            (0..<256).map { index in
                ["name": .string(String(repeating: "n", count: 60) + "\(index)"), "type": "integer"]
            }),
    ]

    @Test("grow with the formats that lie beside tables, and hold them")
    func formats() throws {
        let binary = try ComponentText(named: "Jobs/copies-a-file").binary()
        let manifest = try manifest(binary, format: Self.longFormat)
        let plain = ExecutionBounds(try self.manifest(binary))
        let length = Self.longFormat.canonicalBytes.count
        #expect(ExecutionBounds(manifest).fileBytes >= plain.fileBytes + length)
        let component = try admit(binary, as: manifest.components[0], under: manifest)
        let plan = ExecutionPlan(try compose(manifest, of: [component]), diagnostics: false)
        #expect(plan.texts.map(\.path) == ["in/model/data/data.format.json"])
        #expect(plan.texts.map(\.content) == [Self.longFormat.canonicalBytes])
        #expect(ExecutionBounds(manifest).hold(plan))
        // Room for a copy of it in the component's own shim.
        #expect(
            CompositionBounds(manifest).memoryByteCount >= CompositionBounds(try self.manifest(binary)).memoryByteCount)
        var greedy = plan
        greedy.texts.append(PlannedText(path: "in/model/data/more", content: [UInt8](repeating: 0, count: 8 << 20)))
        #expect(!ExecutionBounds(manifest).hold(greedy))
    }

    @Test("grow with the manifest's outputs")
    func grow() throws {
        let binary = try ComponentText(named: "Jobs/copies-a-file").binary()
        let small = ExecutionBounds(try manifest(binary))
        let large = ExecutionBounds(try manifest(binary, outputBytes: 64 << 20))
        #expect(large.fileBytes >= small.fileBytes + (63 << 20))
    }
}
