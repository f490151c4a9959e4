import Foundation
import TestSupport
import Testing

/// The executable itself: what it holds, somebody who takes it over holds too.
@Suite("The worker's program")
struct WorkerProgramTests {
    private func program(_ name: String, holds bytes: Data) throws -> Bool {
        let file = Repository.root.appending(path: ".build/release/\(name)")
        let program = try Data(contentsOf: file, options: .alwaysMapped)
        // Foundation's own search takes half a minute for a program of 60 MB.
        return unsafe program.withUnsafeBytes { program in
            guard let first = bytes.first, program.count >= bytes.count else { return false }
            return (0...program.count - bytes.count).contains { start in
                unsafe program[start] == first && program[start..<start + bytes.count].elementsEqual(bytes)
            }
        }
    }

    @Test(
        "holds no shim and no host world, though the program that composes does",
        arguments: ["attenuator.wasm", "determinist.wasm", "refused-exit.wasm", "host-world.prefix"])
    func shims(_ name: String) throws {
        let resource = try Data(
            contentsOf: Repository.root.appending(path: "Sources/Composition/Resources/\(name)"))
        #expect(try program("2cvm", holds: resource))
        // Its beginning alone would be too much: types and names that nothing else has.
        #expect(try !program("2cvm-worker", holds: resource.prefix(64)))
    }

    @Test(
        "holds no code that reads manifests or composes", arguments: ["Commitments", "Composition", "Keys", "Evidence"])
    func modules(_ name: String) throws {
        // A module's name, its length before it, is in every symbol of its own.
        let mangled = Data("$s\(name.utf8.count)\(name)".utf8)
        #expect(try program("2cvm", holds: mangled))
        #expect(try !program("2cvm-worker", holds: mangled))
    }
}
