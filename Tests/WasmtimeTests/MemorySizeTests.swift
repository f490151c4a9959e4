import TestSupport
import Testing
import Wasmtime

@Suite("Sizes of memories")
struct MemorySizeTests {
    private func uses(
        of component: String, _ backing: MemoryBacking, keeps: Bool = true
    ) throws -> [MemoryUse]? {
        let engine = try Engine(memory: backing, keepsMemorySizes: keeps)
        let binary = try ComponentText(named: component).binary()
        let compiled = try engine.compile(binary)
        let store = try Store(engine, bounds: Fixture.bounds, folders: try FolderGrants())
        var instance = try Linker(engine).instantiate(compiled, in: store)
        _ = try? instance.call("run", of: "wasi:cli/run@0.2.12")
        _ = consume instance
        return engine.memoryUses()
    }

    @Test("are kept after the memories are gone, with either backing", arguments: MemoryBacking.allCases)
    func kept(_ backing: MemoryBacking) throws {
        #expect(try uses(of: "Runs/grows-step-by-step", backing)?.map(\.bytes) == [65 << 16])
        // One that trapped.
        #expect(try uses(of: "Runs/traps-out-of-bounds", backing)?.isEmpty == false)
    }

    @Test("are not kept unless somebody asks", arguments: MemoryBacking.allCases)
    func notKept(_ backing: MemoryBacking) throws {
        #expect(try uses(of: "Runs/grows-step-by-step", backing, keeps: false) == nil)
    }
}
