import Composition
import Foundation
import TestSupport
import Testing
import Wasmtime

/// The checked-in host world, as composing reads it and as the engine does.
@Suite("The host world")
struct HostWorldTests {
    private static let bounds = StoreBounds(memoryBytes: 0, tableElements: 0, instances: 10, tables: 0, memories: 0)

    /// Sections alone, since composing puts them behind a preamble of its own.
    private func sections() throws -> [UInt8] {
        let file = Repository.root.appending(path: "Sources/Composition/Resources/host-world.prefix")
        return [UInt8](try Data(contentsOf: file))
    }

    private func binary() throws -> [UInt8] {
        [0x00, 0x61, 0x73, 0x6D, 0x0D, 0x00, 0x01, 0x00] + (try sections())
    }

    @Test("has the names that the engine finds in it, in the same order")
    func names() throws {
        let binary = try binary()
        let engine = try Engine()
        let names = try engine.compile(binary).importNames(in: engine)
        #expect(names == (try HostWorld(sections: sections()).names))
    }

    @Test("has nothing that the engine does not provide with the same types")
    func isProvided() throws {
        let engine = try Engine()
        let store = try Store(engine, bounds: Self.bounds, folders: try FolderGrants())
        _ = try Linker(engine).instantiate(try engine.compile(try binary()), in: store)
    }

    @Test("has no HTTP")
    func noHTTP() throws {
        let names = try HostWorld(sections: sections()).names
        #expect(!names.contains { $0.hasPrefix("wasi:http") })
    }
}
