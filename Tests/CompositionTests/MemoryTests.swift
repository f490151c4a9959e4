import Commitments
import Composition
import TestSupport
import Testing

/// The bound on the sum over all memories and tables, held against the binary that the engine gets.
@Suite("Memory caps")
struct MemoryTests {
    private func draft(_ body: String, memoryMiB: Int) throws -> ManifestDraft {
        let text = "(component \(body) (instance $run) (export \"wasi:cli/run@0.2.3\" (instance $run)))"
        return ManifestDraft([.init(name: "main", binary: try WasmTools.parse(text), memoryMiB: memoryMiB)])
    }

    /// The maxima of memories and tables in the composed binary, which is still valid.
    private func maxima(_ body: String, memoryMiB: Int) throws -> (memories: [Int?], tables: [Int?]) {
        let composed = try draft(body, memoryMiB: memoryMiB).composed()
        #expect(try WasmTools.refusal(of: composed.bytes) == nil)
        let description = try ComponentDescription(of: composed.bytes)
        let bytes =
            description.memories.reduce(0) { $0 + ($1.maximum ?? 65_536) * 65_536 * $1.instanceCount }
            + description.tables.reduce(0) { $0 + ($1.maximum ?? 1 << 32) * 8 * $1.instanceCount }
        #expect(bytes <= memoryMiB << 20)
        return (description.memories.map(\.maximum), description.tables.map(\.maximum))
    }

    @Test("gives a single memory the whole cap")
    func single() throws {
        #expect(
            try maxima("(core module $m (memory 1)) (core instance (instantiate $m))", memoryMiB: 64).memories == [1024]
        )
    }

    @Test("lowers a declared maximum and never raises one")
    func declared() throws {
        let body = "(core module $m (memory 1 65536)) (core instance (instantiate $m))"
        #expect(try maxima(body, memoryMiB: 1).memories == [16])
        let modest = "(core module $m (memory 1 3)) (core instance (instantiate $m))"
        #expect(try maxima(modest, memoryMiB: 1).memories == [3])
    }

    @Test("shares among memories, and gives what a modest one leaves to the others")
    func shares() throws {
        let body = """
            (core module $a (memory 2)) (core module $b (memory 4 5)) (core module $c (memory 1))
            (core instance (instantiate $a)) (core instance (instantiate $b))
            (core instance (instantiate $c)) (core instance (instantiate $c))
            """
        // 16 pages: 2 + 4 + 1 + 1 are minima; 8 to share; $b takes 1, the other three 2 each.
        #expect(try maxima(body, memoryMiB: 1).memories == [4, 5, 3])
    }

    @Test("counts tables with eight bytes an element, and lets them grow by a 64th of what is left")
    func tables() throws {
        let body = "(core module $m (memory 1) (table 4096 funcref)) (core instance (instantiate $m))"
        let found = try maxima(body, memoryMiB: 1)
        // 1,048,576 bytes less 65,536 for the memory and 8 for each of 5,120 elements: 942,080, a 64th of which is
        // 1,840 elements more.
        #expect(found.tables == [6960])
        #expect(found.memories == [15])
    }

    @Test("gives tables alone the whole cap, and each what it declares if that is less")
    func tablesAlone() throws {
        let body = """
            (core module $m (table 1 funcref) (table 1 1000 funcref) (table 1 9000000 funcref))
            (core instance (instantiate $m)) (core instance (instantiate $m))
            """
        let tables = try maxima(body, memoryMiB: 1).tables
        #expect(tables[1] == 1000)
        #expect(tables[0] == tables[2])
        #expect((tables[0] ?? 0) > 32_000)
    }

    @Test("counts nested instances")
    func nested() throws {
        let body = """
            (component $c (core module $m (memory 1)) (core instance (instantiate $m)) (core instance (instantiate $m)))
            (instance (instantiate $c)) (instance (instantiate $c))
            """
        #expect(try maxima(body, memoryMiB: 1).memories == [4])
    }

    @Test("leaves a module alone that nobody instantiates")
    func uninstantiated() throws {
        let draft = try draft("(core module $m (memory 65536))", memoryMiB: 1)
        #expect(try draft.refusal() == nil)
    }

    @Test(
        "refuses minima above the cap before anything is compiled",
        arguments: [
            "(core module $m (memory 17)) (core instance (instantiate $m))",
            "(core module $m (memory 9)) (core instance (instantiate $m)) (core instance (instantiate $m))",
            "(core module $m (table 4294967295 funcref)) (core instance (instantiate $m))",
            "(core module $m (table 131072 funcref)) (core instance (instantiate $m))",
            "(core module $m (memory 65536) (table 4294967295 funcref))"
                + String(repeating: "(core instance (instantiate $m))", count: 1000),
        ])
    func tooMuch(_ body: String) throws {
        let refusal = try draft(body, memoryMiB: 1).refusal()
        #expect(refusal?.code == "admission.memory")
    }

    @Test("says how much would do, and that much does")
    func suggestion() throws {
        let body = "(core module $m (memory 161)) (core instance (instantiate $m))"
        #expect(try draft(body, memoryMiB: 1).refusal()?.hint == "\"memoryMiB\": 11")
        #expect(try draft(body, memoryMiB: 10).refusal() != nil)
        #expect(try draft(body, memoryMiB: 11).refusal() == nil)
    }

    @Test("rewrites sizes that grow by a byte, at every depth")
    func sizesGrow() throws {
        // 121 bytes of padding put the module's size just below two bytes of LEB128.
        for padding in 90..<130 {
            let text = String(repeating: "x", count: padding)
            let body = """
                (component $c
                  (core module $m (memory 1) (@custom "\(text)"))
                  (core instance (instantiate $m)))
                (instance (instantiate $c))
                """
            #expect(try maxima(body, memoryMiB: 4096).memories == [65_536])
        }
    }
}
