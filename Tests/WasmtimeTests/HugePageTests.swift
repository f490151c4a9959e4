import Foundation
import TestSupport
import Testing
import Wasmtime

/// What the memory of our own making must do as the engine's does is in RunTests and OwnershipTests.
@Suite("Memory that asks for huge pages", .serialized)
struct HugePageTests {
    /// `hg` among a mapping's flags in /proc/self/smaps: MADV_HUGEPAGE was given for it.
    @Test("asks for them, and the engine's own memory does not", .enabled(if: kernelHasHugePages))
    func asks() throws {
        #expect(try made(of: 259, .hugePages).memory.isAdvised)
        #expect(try !made(of: 261, .engine).memory.isAdvised)
    }

    @Test("begins where a huge page can", .enabled(if: kernelHasHugePages))
    func isAligned() throws {
        for pages in [263, 265, 267] {
            #expect(try made(of: pages, .hugePages).memory.range.lowerBound.isMultiple(of: 2 << 20))
        }
    }

    @Test(
        "leaves guards on both sides that nobody can touch",
        arguments: [(269, MemoryBacking.hugePages), (271, .engine)])
    func isGuarded(_ pages: Int, _ backing: MemoryBacking) throws {
        let (memory, all) = try made(of: pages, backing)
        let guards = all.filter { $0.permissions == "---p" }
        let before = guards.first { $0.range.upperBound == memory.range.lowerBound }
        #expect(try #require(before).range.count >= 32 << 20)
        // All that a 32-bit address can reach, and the guard behind it.
        var end = memory.range.upperBound
        for mapping in guards where mapping.range.lowerBound == end { end = mapping.range.upperBound }
        #expect(end >= memory.range.lowerBound + (4 << 30) + (32 << 20))
    }

    /// Makes a memory of so many pages of 64 KiB, and looks at this process's mappings while it is there.
    ///
    /// Other suites make memories at the same time, so that each test has sizes of its own.
    private func made(of pages: Int, _ backing: MemoryBacking) throws -> (memory: Mapping, all: [Mapping]) {
        let text = """
            (component
              (core module $m (memory \(pages) \(pages)) (func (export "run") (result i32) i32.const 0))
              (core instance $i (instantiate $m))
              (func $run (result (result)) (canon lift (core func $i "run")))
              (instance $command (export "run" (func $run)))
              (export "wasi:cli/run@0.2.12" (instance $command)))
            """
        var bounds = Fixture.bounds
        bounds.memoryBytes = pages << 16
        let engine = try Engine(memory: backing)
        let component = try engine.compile(try WasmTools.parse(Array(text.utf8)))
        let store = try Store(engine, bounds: bounds, folders: try FolderGrants())
        var instance = try Linker(engine).instantiate(component, in: store)
        let all = try mappings()
        // The instance lives until here.
        #expect(try instance.call("run", of: "wasi:cli/run@0.2.12") == .ok)
        let found = all.filter { $0.permissions == "rw-p" && $0.range.count == pages << 16 }
        try #require(found.count == 1)
        return (found[0], all)
    }

    private func mappings() throws -> [Mapping] {
        // The file has no size that could be asked for: it is read to its end.
        let file = try FileHandle(forReadingFrom: URL(filePath: "/proc/self/smaps"))
        let text = String(decoding: try #require(try file.readToEnd()), as: UTF8.self)
        var found: [Mapping] = []
        for line in text.split(separator: "\n") {
            if let start = line.firstMatch(of: /^([0-9a-f]+)-([0-9a-f]+) (\S+)/) {
                let (low, high) = (Int(start.1, radix: 16), Int(start.2, radix: 16))
                guard let low, let high else { continue }
                found.append(Mapping(range: low..<high, permissions: String(start.3), isAdvised: false))
            } else if line.hasPrefix("VmFlags:"), let last = found.indices.last {
                found[last].isAdvised = line.split(separator: " ").contains("hg")
            }
        }
        return found
    }

    private struct Mapping {
        let range: Range<Int>
        let permissions: String
        var isAdvised: Bool
    }
}

private let kernelHasHugePages = FileManager.default.fileExists(
    atPath: "/sys/kernel/mm/transparent_hugepage/enabled")
