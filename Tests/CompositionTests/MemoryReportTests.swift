import Composition
import TestSupport
import Testing
import WorkerJob

@Suite("Reports of memories")
struct MemoryReportTests {
    private static let two = MemoryReport([
        .init(pageCount: 0, maximumPageCount: 0), .init(pageCount: 259, maximumPageCount: 65_536),
    ])

    @Test("come back as they went")
    func roundTrip() {
        let bytes = Self.two.bytes
        #expect(bytes == [3, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 3, 0, 1, 0, 0])
        #expect(MemoryReport(bytes) == Self.two)
        #expect(MemoryReport.byteCount(of: Array(bytes.prefix(2))) == nil)
        #expect(MemoryReport.byteCount(of: Array(bytes.prefix(3))) == bytes.count)
        #expect(MemoryReport([3, 0, 0])?.memories == [])
    }

    @Test(
        "are none where a byte is missing or too much, or a memory is larger than it may be",
        arguments: [
            [], [3], [3, 0], [2, 0, 0], [3, 0, 1], [3, 0, 0, 0], [3, 0x10, 0x01], [3, 0xFF, 0xFF],
            [3, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1], [3, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1],
        ] as [[UInt8]])
    func malformed(_ bytes: [UInt8]) {
        #expect(MemoryReport(bytes) == nil)
    }

    @Test("mean nothing where they are not of as many memories as a composition makes")
    func otherCount() throws {
        let text = """
            (component (core module $m (memory 1)) (core instance (instantiate $m)) (core instance (instantiate $m))
              (instance $run) (export "wasi:cli/run@0.2.3" (instance $run)))
            """
        let composed = try ManifestDraft([.init(name: "main", binary: try WasmTools.parse(text))]).composed()
        let memory = MemoryReport.Memory(pageCount: 3, maximumPageCount: 512)
        #expect(composed.memories(in: MemoryReport([memory])) == nil)
        #expect(composed.memories(in: MemoryReport([memory, memory, memory])) == nil)
        let found = try #require(composed.memories(in: MemoryReport([memory, memory])))
        #expect(found.map(\.peakBytes) == [6 << 16])
        #expect(found.map(\.memoryMiB) == [64])
    }
}

@Suite("Places in a composed binary")
struct LocationTests {
    private static let text = """
        (component
          (core module $a (memory 1) (func (export "f") (result i32) i32.const 7001))
          (core module $b (memory 1 60000) (func (export "f") (result i32) i32.const 7002))
          (core instance (instantiate $a)) (core instance (instantiate $b))
          (import "twocvm:guest/files" (instance))
          (instance $run) (export "wasi:cli/run@0.2.3" (instance $run)))
        """

    /// A component whose limits are rewritten, so that its bytes move.
    private func parts() throws -> (file: [UInt8], composed: ComposedBinary) {
        let file = try WasmTools.parse(Self.text)
        let draft = ManifestDraft([.init(name: "main", binary: file, imports: ["twocvm:guest/files"], memoryMiB: 9)])
        return (file, try draft.composed())
    }

    @Test("are told as bytes of the component's own file, behind limits that were rewritten too")
    func ownOffsets() throws {
        let (file, composed) = try parts()
        // i32.const 7001 and 7002.
        for code: [UInt8] in [[0x41, 0xD9, 0x36, 0x0B], [0x41, 0xDA, 0x36, 0x0B]] {
            let own = try #require(file.indices.first { file[$0...].starts(with: code) })
            let place = try #require(composed.bytes.indices.first { composed.bytes[$0...].starts(with: code) })
            let told = "main at 0x\(String(own, radix: 16))"
            let hex = String(place, radix: 16)
            #expect(composed.located("    3:   0x\(hex) - <unknown>!f") == "    3:   \(told) - f")
            #expect(composed.located("    3:   0x\(hex) - m!f") == "    3:   \(told) - m!f")
            #expect(composed.located("bad (at offset 0x\(hex))") == "bad (in \(told))")
            #expect(composed.located("code at offset \(place): bad") == "code in \(told): bad")
        }
    }

    @Test("name a shim by its component")
    func shims() throws {
        let composed = try parts().composed
        let shim = try #require(
            composed.attribution.first { $0.range.count > 4_000 && $0.subject == .shim(name("main")) })
        let hex = String(shim.range.upperBound - 20, radix: 16)
        let located = composed.located(" 0: 0x\(hex) - <unknown>!<wasm function 4>")
        #expect(located.hasPrefix(" 0: the shim of main at 0x"))
        #expect(located.hasSuffix(" - <wasm function 4>"))
    }

    @Test(
        "are left as they are where nothing of ours stands there",
        arguments: [
            "", "at offset ", "at offset 0x", "at offset 0xzz", "  0: 0x8 - f", "0x2000 - f", " - ", "1: - f",
            "  0: 0xffffffffffffffffff - f", "at offset 99999999999999999999: x",
        ])
    func foreign(_ words: String) throws {
        #expect(try parts().composed.located(words) == words)
    }
}
