import Composition
import Foundation
import Primitives
import TestSupport
import Testing
import Wasmtime
import WorkerJob

/// The reader and the engine, shown the same damaged bytes: what both take must mean the same to both.
@Suite("Reader and engine")
struct DifferentialTests {
    @Test("agree on imports, instances, memories and tables, whatever is damaged", arguments: 0..<16 as Range<UInt64>)
    func agreement(_ seed: UInt64) throws {
        var random = Damage(seed: seed)
        let engine = try Engine()
        let originals = try Self.originals()
        var both = 0
        for _ in 0..<300 where try compare(random.damaged(originals), in: engine) { both += 1 }
        #expect(both > 0)
    }

    /// Whether both took `bytes`.
    private func compare(_ bytes: [UInt8], in engine: borrowing Engine) throws -> Bool {
        guard let ours = try? ComponentDescription(of: bytes) else { return false }
        do {
            let names = try Self.importNames(of: bytes, in: engine)
            #expect(names == ours.binary.imports.map { "\($0.name)" })
        } catch .refused {
            return false
        } catch {
            throw error
        }
        do {
            try Self.instantiate(bytes, within: StoreBounds(ours), in: engine)
        } catch .notInstantiated(let words) {
            // With the reader's counts as the store's bounds, nothing that the engine makes may meet a bound.
            let said = words.description
            #expect(!said.contains("limit") && !said.contains("too high"), "\(said)")
        } catch .exited {
            return true
        } catch {
            throw error
        }
        return true
    }

    private static func importNames(
        of bytes: [UInt8], in engine: borrowing Engine
    ) throws(EngineError) -> [String] {
        let component = try engine.compile(bytes)
        return try component.importNames(in: engine)
    }

    private static func instantiate(
        _ bytes: [UInt8], within bounds: StoreBounds, in engine: borrowing Engine
    ) throws(EngineError) {
        let component = try engine.compile(bytes)
        let linker = try Linker(engine)
        let store = try Store(engine, bounds: bounds, folders: try FolderGrants())
        let instance = try linker.instantiate(component, in: store)
        _ = consume instance
    }

    @Test("are compared by bounds that are met: one memory less, and an undamaged component fails")
    func boundsCount() throws {
        let binary = try Self.shim("attenuator")
        var bounds = StoreBounds(try ComponentDescription(of: binary))
        bounds.memories -= 1
        #expect(throws: EngineError.self) { try Self.instantiate(binary, within: bounds, in: Engine()) }
    }

    private static func originals() throws -> [[UInt8]] {
        let texts = try ComponentText.all(in: "Reading").filter { $0.description.hasPrefix("accepts") }
        return try texts.map { try $0.binary() } + [try shim("determinist")]
    }

    private static func shim(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: Repository.root.appending(path: "Sources/Composition/Resources/\(name).wasm")))
    }
}

extension StoreBounds {
    /// No more than the reader saw.
    fileprivate init(_ read: ComponentDescription) {
        self.init(
            memoryBytes: (read.memories.map(\.minimum).max() ?? 0) * 65_536,
            tableElements: read.tables.map(\.minimum).max() ?? 0,
            instances: read.binary.coreInstanceCount + 2 * read.binary.componentInstanceCount,
            tables: read.tables.reduce(0) { $0 + $1.instanceCount },
            memories: read.memories.reduce(0) { $0 + $1.instanceCount })
    }
}

/// Damage that can be repeated.
private struct Damage {
    private var numbers: SeededNumbers

    init(seed: UInt64) {
        numbers = SeededNumbers(seed: seed)
    }

    /// One of `originals` with a byte or two changed, or a byte moved.
    mutating func damaged(_ originals: [[UInt8]]) -> [UInt8] {
        var bytes = originals[Int.random(in: 0..<originals.count, using: &numbers)]
        guard bytes.count > 9 else { return bytes }
        for _ in 0..<Int.random(in: 1...2, using: &numbers) {
            let index = Int.random(in: 8..<bytes.count, using: &numbers)
            switch Int.random(in: 0..<3, using: &numbers) {
            case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &numbers)
            case 1: bytes[index] = UInt8.random(in: 0..<0x80, using: &numbers)
            default: bytes[index] = bytes[Int.random(in: 8..<bytes.count, using: &numbers)]
            }
        }
        return bytes
    }
}
