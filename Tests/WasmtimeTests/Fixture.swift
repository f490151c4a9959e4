import TestSupport
import Wasmtime

/// Runs one component as the worker does, with bounds wide enough for every case that is not about bounds.
enum Fixture {
    static let bounds = StoreBounds(
        memoryBytes: 16 << 20, tableElements: 10_000, instances: 100, tables: 100, memories: 100)

    static func run(
        _ binary: [UInt8], bounds: StoreBounds = bounds, memory: MemoryBacking = .engine
    ) throws(EngineError) -> Instance.Answer {
        let engine = try Engine(memory: memory)
        let component = try engine.compile(binary)
        let linker = try Linker(engine)
        let store = try Store(engine, bounds: bounds, folders: try FolderGrants())
        var instance = try linker.instantiate(component, in: store)
        return try instance.call("run", of: "wasi:cli/run@0.2.12")
    }

    static func imports(of text: String) throws -> [String] {
        let engine = try Engine()
        return try engine.compile(try WasmTools.parse(Array(text.utf8))).importNames(in: engine)
    }
}
