import Foundation
import TestSupport
import Testing
import Wasmtime

/// Whatever happens, nothing is left alive: a leaked store keeps 4 GiB of addresses, a leaked grant a descriptor.
@Suite("Ownership across the C boundary", .serialized)
struct OwnershipTests {
    /// Each binary has one memory. The bound lets other suites run their few stores at the same time.
    @Test(
        "gives back all memory, on success and on every failure",
        arguments: [
            "grows-within-the-bound", "traps-out-of-bounds", "traps-at-start", "exits-cleanly", "exits-at-start",
            "run-takes-a-parameter", "too-many-memories",
        ], MemoryBacking.allCases)
    func addressSpaceIsGivenBack(_ name: String, _ memory: MemoryBacking) throws {
        let binary = try ComponentText(named: "Runs/\(name)").binary()
        let rounds = 40
        let before = try addressSpacePages()
        for _ in 0..<rounds { _ = try? Fixture.run(binary, memory: memory) }
        let growth = (try addressSpacePages() - before) * 4096
        #expect(growth < rounds * (4 << 30) / 2, "grew by \(growth) bytes in \(rounds) rounds")
    }

    @Test("closes granted folders, used or not")
    func descriptorsAreClosed() throws {
        let folder = FileManager.default.temporaryDirectory.path
        try grant(folder, times: 1)
        let before = try openDescriptors()
        try grant(folder, times: 50)
        #expect(try openDescriptors() - before < 20)
    }

    @Test("keeps what an instance needs when the engine and the component are gone")
    func instanceOutlivesItsMakers() throws {
        var instance = try orphan(try ComponentText(named: "Runs/calls-another-component").binary())
        for _ in 0..<100 {
            let answer = try instance.call("run", of: "wasi:cli/run@0.2.12")
            #expect(answer == .ok)
        }
    }

    @Test("refuses a folder that is absent, empty or holds a NUL", arguments: ["/absent/folder", "", "/tmp\0/x"])
    func refusesFolder(_ folder: String) {
        #expect(throws: EngineError.folderUnavailable(folder)) {
            var grants = try FolderGrants()
            try grants.grant(folder, as: "name", .read)
        }
    }

    @Test("refuses a granted name that holds a NUL")
    func refusesName() {
        #expect(throws: EngineError.folderUnavailable("/tmp")) {
            var grants = try FolderGrants()
            try grants.grant("/tmp", as: "a\0b", .write)
        }
    }

    private func orphan(_ binary: [UInt8]) throws -> Instance {
        let engine = try Engine()
        let store = try Store(engine, bounds: Fixture.bounds, folders: try FolderGrants())
        return try Linker(engine).instantiate(try engine.compile(binary), in: store)
    }

    private func grant(_ folder: String, times: Int) throws {
        for round in 0..<times {
            var grants = try FolderGrants()
            for _ in 0..<5 { try grants.grant(folder, as: "name", .read) }
            if round.isMultiple(of: 2) { _ = try Store(Engine(), bounds: Fixture.bounds, folders: grants) }
        }
    }

    private func addressSpacePages() throws -> Int {
        let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        let total = try #require(text.split(separator: " ").first)
        return try #require(Int(total))
    }

    private func openDescriptors() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
    }
}
