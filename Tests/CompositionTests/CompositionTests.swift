import Commitments
import Composition
import Primitives
import TestSupport
import Testing

@Suite("Composition")
struct CompositionTests {
    static let guest = """
        (component
          (import "wasi:io/streams@0.2.0" (instance $io (export "output-stream" (type (sub resource)))))
          (import "wasi:cli/environment@0.2.0" (instance))
          (import "twocvm:guest/files" (instance))
          (import "wasi:clocks/wall-clock@0.2.6" (instance))
          (import "wasi:random/random@0.2.3" (instance))
          (instance $run)
          (export "wasi:cli/run@0.2.3" (instance $run)))
        """
    static let imports = [
        "wasi:io/streams", "wasi:cli/environment", "twocvm:guest/files", "wasi:clocks/wall-clock", "wasi:random/random",
    ]

    private func draft(clock: String = "virtual", randomness: String = "repeatable") throws -> ManifestDraft {
        ManifestDraft([
            .init(
                name: "main", binary: try WasmTools.parse(Self.guest), imports: Self.imports, clock: clock,
                randomness: randomness)
        ])
    }

    @Test("makes one valid binary that imports the host world and exports the run")
    func composes() throws {
        let composed = try draft().composed()
        #expect(try WasmTools.refusal(of: composed.bytes) == nil)
        let description = try ComponentDescription(of: composed.bytes)
        #expect(description.binary.imports.map(\.name.description) == composed.hostImports)
        #expect(description.binary.exports.map(\.name.description) == [composed.entry])
        #expect(composed.digest == description.digest)
    }

    @Test("gives the same bytes for the same manifest, and others for another")
    func repeatable() throws {
        let first = try draft().composed()
        #expect(try draft().composed().bytes == first.bytes)
        #expect(try draft(clock: "real").composed().bytes != first.bytes)
    }

    @Test("leaves out the deterministic shim where both grants are real")
    func realGrants() throws {
        let virtual = try draft().composed()
        let real = try draft(clock: "real", randomness: "real").composed()
        let ranges = { (binary: ComposedBinary) in binary.attribution.filter { $0.subject == .shim(name("main")) }.count
        }
        #expect(ranges(real) < ranges(virtual))
        #expect(try WasmTools.refusal(of: real.bytes) == nil)
    }

    @Test("fills the placeholders of the shims")
    func placeholders() throws {
        let bytes = try draft().composed().bytes
        #expect(!bytes.contains(sequence: Array("@@PREFIX@@".utf8)))
        #expect(!bytes.contains(sequence: Array("@@SEED@@".utf8)))
        #expect(bytes.contains(sequence: Array("main:".utf8) + [0, 0]))
    }

    @Test("gives two components different random bytes")
    func seeds() throws {
        let binary = try WasmTools.parse(Self.guest)
        var draft = ManifestDraft([
            .init(name: "main", binary: binary, imports: Self.imports, randomness: "repeatable"),
            .init(name: "side", binary: binary, imports: Self.imports, randomness: "repeatable"),
        ])
        draft.channels = [ManifestFixture.link("wasi:cli/run", from: "side", "wasi:cli/run", to: "main")]
        draft.parts[0].binary = try WasmTools.parse(
            Self.guest.replacing("(instance $run)\n", with: "(import \"wasi:cli/run@0.2.0\" (instance $run))\n"))
        let composed = try draft.composed()
        #expect(try WasmTools.refusal(of: composed.bytes) == nil)
        let shims = ["main", "side"].map { component in
            composed.attribution.filter { $0.subject == .shim(name(component)) && $0.range.count > 4_000 }
                .map { Array(composed.bytes[$0.range]) }
        }
        #expect(shims[0].count == 2)
        #expect(zip(shims[0], shims[1]).allSatisfy { $0 != $1 })
    }

    // MARK: Refusals

    @Test(
        "refuses an interface that nothing serves",
        arguments: [
            "wasi:io/streams@0.3.0", "wasi:io/streams", "wasi:io/unknown@0.2.0", "wasi:clocks/timezone@0.2.0",
            "wasi:keyvalue/store@0.2.0", "twocvm:guest/files@1.0.0", "wasi:io/streams@0.2.0-rc1",
            "wasi:cli/run@0.2.0", "wasi:random/unknown@0.2.0",
        ])
    func unserved(_ interface: String) throws {
        let base = String(interface.prefix { $0 != "@" })
        let text = "(component (import \"\(interface)\" (instance)) (instance $r) (export \"a:b/c\" (instance $r)))"
        let draft = ManifestDraft(
            [
                .init(
                    name: "main", binary: try WasmTools.parse(text), imports: [base],
                    randomness: base.hasPrefix("wasi:random/") ? "repeatable" : nil)
            ], run: "a:b/c")
        let error = #expect(throws: CompositionError.self) { try draft.composed() }
        #expect(error?.code == "composition.import")
    }

    @Test("never falls back to the host for what a shim must give")
    func noFallback() throws {
        // A house whose shims serve nothing, and whose host has everything.
        let shipped = try hostWorldSections()
        let empty = { (marker: String) in
            try WasmTools.parse("(component (core module (memory 1) (data (i32.const 0) \"\(marker)\")))")
        }
        let house = try House(
            hostWorld: shipped, attenuator: empty("@@SETTINGS@@" + String(repeating: "\\00", count: 4140)),
            determinist: empty(String(repeating: "@@SEED@@", count: 4)), refusedExit: empty(""))
        for interface in [
            "wasi:filesystem/types", "wasi:filesystem/preopens", "wasi:cli/environment", "wasi:cli/exit",
            "wasi:cli/stdout", "wasi:cli/stderr", "wasi:clocks/monotonic-clock", "wasi:clocks/wall-clock",
            "wasi:random/random", "wasi:random/insecure", "wasi:random/insecure-seed", "wasi:io/poll",
            "wasi:io/streams", "wasi:sockets/tcp", "wasi:sockets/udp", "wasi:sockets/ip-name-lookup",
        ] {
            let text = """
                (component (import "\(interface)@0.2.0" (instance)) (instance $r) (export "a:b/c" (instance $r)))
                """
            let draft = ManifestDraft(
                [
                    .init(
                        name: "main", binary: try WasmTools.parse(text), imports: [interface],
                        randomness: interface.hasPrefix("wasi:random/") ? "repeatable" : nil)
                ], run: "a:b/c")
            #expect(throws: CompositionError.self, "\(interface)") { try draft.composed(in: house) }
        }
    }

    @Test("refuses components that are missing, given twice or of another manifest")
    func wrongComponents() throws {
        let (manifest, components) = try draft().admitted()
        #expect(throws: CompositionError.missing(name("main"))) { try compose(manifest, of: []) }
        #expect(throws: CompositionError.unexpected(name("main"))) {
            try compose(manifest, of: components + components)
        }
        let (other, _) = try draft(clock: "real").admitted()
        #expect(throws: CompositionError.unexpected(name("main"))) { try compose(other, of: components) }
    }

    @Test("refuses a damaged house")
    func damagedHouse() throws {
        let marked = try WasmTools.parse(
            "(component (core module (data \"@@SETTINGS@@\(String(repeating: "\\00", count: 4140))\")))")
        let sections = try hostWorldSections()
        #expect(throws: CompositionError.resource("host-world.prefix")) {
            try House(hostWorld: marked, attenuator: marked, determinist: marked, refusedExit: [])
        }
        for text in [
            "(component (import \"f\" (func)))",
            "(component (import \"i\" (instance (export \"j\" (instance)))) (alias export 0 \"j\" (instance)))",
        ] {
            let other = Array(try WasmTools.parse(text).dropFirst(8))
            #expect(throws: CompositionError.resource("host-world.prefix"), "\(text)") {
                try House(hostWorld: other, attenuator: marked, determinist: marked, refusedExit: [])
            }
        }
        for bytes in [[], try WasmTools.parse("(component)")] {
            #expect(throws: CompositionError.resource("attenuator.wasm")) {
                try House(hostWorld: sections, attenuator: bytes, determinist: marked, refusedExit: [])
            }
        }
        #expect(throws: CompositionError.resource("determinist.wasm")) {
            try House(hostWorld: sections, attenuator: marked, determinist: marked, refusedExit: [])
        }
    }

    private func hostWorldSections() throws -> [UInt8] {
        let (manifest, components) = try draft().admitted()
        let composed = try compose(manifest, of: components)
        let first = try #require(composed.attribution.first)
        return Array(composed.bytes[8..<first.range.upperBound])
    }
}

/// A name that is known to be one.
func name(_ text: String) -> Name {
    guard let name = Name(text) else { preconditionFailure("not a name: \(text)") }
    return name
}

extension [UInt8] {
    func contains(sequence: [UInt8]) -> Bool {
        indices.dropLast(sequence.count - 1).contains { self[$0] == sequence[0] && self[$0...].starts(with: sequence) }
    }
}
